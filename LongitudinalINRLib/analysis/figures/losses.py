"""How the terms of the loss went down during the fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

INK = "#222222"
SMOOTHED_SHARE = 0.02


def draw_losses(history: Sequence[Mapping[str, float]]) -> Figure:
    """Draw every term of the loss over the steps: each value faint, their running mean on top.

    Parameters
    ----------
    history : sequence of mapping
        ``step`` and the terms by name.
    """
    terms = [name for name in history[0] if name != "step"]
    steps = np.array([entry["step"] for entry in history])
    figure = Figure(figsize=(11.5, 2.2), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(terms), squeeze=False).ravel(), terms, strict=True):
        values = np.array([entry[name] for entry in history])
        width = max(1, round(SMOOTHED_SHARE * len(values)))
        mean = np.convolve(values, np.full(width, 1 / width), mode="valid")
        axes.plot(steps, values, color="#b9c4cc", linewidth=0.6)
        axes.plot(steps[width - 1 :], mean, color="#00708a", linewidth=1.4)
        axes.set_title(name, fontsize=8.5, color=INK, loc="left", y=1.0)
        axes.locator_params(axis="both", nbins=4)
        axes.yaxis.set_major_formatter("{x:.3g}")
        axes.tick_params(labelsize=7.5, colors=INK, length=2)
        axes.spines[["top", "right"]].set_visible(False)
    figure.supxlabel("step", fontsize=9, color=INK)
    return figure
