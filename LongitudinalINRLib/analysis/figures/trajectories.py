"""The course of every structure as small multiples: left and right in one panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, MultipleLocator

from LongitudinalINRLib.analysis.atlas import (
    BRAIN_LABEL,
    TISSUE_LABEL,
    display_name,
    region_of,
    right_partner,
)
from LongitudinalINRLib.analysis.trajectories import TrajectoryPoint

FEWEST_COLUMNS, MOST_COLUMNS = 3, 5
PANEL_INCHES = 2.3
SMALLEST_SPAN_PERCENT = 2.0
"""Panels show at least this much, so that no change looks like no change."""

LEFT, RIGHT, WHOLE = "#00708a", "#c75b00", "#222222"
SHADE = "#e9e6df"
INK = "#222222"

Course = Sequence[TrajectoryPoint]


@dataclass
class Panel:
    """One structure: its title and the courses of its sides, each with its colour."""

    title: str
    courses: list[tuple[str, Course]]
    is_pooled: bool = False

    @property
    def largest_change(self) -> float:
        """Largest absolute volume change in percent."""
        return max(abs(point.volume_change_percent) for _, course in self.courses for point in course)


def panels_of(points: Sequence[TrajectoryPoint], labels: Sequence[int]) -> list[Panel]:
    """Return the panels of some labels: the whole mask and all tissue first, then by largest change.

    Parameters
    ----------
    points : sequence of TrajectoryPoint
        Courses of all regions.
    labels : sequence of int
        Regions to draw.
    """
    courses = {label: [point for point in points if point.label == label] for label in labels}
    rights = {label: right for label in labels if (right := _right_of(label, courses)) is not None}
    panels = []
    for label, course in courses.items():
        name = display_name(label, course[0].region)
        if label in rights.values():
            continue
        right = rights.get(label)
        if right is not None:
            title = name.removeprefix("Left ")
            panels.append(Panel(title[:1].upper() + title[1:], [(LEFT, course), (RIGHT, courses[right])]))
        else:
            panels.append(Panel(name, [(WHOLE, course)], is_pooled=label in (BRAIN_LABEL, TISSUE_LABEL)))
    return sorted(panels, key=lambda panel: (not panel.is_pooled, -panel.largest_change))


def _right_of(label: int, courses: Mapping[int, Course]) -> int | None:
    """Return the right partner of a left structure; none where the numbers are not FreeSurfer's."""
    right = right_partner(label)
    if right is None or right not in courses:
        return None
    are_freesurfers = (courses[each][0].region == region_of(each).name for each in (label, right))
    return right if all(are_freesurfers) else None


def draw_trajectories(panels: Sequence[Panel]) -> Figure:
    """Draw volume change in percent over months, a panel for each structure.

    Scans are dots, the course between them a solid line; beyond the last scan it is dashed, on a shade.
    """
    columns = min(max(len(panels), FEWEST_COLUMNS), MOST_COLUMNS)
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(PANEL_INCHES * columns, 0.75 + 1.75 * rows), layout="constrained")
    cells = figure.subplots(rows, columns, squeeze=False).ravel()
    for number, axes in enumerate(cells):
        if number < len(panels):
            _draw_panel(axes, panels[number])
            axes.tick_params(labelbottom=number + columns >= len(panels))
        else:
            axes.set_axis_off()
    figure.supxlabel("months since the baseline", fontsize=9, color=INK)
    figure.supylabel("volume change, %", fontsize=9, color=INK)
    figure.legend(
        handles=_legend(panels),
        loc="outside upper center",
        ncols=6 if columns == MOST_COLUMNS else 3,
        fontsize=8,
        frameon=False,
    )
    return figure


def _draw_panel(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.title, fontsize=8.5, color=INK, loc="left", y=1.0)  # a given place is not sought
    axes.axhline(0, color="#999999", linewidth=0.7)
    for colour, course in panel.courses:
        months = np.array([point.months for point in course])
        change = np.array([point.volume_change_percent for point in course])
        beyond = np.array([point.kind == "extrapolated" for point in course])
        last = int(np.count_nonzero(~beyond)) - 1
        observed = np.array([point.kind == "observed" for point in course])
        axes.plot(months[~beyond], change[~beyond], color=colour, linewidth=1.4)
        axes.plot(months[last:], change[last:], color=colour, linewidth=1.2, dashes=(3, 2))
        axes.plot(
            months[observed],
            change[observed],
            "o",
            color=colour,
            markersize=4.6,
            markeredgecolor="white",
            markeredgewidth=0.6,
        )
        if beyond.any():
            axes.axvspan(months[last], months[-1], color=SHADE, linewidth=0, zorder=0)
    low, high = axes.get_ylim()
    missing = max(0.0, SMALLEST_SPAN_PERCENT - (high - low)) / 2
    axes.set_ylim(low - missing, high + missing)
    axes.margins(x=0.03)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_locator(MultipleLocator(_tick_months(panel.courses[0][1][-1].months)))
    axes.tick_params(labelsize=7.5, colors=INK, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#999999")


def _tick_months(horizon_months: float) -> float:
    return next((step for step in (0.5, 1, 3, 6, 12, 24, 60) if horizon_months / step <= 4), 120)


def _legend(panels: Sequence[Panel]) -> list[Line2D | Patch]:
    drawn = {colour for panel in panels for colour, _ in panel.courses}
    sides = [(LEFT, "left"), (RIGHT, "right"), (WHOLE, "unpaired")]
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, linewidth=1.4, label=name)
        for colour, name in sides
        if LEFT in drawn and colour in drawn
    ]
    handles.append(
        Line2D([], [], color="#555555", marker="o", linestyle="none", markersize=4, label="scan (observed)")
    )
    if any(
        point.kind == "extrapolated" for panel in panels for _, course in panel.courses for point in course
    ):
        handles.append(Line2D([], [], color="#555555", dashes=(3, 2), label="extrapolated: projection"))
        handles.append(Patch(color=SHADE, label="beyond the last scan"))
    return handles
