"""Regions over time, with what they may be off by, and the point that is probed among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRModule.display.plots import TimeCurve, update_chart
from LongitudinalINRModule.display.probe import change_percent_at
from LongitudinalINRModule.mrml.colour import Colour
from LongitudinalINRModule.mrml.tables import has_column, numbers_of
from LongitudinalINRModule.result.region_colours import colours_from_attribute
from LongitudinalINRModule.result.region_files import COLOURS_ATTRIBUTE
from LongitudinalINRModule.result.regions import labels_of, regions_of
from LongitudinalINRModule.result.result import REGIONS_ROLE, TRAJECTORIES_ROLE, SceneResult

if TYPE_CHECKING:
    import slicer

# More lines than those of so many regions cannot be told apart.
MOST_WITH_INTERVALS = 2
_PROBE_COLOUR: Colour = (0.15, 0.15, 0.15)
# Neither red nor blue, which on a map tell of change: regions are outlined there in the same colours.
_PALETTE: tuple[Colour, ...] = (
    (0.13, 0.65, 0.20),
    (1.00, 0.55, 0.05),
    (0.78, 0.25, 0.78),
    (0.05, 0.70, 0.72),
    (0.60, 0.58, 0.05),
    (0.55, 0.34, 0.29),
    (0.95, 0.50, 0.70),
    (0.45, 0.45, 0.45),
)


def plot_regions(
    result: SceneResult, labels: Sequence[int], point_ras: Sequence[float] | None = None
) -> slicer.vtkMRMLPlotChartNode:
    """Draw the volume change of regions over time, in the colours of their segments.

    Of one or two regions the interval is drawn too, where the job told it.

    Parameters
    ----------
    result : SceneResult
        Has the regions.
    labels : sequence of int
        Which regions to draw.
    point_ras : sequence of float, optional
        A point whose course is drawn among them, RAS mm.

    Returns
    -------
    vtkMRMLPlotChartNode
        The same node each time.

    Raises
    ------
    KeyError
        If the result has no regions.
    InputError
        If the point was not measured.
    """
    node = result.table(TRAJECTORIES_ROLE)
    titles = {region.label: region.title for region in regions_of(result)}
    colours = region_colours(result, labels)
    row_labels, months = labels_of(node), numbers_of(node, "months")
    change = numbers_of(node, "volume_change_percent")
    times = np.unique(months)
    curves = []
    for label in labels:
        own = row_labels == label
        if own.any():
            course = np.interp(times, months[own], change[own])
            interval = _interval(result, label, times) if len(labels) <= MOST_WITH_INTERVALS else None
            curves.append(TimeCurve(titles[label], course, colours[label], interval))
    if point_ras is not None:
        at_point = change_percent_at(result, point_ras, times)
        curves.append(TimeCurve("Point under the crosshair", at_point, _PROBE_COLOUR))
    role = f"regions of {result.browser.GetID()}"
    return update_chart(
        result.scene, role, "Volume change of regions", "Percent", times, curves, result.observed_months
    )


def region_colours(result: SceneResult, labels: Sequence[int]) -> dict[int, Colour]:
    """Return the colours of regions by label: those of their segments, else of a palette in their order."""
    text = result.table(TRAJECTORIES_ROLE).GetAttribute(COLOURS_ATTRIBUTE)
    given = colours_from_attribute(text, regions_of(result))
    return {label: given.get(label, _PALETTE[index % len(_PALETTE)]) for index, label in enumerate(labels)}


def _interval(result: SceneResult, label: int, times: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the half-width of a region's interval in percentage points, None where it is not told."""
    node = result.table(REGIONS_ROLE)
    if not has_column(node, "interval_points"):
        return None
    own = labels_of(node) == label
    months, half_width = numbers_of(node, "months")[own], numbers_of(node, "interval_points")[own]
    if np.isnan(half_width).all():
        return None
    order = np.argsort(months)
    return np.interp(times, months[order], half_width[order])
