"""The regions: what each lost or gained, at the slider's time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.wording import centile_text
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.mrml.tables import fill_table, has_column, numbers_of, texts_of
from LongitudinalINRModule.result.regions import Region, labels_of, regions_of
from LongitudinalINRModule.result.result import REGIONS_ROLE, SceneResult
from LongitudinalINRModule.result.time_interpolation import Weights, cubic_rate_weights, cubic_weights

if TYPE_CHECKING:
    import slicer

_NEEDED = (
    "months",
    "volume_change_percent",
    "rate_percent_per_year",
    "sign_consistency",
    "baseline_volume_ml",
)
_CENTILES = ("centile", "centile_low", "centile_high")
_OPTIONAL = ("interval_points", *_CENTILES)

CENTILE_TITLE = "Centile (of its interval), last scan"


def update_table_at(result: SceneResult, months: float) -> slicer.vtkMRMLTableNode:
    """Show every region at a month: volume change, percent per year, rate, sign consistency and volume.

    The numbers are rounded to be read; what is exported is what the job wrote. The columns of intervals
    and of centiles among healthy people are there where the job told them.

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
    interval = np.array([course.interval_points(months) for course in courses])
    volume_ml = np.array([course.baseline_ml for course in courses]) * (1.0 + change / 100.0)
    columns: dict[str, Any] = {"Region": [course.title for course in courses]}
    columns["Change (%)"] = _rounded(change, 2)
    if not np.isnan(interval).all():
        columns[_interval_title(result)] = _rounded(interval, 2)
    # At the baseline there is no year to share the change over: an empty cell reads better than "nan".
    columns["Mean (% per year)"] = _rounded(change * 12.0 / months, 2) if months > 0 else [""] * len(courses)
    columns["Rate (% per year)"] = _rounded([course.rate_percent_per_year(months) for course in courses], 2)
    columns["Sign consistency"] = _rounded([course.sign_consistency for course in courses], 2)
    columns["Volume (mL)"] = _rounded(volume_ml, 3)
    if any(course.centile_text for course in courses):
        columns[CENTILE_TITLE] = [course.centile_text for course in courses]
    role = f"regions now of {result.browser.GetID()}"
    table = ensure_node(result.scene, "vtkMRMLTableNode", role, f"{result.browser.GetName()}: regions now")
    fill_table(table, columns)
    return table


def _interval_title(result: SceneResult) -> str:
    """Name the intervals, and which they are where the job told that."""
    node = result.table(REGIONS_ROLE)
    told = texts_of(node, "interval_scanner") if has_column(node, "interval_scanner") else []
    which = next(filter(None, told), "")
    return f"± (90 % interval, {which})" if which else "± (90 % interval)"


def _rounded(values: Sequence[float] | NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    return np.round(values, decimals) + 0.0  # makes -0.0 a plain 0


class _Course:
    """One region between the months of the table: cubic, as its mean |J| and mean rate are both known."""

    def __init__(self, region: Region, columns: Mapping[str, NDArray[np.float64]]):
        self.title = region.title
        self._months = tuple(columns["months"])
        self._change = columns["volume_change_percent"]
        self._rate = columns["rate_percent_per_year"]
        self.sign_consistency = float(columns["sign_consistency"][-1])
        self.baseline_ml = float(columns["baseline_volume_ml"][0])
        self._interval = columns.get("interval_points")
        self._centiles = _centiles(columns)

    @property
    def centile_text(self) -> str:
        """Where the annual change up to the last scan lies among healthy people; empty without norms."""
        return centile_text(*self._centiles) if self._centiles else ""

    def change_percent(self, months: float) -> float:
        return self._combine(cubic_weights(self._months, months))

    def rate_percent_per_year(self, months: float) -> float:
        return 12.0 * self._combine(cubic_rate_weights(self._months, months))

    def interval_points(self, months: float) -> float:
        """Half-width of the interval of the change, in percentage points; NaN where it is not told."""
        return np.nan if self._interval is None else float(np.interp(months, self._months, self._interval))

    def _combine(self, weights: Weights) -> float:
        pair = slice(weights.first, weights.first + 2)
        per_month = self._rate[pair] / 12.0
        return float(np.dot(weights.values, self._change[pair]) + np.dot(weights.rates, per_month))


def _centiles(columns: Mapping[str, NDArray[np.float64]]) -> list[float | None]:
    """Return the centile of a region's annual change and those of its interval; nothing without norms."""
    if "centile" not in columns or np.isnan(columns["centile"]).all():
        return []
    row = np.flatnonzero(~np.isnan(columns["centile"]))[-1]
    told = [float(columns[name][row]) if name in columns else np.nan for name in _CENTILES]
    return [None if np.isnan(value) else value for value in told]


def _courses(result: SceneResult) -> list[_Course]:
    node = result.table(REGIONS_ROLE)
    labels = labels_of(node)
    names = [*_NEEDED, *(name for name in _OPTIONAL if has_column(node, name))]
    columns = {name: numbers_of(node, name) for name in names}
    courses = []
    for region in regions_of(result):
        own = np.flatnonzero(labels == region.label)
        own = own[np.argsort(columns["months"][own])]
        courses.append(_Course(region, {name: values[own] for name, values in columns.items()}))
    return courses
