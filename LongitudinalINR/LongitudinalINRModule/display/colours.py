"""Diverging colours: blue for contraction, red for expansion, nothing around no change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer
from numpy.typing import NDArray

from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.result.quantities import Quantity

COLOUR_COUNT = 256
# Slicer fits the legend's letters into its height divided by the number of colours: few enough to be read.
LEGEND_COUNT = 13
LEGEND_COLOURS_PER_LABEL = 3
UNLABELLED = " "
# Share of the range over which the colours come in beside the neutral band. A hard edge would look like a
# border in the anatomy.
FADE_FRACTION = 0.1

# From no change to the end of the range: close to grey anatomy at first, because a view that shows a colour
# either fully or not at all (see `graded_opacity`) has a softer edge then, and vivid at the ends.
_CONTRACTION = ((0.52, 0.62, 0.76), (0.27, 0.55, 0.95), (0.05, 0.20, 0.95))
_EXPANSION = ((0.78, 0.62, 0.52), (0.96, 0.45, 0.25), (0.88, 0.05, 0.08))
_NEUTRAL = (0.15, 0.15, 0.15)


def diverging_rgba(positions: NDArray[np.float64], neutral_fraction: float) -> NDArray[np.float64]:
    """Return the colours of changes.

    Parameters
    ----------
    positions : ndarray, shape (N,)
        Where each change lies in the range: -1 the strongest contraction, 1 the strongest expansion.
    neutral_fraction : float
        Share of the range around its middle that is transparent, 0 to 1; beside it the opacity rises to 1
        over `FADE_FRACTION`.

    Returns
    -------
    ndarray, shape (N, 4)
        Red, green, blue and opacity, 0 to 1.

    Raises
    ------
    ValueError
        If the fraction is not between 0 and 1.
    """
    if not 0.0 <= neutral_fraction <= 1.0:
        raise ValueError(f"The neutral band covers {neutral_fraction:g} of the range; expected 0 to 1.")
    distance = np.abs(positions)
    stops = np.linspace(0.0, 1.0, len(_EXPANSION))
    rgba = np.empty((len(positions), 4))
    for channel in range(3):
        blue = np.interp(distance, stops, [colour[channel] for colour in _CONTRACTION])
        red = np.interp(distance, stops, [colour[channel] for colour in _EXPANSION])
        rgba[:, channel] = np.where(positions < 0, blue, red)
    rgba[:, 3] = np.clip((distance - neutral_fraction) / FADE_FRACTION, 0.0, 1.0)
    return rgba


def legend_rgba(positions: NDArray[np.float64], neutral_fraction: float) -> NDArray[np.float64]:
    """Return the same colours on a dark ground, opaque: legends show no opacity; shape (N, 4)."""
    rgba = diverging_rgba(positions, neutral_fraction)
    opacity = rgba[:, 3:]
    rgba[:, :3] = opacity * rgba[:, :3] + (1.0 - opacity) * np.array(_NEUTRAL)
    rgba[:, 3] = 1.0
    return rgba


def table_positions() -> NDArray[np.float64]:
    """Return where the centre of each entry of a table for views lies in the range; shape (256,)."""
    return (2.0 * np.arange(COLOUR_COUNT) + 1.0) / COLOUR_COUNT - 1.0


def legend_positions() -> NDArray[np.float64]:
    """Return where each entry of a table for legends lies in the range, both ends included; shape (13,)."""
    return np.linspace(-1.0, 1.0, LEGEND_COUNT)


def update_colours(
    node: slicer.vtkMRMLColorTableNode, quantity: Quantity, half_range: float, neutral_half_width: float
) -> None:
    """Fill a colour table node for views: a symmetric range, each entry named with its change in percent.

    Slice views ignore the range of a colour node (only window and level count there); legends, models and
    plots use it, so both are kept the same by :class:`LongitudinalINRModule.display.map_display.MapDisplay`.

    Parameters
    ----------
    node : vtkMRMLColorTableNode
        Changed in place, with one modified event.
    quantity : Quantity
        Gives the centre and the percent.
    half_range, neutral_half_width : float
        In units of the map, both from the centre.

    Raises
    ------
    ValueError
        If the range is not positive or the neutral band is wider than it.
    """
    positions = table_positions()
    rgba = diverging_rgba(positions, _share(neutral_half_width, half_range))
    _fill(node, quantity, half_range, [_percent(quantity, half_range, each) for each in positions], rgba)


def update_legend_colours(
    node: slicer.vtkMRMLNode, quantity: Quantity, half_range: float, neutral_half_width: float
) -> None:
    """Fill a colour table node for a legend, as `update_colours` does: few colours, fewer of them named."""
    positions = legend_positions()
    rgba = legend_rgba(positions, _share(neutral_half_width, half_range))
    names = [
        UNLABELLED if index % LEGEND_COLOURS_PER_LABEL else _percent(quantity, half_range, position)
        for index, position in enumerate(positions)
    ]
    _fill(node, quantity, half_range, names, rgba)


def colour_table(scene: slicer.vtkMRMLScene, name: str, role: str) -> slicer.vtkMRMLColorTableNode:
    """Return the scene's colour table of a role, added empty where there is none.

    Returns
    -------
    vtkMRMLColorTableNode
    """
    node = ensure_node(scene, "vtkMRMLColorTableNode", f"colours of {role}", name)
    node.SetAttribute("Category", "LongitudinalINR")
    return node


def _share(neutral_half_width: float, half_range: float) -> float:
    if half_range <= 0:
        raise ValueError(f"The range of colours is {half_range:g}; expected more than 0.")
    return neutral_half_width / half_range


def _percent(quantity: Quantity, half_range: float, position: float) -> str:
    return f"{quantity.percent(quantity.centre + half_range * position):+.3g}%" if position else "0%"


def _fill(
    node: slicer.vtkMRMLNode,
    quantity: Quantity,
    half_range: float,
    names: Sequence[str],
    rgba: NDArray[np.float64],
) -> None:
    with slicer.util.NodeModify(node):
        if node.GetNumberOfColors() != len(names):
            node.SetTypeToUser()
            node.SetNumberOfColors(len(names))
        for index, (name, colour) in enumerate(zip(names, rgba, strict=True)):
            node.SetColor(index, name, *colour)
        table = node.GetLookupTable()
        table.SetRange(quantity.centre - half_range, quantity.centre + half_range)
        table.Modified()
