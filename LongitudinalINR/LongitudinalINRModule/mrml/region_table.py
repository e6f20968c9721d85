"""The regions: what each lost or gained, at the slider's time and over time."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.plots import Colour, TimeCurve, update_chart
from LongitudinalINRModule.mrml.result import REGIONS_ROLE, TRAJECTORIES_ROLE, Result
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.mrml.tables import fill_table, numbers_of, texts_of
from LongitudinalINRModule.mrml.time_interpolation import cubic_rate_weights, cubic_weights

TEXT_COLUMNS = ("region", "kind")
COLOURS_ATTRIBUTE = "LongitudinalINR.RegionColours"
_PALETTE: tuple[Colour, ...] = (
    (0.12, 0.47, 0.71),
    (0.84, 0.15, 0.16),
    (0.17, 0.63, 0.17),
    (1.00, 0.50, 0.05),
    (0.58, 0.40, 0.74),
    (0.55, 0.34, 0.29),
    (0.89, 0.47, 0.76),
    (0.09, 0.75, 0.81),
)


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


def region_names(result: Result) -> list[str]:
    """Return the regions in the order of the table; empty where the result has none."""
    node = result.browser.GetNodeReference(REGIONS_ROLE)
    return [] if node is None else list(dict.fromkeys(texts_of(node, "region")))


def update_table_at(result: Result, months: float):
    """Show every region at a month: volume change, percent per year, rate, sign consistency and volume.

    Returns
    -------
    vtkMRMLTableNode
        The same node each time.

    Raises
    ------
    KeyError
        If the result has no regions.
    """
    courses = _courses(result)
    change = np.array([course.change_percent(months) for course in courses])
    columns = {
        "Region": [course.name for course in courses],
        "Volume change (%)": change,
        "Mean (% per year)": change / (months / 12.0) if months > 0 else np.full(len(courses), np.nan),
        "Rate (% per year)": np.array([course.rate_percent_per_year(months) for course in courses]),
        "Sign consistency": np.array([course.sign_consistency for course in courses]),
        "Volume (mL)": np.array([course.baseline_ml for course in courses]) * (1.0 + change / 100.0),
    }
    role = f"regions now of {result.browser.GetID()}"
    table = ensure_node(result.scene, "vtkMRMLTableNode", role, f"{result.browser.GetName()}: regions now")
    fill_table(table, columns)
    return table


def plot_regions(result: Result, names: Sequence[str]):
    """Draw the volume change of regions over time, in the colours of their segments.

    Returns
    -------
    vtkMRMLPlotChartNode
        The same node each time.

    Raises
    ------
    KeyError
        If the result has no regions.
    """
    node = _table(result, TRAJECTORIES_ROLE)
    given = json.loads(node.GetAttribute(COLOURS_ATTRIBUTE) or "{}")
    regions, months = np.array(texts_of(node, "region")), numbers_of(node, "months")
    change = numbers_of(node, "volume_change_percent")
    times = np.unique(months)
    curves = []
    for index, name in enumerate(names):
        own = regions == name
        colour = tuple(given.get(name, _PALETTE[index % len(_PALETTE)]))
        curves.append(TimeCurve(name, np.interp(times, months[own], change[own]), colour))
    role = f"regions of {result.browser.GetID()}"
    return update_chart(
        result.scene, role, "Volume change of regions", "Percent", times, curves, result.observed_months
    )


class _Course:
    """One region between the months of the table: cubic, as its mean |J| and mean rate are both known."""

    def __init__(self, name: str, columns: Mapping[str, NDArray[np.float64]]):
        self.name = name
        self._months = tuple(columns["months"])
        self._change = columns["volume_change_percent"]
        self._rate = columns["rate_percent_per_year"]
        self.sign_consistency = float(columns["sign_consistency"][-1])
        self.baseline_ml = float(columns["baseline_volume_ml"][0])

    def change_percent(self, months: float) -> float:
        return self._combine(cubic_weights(self._months, months))

    def rate_percent_per_year(self, months: float) -> float:
        return 12.0 * self._combine(cubic_rate_weights(self._months, months))

    def _combine(self, weights) -> float:
        pair = slice(weights.first, weights.first + 2)
        per_month = self._rate[pair] / 12.0
        return float(np.dot(weights.values, self._change[pair]) + np.dot(weights.rates, per_month))


def _courses(result: Result) -> list[_Course]:
    node = _table(result, REGIONS_ROLE)
    regions = np.array(texts_of(node, "region"))
    names = (
        "months",
        "volume_change_percent",
        "rate_percent_per_year",
        "sign_consistency",
        "baseline_volume_ml",
    )
    columns = {name: numbers_of(node, name) for name in names}
    courses = []
    for region in dict.fromkeys(regions.tolist()):
        own = np.flatnonzero(regions == region)
        own = own[np.argsort(columns["months"][own])]
        courses.append(_Course(region, {name: values[own] for name, values in columns.items()}))
    return courses


def _table(result: Result, role: str):
    node = result.browser.GetNodeReference(role)
    if node is None:
        raise KeyError("The result has no regions: it was made without a segmentation.")
    return node


def _read(path: Path) -> dict[str, list[str] | list[float]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
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
    return {
        name: [row[name] for row in rows]
        if name in TEXT_COLUMNS
        else [float(row[name]) if row[name] else np.nan for row in rows]
        for name in rows[0]
    }
