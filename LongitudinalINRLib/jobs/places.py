"""Inputs and output apart from each other: a job must never write among the scans of a person."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePath

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.place import on_disk
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import input_files
from LongitudinalINRLib.jobs.request import Request


def refuse_nested(request: Request, folder: JobFolder) -> None:
    """Refuse inputs inside the output folder, and an output folder inside an input folder.

    Copies that a front put into the folder are told by their relative paths, which begin with `inputs`.

    Raises
    ------
    InputError
        Naming the input.
    """
    for name, text in input_files(request).items():
        _refuse_place(name, folder.resolve(text), folder, may_be_inside=_is_copy(text))


def refuse_nested_scans(paths: Sequence[Path], folder: JobFolder) -> None:
    """Refuse scans as `refuse_nested` does, before anybody searches their folders for series.

    Raises
    ------
    InputError
        Naming the scan.
    """
    for index, path in enumerate(paths):
        _refuse_place(f"scan-{index}", path.absolute(), folder, may_be_inside=False)


def _refuse_place(name: str, path: Path, folder: JobFolder, *, may_be_inside: bool) -> None:
    output = Path(os.path.realpath(folder.path))
    path = Path(os.path.realpath(on_disk(path)))
    if output == path or output in path.parents:
        if not may_be_inside:
            raise _refusal(name, "an input inside the output folder", folder)
    elif path in output.parents and path.is_dir():
        raise _refusal(name, "an output folder inside an input folder", folder)


def _is_copy(text: str) -> bool:
    path = PurePath(text)
    return path.parts[:1] == ("inputs",) and ".." not in path.parts


def _refusal(name: str, found: str, folder: JobFolder) -> InputError:
    return InputError(
        "input-in-output",
        f"The input {name} and the output folder {folder.path.name} lie in each other.",
        expected="an output folder apart from every scan",
        found=found,
        advice="Choose an output folder of its own.",
    )
