"""How the charts of the experiments look: one ink, colours that colour-blind people can tell apart."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#222222"
FAINT = "#999999"
# Okabe and Ito's palette, the darker half of it: legible on white.
BLUE, VERMILION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#aa4499"
DOTS_PER_INCH = 150


def chart(width_inches: float, height_inches: float) -> Figure:
    """Return an empty figure, not known to pyplot."""
    return Figure(figsize=(width_inches, height_inches), dpi=DOTS_PER_INCH, layout="constrained")


def dress(axes: Axes, title: str = "", x: str = "", y: str = "") -> None:
    """Give a chart its title and axis labels, and take away what is not needed."""
    axes.set_title(title, fontsize=10, color=INK, loc="left")
    axes.set_xlabel(x, fontsize=9.5, color=INK)
    axes.set_ylabel(y, fontsize=9.5, color=INK)
    axes.tick_params(labelsize=9, colors=INK, length=3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)


def saved(figure: Figure, file: Path) -> Path:
    """Write a figure and return its path."""
    figure.savefig(file, facecolor=figure.get_facecolor())
    return file
