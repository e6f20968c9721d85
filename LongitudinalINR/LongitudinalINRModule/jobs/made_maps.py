"""Maps for a result that keeps its model alone: made when they are looked at, and gone afterwards."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import MAPS_OF_SCANS, MapName
from LongitudinalINRModule.background.child_process import ChildProcess
from LongitudinalINRModule.background.python_process import slicer_python
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.result.result_files import ResultFiles

POLL_SECONDS = 0.05


def keeps_maps(files: ResultFiles) -> bool:
    """Tell whether a job was asked for maps that a scene can show."""
    return "jacobian" in files.maps


def making_maps(files: ResultFiles, place: Path) -> Steps[ResultFiles]:
    """Make the maps of a result from its model, in another process.

    Parameters
    ----------
    files : ResultFiles
        Of a finished job; nothing in its folder changes.
    place : Path
        An empty folder for the maps.

    Returns
    -------
    ResultFiles
        The same, with maps.

    Raises
    ------
    InputError
        They could not be made.
    """
    command = [
        slicer_python(),
        "-m",
        "LongitudinalINRModule.jobs.map_making",
        str(files.folder.path),
        str(place),
    ]
    process = ChildProcess(command, place / "making.log")
    try:
        while process.exit_code is None:
            yield partial(time.sleep, POLL_SECONDS)
        if process.exit_code != 0:
            raise _not_made(process.log)
    finally:
        process.end()
    months = files.request.months
    outputs = replace(files.request.outputs, maps_at_months=months)
    made = replace(files, request=replace(files.request, outputs=outputs), maps_folder=place)
    everything: tuple[MapName, ...] = get_args(MapName)
    names = tuple(name for name in everything if _is_whole(made, name))
    return replace(made, request=replace(files.request, outputs=replace(outputs, maps=names)))


def new_place() -> tempfile.TemporaryDirectory[str]:
    """Make a folder for maps; `cleanup` removes it."""
    return tempfile.TemporaryDirectory(
        prefix="maps-", dir=slicer.app.temporaryPath, ignore_cleanup_errors=True
    )


def _is_whole(files: ResultFiles, name: MapName) -> bool:
    months = files.request.months[1:] if name in MAPS_OF_SCANS else files.request.months
    return all(files.path(name, month).exists() for month in months)


def _not_made(log: str) -> InputError:
    lines = log.strip().splitlines()
    try:
        content = json.loads(lines[-1])
    except (IndexError, ValueError):
        content = {}
    return InputError(
        str(content.get("code", "maps-not-made")),
        str(content.get("message", "The maps could not be made from the model.")),
        expected=str(content.get("expected", "a result whose model can be read")),
        found=str(content.get("found", lines[-1] if lines else "no answer")),
        advice=str(content.get("advice", "Run the job again and keep its maps.")),
    )
