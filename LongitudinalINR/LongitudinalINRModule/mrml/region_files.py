"""The tables of regions that a job wrote, brought into the scene."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from LongitudinalINRLib.analysis.tables import read_table
from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.plots import Colour
from LongitudinalINRModule.mrml.result import REGIONS_ROLE, TRAJECTORIES_ROLE, Result
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.mrml.tables import fill_table

COLOURS_ATTRIBUTE = "LongitudinalINR.RegionColours"


def load_regions(
    result: Result, regions_csv: Path, trajectories_csv: Path, colours: Mapping[str, Colour] | None = None
) -> None:
    """Bring the tables of a finished job into the scene, where a bundle keeps them.

    Parameters
    ----------
    result : Result
        Gets the tables, or has them replaced.
    regions_csv, trajectories_csv : Path
        Written by the job: the regions at the months of the maps, and over time.
    colours : mapping of str to tuple, optional
        Colour of each region by name, for example those of the segments.

    Raises
    ------
    InputError
        If a file is missing or lacks a column.
    """
    for role, name, path in (
        (REGIONS_ROLE, "Regions", regions_csv),
        (TRAJECTORIES_ROLE, "Regions over time", trajectories_csv),
    ):
        columns = _read(path)
        browser = result.browser
        node = browser.GetNodeReference(role)
        if node is None:
            title = f"{browser.GetName()}: {name}"
            node = result.scene.AddNewNodeByClass("vtkMRMLTableNode", title)
            browser.SetNodeReferenceID(role, node.GetID())
        fill_table(node, columns)
        node.SetAttribute(COLOURS_ATTRIBUTE, json.dumps(dict(colours or {})))
        place_beside(result.scene, node, browser)


def _read(path: Path) -> dict[str, list[str] | list[float]]:
    try:
        rows = read_table(path)
    except OSError as error:
        raise InputError(
            "regions-missing",
            f"The table {path.name} cannot be read.",
            expected="a table written by the job",
            found=error.strerror or str(error),
            advice="Run the job again with a segmentation.",
        ) from error
    missing = {"region", "months", "volume_change_percent"} - set(rows[0] if rows else ())
    if missing:
        raise InputError(
            "regions-columns",
            f"The table {path.name} is not one of regions.",
            expected="columns region, months, volume_change_percent and more",
            found="without " + ", ".join(sorted(missing)),
            advice="Choose the output folder of a finished job.",
        )
    return {name: _column([row[name] for row in rows]) for name in rows[0]}


def _column(texts: list[str]) -> list[str] | list[float]:
    """Return a column as numbers, empty cells as NaN, or as it is where it holds anything else."""
    try:
        return [float(text) if text else np.nan for text in texts]
    except ValueError:
        return texts
