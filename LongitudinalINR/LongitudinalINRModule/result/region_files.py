"""The tables of regions that a job wrote, brought into the scene."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.tables import unguarded
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import LONGEST_MONTHS
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.mrml.tables import fill_table, has_column, numbers_of
from LongitudinalINRModule.result.region_colours import colours_from_json, colours_to_json
from LongitudinalINRModule.result.regions import labels_of, regions_of
from LongitudinalINRModule.result.result import REGIONS_ROLE, TRAJECTORIES_ROLE, SceneResult, damaged
from LongitudinalINRModule.stored_documents import read_regular, shown

COLOURS_ATTRIBUTE = "LongitudinalINR.RegionColours"
MOST_ROWS = 50_000
_LARGEST_LABEL = 2**31

Columns = dict[str, list[str] | NDArray[np.generic]]

_TEXTS = ("region", "kind", "within_noise", "interval_scanner")
_TRAJECTORY = ("region", "label", "months", "volume_change_percent")
_REGION = (*_TRAJECTORY, "rate_percent_per_year", "sign_consistency", "baseline_volume_ml")


def load_regions(result: SceneResult, regions_csv: Path, trajectories_csv: Path, colours: Any = None) -> None:
    """Bring the tables of a finished job into the scene, where a bundle keeps them.

    Parameters
    ----------
    result : SceneResult
        Gets the tables, or has them replaced.
    regions_csv, trajectories_csv : Path
        Written by the job: the regions at the months of the maps, and over time.
    colours : optional
        Colours of the regions as `region_colours.colours_to_json` makes them, or as earlier versions kept
        them.

    Raises
    ------
    InputError
        If a file is missing, lacks a column or is damaged, or the colours are; nothing is then added.
    """
    keep_regions(result, (read_regions(regions_csv), read_trajectories(trajectories_csv)), colours)


def keep_regions(result: SceneResult, tables: tuple[Columns, Columns], colours: Any = None) -> None:
    """Bring tables that were read into the scene: regions, and regions over time (see `load_regions`)."""
    browser = result.browser
    of_roles = ((REGIONS_ROLE, "Regions"), (TRAJECTORIES_ROLE, "Regions over time"))
    for (role, name), columns in zip(of_roles, tables, strict=True):
        node = browser.GetNodeReference(role)
        if node is None:
            title = f"{browser.GetName()}: {name}"
            node = result.scene.AddNewNodeByClass("vtkMRMLTableNode", title)
            browser.SetNodeReferenceID(role, node.GetID())
        fill_table(node, columns)
        place_beside(result.scene, node, browser)
    text = json.dumps(colours_to_json(colours_from_json(colours, regions_of(result))))
    for node in result.tables:
        node.SetAttribute(COLOURS_ATTRIBUTE, text)


def read_regions(path: Path) -> Columns:
    """Return the columns of ``regions.csv``.

    Raises
    ------
    InputError
        It is missing or is not such a table.
    """
    columns = _read(path, _REGION)
    fault = _too_short(columns)
    if fault:
        raise _damaged(path, fault)
    return columns


def read_trajectories(path: Path) -> Columns:
    """Return the columns of ``trajectories.csv``.

    Raises
    ------
    InputError
        It is missing or is not such a table.
    """
    return _read(path, _TRAJECTORY)


def check_tables(result: SceneResult) -> None:
    """Refuse tables of regions in a scene that lack what is shown; a result without any is none worse.

    Raises
    ------
    InputError
        A column is missing or holds text, or a region lacks what is needed to draw it.
    """
    for role, needed in ((REGIONS_ROLE, _REGION), (TRAJECTORIES_ROLE, _TRAJECTORY)):
        node = result.browser.GetNodeReference(role)
        if node is None:
            continue
        if not node.IsA("vtkMRMLTableNode"):
            raise damaged("tables of regions that are none")
        wanted = [name for name in needed if name != "label" or has_column(node, name)]
        if not all(has_column(node, name) for name in wanted) or node.GetNumberOfRows() > MOST_ROWS:
            raise damaged(f"a table {shown(node.GetName() or '')} that is not one of regions")
        try:
            columns: Columns = {name: numbers_of(node, name) for name in wanted if name not in _TEXTS}
        except ValueError as error:
            raise damaged("text where a table of regions has numbers") from error
        columns["label"] = labels_of(node)
        fault = _fault(columns) or (role == REGIONS_ROLE and _too_short(columns))
        if fault:
            raise damaged(f"a table of regions with {fault}")


def _read(path: Path, needed: tuple[str, ...]) -> Columns:
    try:
        text = read_regular(path).decode("utf-8")
        header, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except (ValueError, csv.Error) as error:
        raise _damaged(path, str(error)) from error
    missing = [name for name in needed if name not in header]
    if missing:
        raise _damaged(path, "without " + ", ".join(missing))
    if len(set(header)) < len(header) or any(len(row) != len(header) for row in rows):
        raise _damaged(path, "rows that do not go with the heading")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise _damaged(path, f"{len(rows)} rows")
    columns: Columns = {name: _column(name, [row[i] for row in rows]) for i, name in enumerate(header)}
    words = [name for name in needed if name not in _TEXTS and isinstance(columns[name], list)]
    fault = f"text in {', '.join(words)}" if words else _fault({name: columns[name] for name in needed})
    if fault:
        raise _damaged(path, fault)
    columns["label"] = np.asarray(columns["label"], np.int32)
    return columns


def _column(name: str, texts: list[str]) -> list[str] | NDArray[np.float64]:
    """Return a column as numbers, empty cells as NaN, or as it is where it holds anything else."""
    if name in _TEXTS:
        return [unguarded(text) for text in texts]
    try:
        return np.array([float(text) if text else np.nan for text in texts])
    except ValueError:
        return texts


def _fault(columns: Columns) -> str:
    """Say what is wrong with the numbers of a table; empty where nothing is."""
    if any(np.isinf(np.asarray(values)).any() for name, values in columns.items() if name not in _TEXTS):
        return "an infinite number"
    labels, months = np.asarray(columns["label"]), np.asarray(columns["months"])
    if not ((np.abs(labels) < _LARGEST_LABEL) & (labels == np.round(labels))).all():
        return "labels that are no whole numbers"
    if not ((months >= 0) & (months <= LONGEST_MONTHS)).all():
        return "months that cannot be"
    if len(set(zip(labels.tolist(), months.tolist(), strict=True))) < len(months):
        return "a region twice at a month"
    return ""


def _too_short(columns: Columns) -> str:
    counts = np.unique(np.asarray(columns["label"]), return_counts=True)[1]
    return "a region at a single month" if (counts < 2).any() else ""


def _damaged(path: Path, found: str) -> InputError:
    return InputError(
        "regions-columns",
        f"The table {path.name} is not one of regions.",
        expected=f"up to {MOST_ROWS} rows with region, label, months, volume_change_percent and more",
        found=shown(found),
        advice="Choose the output folder of a finished job, or run the job again with a segmentation.",
    )
