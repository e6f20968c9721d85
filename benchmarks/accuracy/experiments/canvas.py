"""The dark canvas that slices are drawn on, and the colours of change on it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.figures.planes import Plane

BACKGROUND = "#000000"
FOREGROUND = "#e8e8e8"

CHANGE_COLOURS = LinearSegmentedColormap.from_list(
    "contraction-expansion",
    [
        (0.00, (0.05, 0.35, 1.00, 1.0)),
        (0.25, (0.25, 0.58, 1.00, 0.7)),
        (0.48, (0.45, 0.72, 1.00, 0.0)),
        (0.50, (1.00, 1.00, 1.00, 0.0)),
        (0.52, (1.00, 0.62, 0.50, 0.0)),
        (0.75, (1.00, 0.38, 0.25, 0.7)),
        (1.00, (1.00, 0.08, 0.04, 1.0)),
    ],
)


def show_slice(axes: Axes, plane: Plane, grey: NDArray[Any], low: float, high: float) -> Any:
    """Draw a slice in grey with its patient directions; the axes are in mm, so that its shape is true."""
    width_mm, height_mm = plane.size_mm
    image = axes.imshow(grey, cmap="gray", vmin=low, vmax=high, extent=(0, width_mm, 0, height_mm))
    axes.set_axis_off()
    for letter, (x, y) in zip(
        plane.letters, ((0.02, 0.5), (0.98, 0.5), (0.5, 0.98), (0.5, 0.02)), strict=True
    ):
        write(axes, x, y, letter)
    return image


def write(axes: Axes, x: float, y: float, text: str) -> None:
    """Write on a slice, readable on black, white and grey; x and y are shares of its width and height."""
    axes.text(
        x,
        y,
        text,
        color=FOREGROUND,
        fontsize=8,
        ha="left" if x < 0.1 else "right" if x > 0.9 else "center",
        va="bottom" if y < 0.1 else "top" if y > 0.9 else "center",
        transform=axes.transAxes,
        path_effects=[withStroke(linewidth=2, foreground=BACKGROUND)],
    )
