"""Colours of the maps: those of change are the library's, and what has no sign has colours of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.change_colours import between, diverging_rgba
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.result.quantities import Quantity

COLOUR_COUNT = 256
# Slicer fits the legend's letters into its height divided by the number of colours: few enough to be read.
LEGEND_COUNT = 13
LEGEND_COLOURS_PER_LABEL = 3
UNLABELLED = " "

_AMOUNT = ((0.27, 0.00, 0.33), (0.23, 0.32, 0.55), (0.13, 0.57, 0.55), (0.37, 0.79, 0.38), (0.99, 0.91, 0.14))
NO_CHANGE = (0.90, 0.90, 0.90)
"""Where there is no anatomy to see through to: in legends and on surfaces."""


def amount_rgba(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the colours of what has no sign, at 0 to 1 of its range: dark to bright, nothing at 0."""
    return np.column_stack([between(_AMOUNT, positions), positions > 1.0 / COLOUR_COUNT])


def rgba_of(
    quantity: Quantity, positions: NDArray[np.float64], neutral_fraction: float
) -> NDArray[np.float64]:
    """Return the colours of a quantity at positions in its range; shape (N, 4)."""
    return amount_rgba(positions) if quantity.one_sided else diverging_rgba(positions, neutral_fraction)


def opaque_rgba(rgba: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return colours as they look on the ground of no change: legends and surfaces show no opacity."""
    opacity = rgba[:, 3:]
    mixed = opacity * rgba[:, :3] + (1.0 - opacity) * np.array(NO_CHANGE)
    return np.column_stack([mixed, np.ones(len(rgba))])


def table_positions(quantity: Quantity) -> NDArray[np.float64]:
    """Return where the centre of each entry of a table for views lies in the range; shape (256,)."""
    shares = (np.arange(COLOUR_COUNT) + 0.5) / COLOUR_COUNT
    return shares if quantity.one_sided else 2.0 * shares - 1.0


def legend_positions(quantity: Quantity) -> NDArray[np.float64]:
    """Return where each entry of a table for legends lies in the range, both ends included; shape (13,)."""
    return np.linspace(0.0 if quantity.one_sided else -1.0, 1.0, LEGEND_COUNT)


def update_colours(
    node: slicer.vtkMRMLColorTableNode, quantity: Quantity, half_range: float, neutral_half_width: float
) -> None:
    """Fill a colour table node for views: the whole range, each entry named with its change in percent.

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
    positions = table_positions(quantity)
    rgba = rgba_of(quantity, positions, _share(neutral_half_width, half_range))
    _fill(node, quantity, half_range, [_percent(quantity, half_range, each) for each in positions], rgba)


def update_legend_colours(
    node: slicer.vtkMRMLNode, quantity: Quantity, half_range: float, neutral_half_width: float
) -> None:
    """Fill a colour table node for a legend, as `update_colours` does: few colours, fewer of them named."""
    positions = legend_positions(quantity)
    rgba = opaque_rgba(rgba_of(quantity, positions, _share(neutral_half_width, half_range)))
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
    sign = "" if quantity.one_sided else "+"
    return f"{quantity.percent(quantity.centre + half_range * position):{sign}.3g}%" if position else "0%"


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
        table.SetRange(*quantity.range(half_range))
        table.Modified()
