"""Figures of the suite: every subject's error, and the methods side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from matplotlib.figure import Figure

from benchmarks.accuracy.cohort import Kind
from benchmarks.accuracy.peers.in_time import REGRESSED
from benchmarks.accuracy.rows import Row
from benchmarks.accuracy.suite import OURS

COLOURS = {"observed": "#1f6f8b", "interpolated": "#e0a030", "extrapolated": "#b5432f"}
METHOD_COLOURS = (
    "#1f6f8b",
    "#b5432f",
    "#d98c7f",
    "#999999",
    "#d9a441",
    "#ecd08f",
    "#7a9a4d",
    "#8a6bab",
    "#c79ab8",
)
DPI = 130


def draw_subjects(rows: Sequence[Row], file: Path) -> None:
    """Draw the region error of every subject, by kind of month; a dot for every month."""
    names = list(dict.fromkeys(row.subject for row in rows))
    figure = Figure(figsize=(7.2, 0.32 * len(names) + 1.2), layout="constrained")
    axes = figure.subplots()
    for offset, kind in zip((-0.2, 0.0, 0.2), get_args(Kind), strict=True):
        own = [row for row in rows if row.kind == kind]
        axes.scatter(
            [row.score.region_error_points for row in own],
            [names.index(row.subject) + offset for row in own],
            s=26,
            color=COLOURS[kind],
            label=kind,
            zorder=3,
        )
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel("Mean absolute error of the regions' volume change (percentage points)")
    axes.grid(axis="x", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right")
    figure.savefig(file, dpi=DPI)


def draw_peers(rows: Sequence[Row], file: Path) -> None:
    """Draw region error and RMSE of the methods on the subjects that all of them were run on.

    Each is drawn as it is; what they are worth regressed stands in the table.
    """
    shown = dict.fromkeys(row.method for row in rows if not row.method.endswith(REGRESSED))
    methods = sorted(shown, key=lambda method: method != OURS)
    names = list(dict.fromkeys(row.subject for row in rows))
    figure = Figure(figsize=(8.4, 3.7), layout="constrained")
    panels = figure.subplots(1, 2)
    for axes, value, title in (
        (panels[0], "region_error_points", "Region error (percentage points)"),
        (panels[1], "rmse_log_jacobian", "RMSE of log|J|"),
    ):
        for index, method in enumerate(methods):
            heights = [_mean(rows, method, name, value) for name in names]
            places = [n + (index - (len(methods) - 1) / 2) * 0.8 / len(methods) for n in range(len(names))]
            axes.bar(places, heights, 0.75 / len(methods), color=METHOD_COLOURS[index], label=method)
        axes.set_xticks(range(len(names)), names)
        axes.set_title(title, loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    figure.savefig(file, dpi=DPI)


def _mean(rows: Sequence[Row], method: str, subject: str, value: str) -> float:
    own = [r for r in rows if (r.method, r.subject, r.kind) == (method, subject, "observed")]
    return sum(getattr(row.score, value) for row in own) / len(own) if own else float("nan")
