"""The dark canvas that slices are drawn on, and its way into a web page."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from PIL import Image

from LongitudinalINRLib.analysis.figures.planes import Plane

BACKGROUND = "#000000"
FOREGROUND = "#e8e8e8"
DOTS_PER_INCH = 130
WEBP_QUALITY = 82

Pixels = NDArray[np.uint8]


def dark_figure(width_inches: float, height_inches: float) -> Figure:
    """Return an empty figure with a black ground, not known to pyplot."""
    figure = Figure(figsize=(width_inches, height_inches), dpi=DOTS_PER_INCH, facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    return figure


def show_slice(axes: Axes, plane: Plane, grey: NDArray[np.float64], low: float, high: float) -> Any:
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


def position_text(plane: Plane) -> str:
    """Say where a slice lies, for example ``12 mm S``."""
    positive, negative = {"axial": ("S", "I"), "coronal": ("A", "P"), "sagittal": ("R", "L")}[plane.name]
    position_mm = round(plane.position_mm)
    side = positive if position_mm > 0 else negative if position_mm < 0 else ""
    return f"{abs(position_mm)} mm {side}".rstrip()


def svg_uri(figure: Figure) -> str:
    """Return a figure as the source of an HTML image, drawn in lines."""
    stream = io.BytesIO()
    # Without a date the same result gives the same picture.
    figure.savefig(stream, format="svg", metadata={"Date": None})
    return _uri("svg+xml", stream)


def pixels(figure: Figure) -> Pixels:
    """Draw a dark figure; return its pixels, shape (H, W, 4), uint8."""
    canvas: Any = figure.canvas
    canvas.draw()
    return np.array(canvas.buffer_rgba())


def webp_uri(image: Pixels) -> str:
    """Return pixels as the source of an HTML image; other threads go on meanwhile."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, format="webp", quality=WEBP_QUALITY)
    return _uri("webp", stream)


def _uri(kind: str, stream: io.BytesIO) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"
