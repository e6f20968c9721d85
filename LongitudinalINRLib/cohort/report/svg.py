"""Figures of matplotlib as SVG that stands in a page: text stays text, and nothing is loaded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.cohort.extra import require

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#00708a", "#c78a00", "#b8131f", "#6b3fa0", "#3b7d23", "#7a7a7a")
"""Of groups in their order; told apart by people who do not see red or green, and in print."""

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8b959b",
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": "#566169",
    "ytick.color": "#566169",
    "svg.fonttype": "none",
    "text.parse_math": False,  # a name with two dollar signs is no formula
    "svg.hashsalt": "LongitudinalINR",
}


def colour_of(group: str, groups: Sequence[str]) -> str:
    """Return the colour of a group."""
    return COLOURS[groups.index(group) % len(COLOURS)]


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the page's style while inside."""
    require(["matplotlib"])
    import matplotlib

    with matplotlib.rc_context(_STYLE):
        yield


def inline_svg(figure: Figure, label: str) -> str:
    """Return a figure as an ``svg`` element that scales with the page.

    Parameters
    ----------
    figure : Figure
        Not shown on any screen.
    label : str
        What it shows, for those who cannot see it; plain text without markup.
    """
    stream = io.StringIO()
    figure.savefig(
        stream, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight", pad_inches=0.04
    )
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', f'role="img" aria-label="{label}"', text, count=1)
    return re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
