"""The course of every structure as small multiples: left and right in one panel."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

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
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.trajectories import TrajectoryPoint

FEWEST_COLUMNS, MOST_COLUMNS = 3, 5
PANEL_INCHES, ROW_INCHES = 2.3, 1.75
LEFT_INCHES, BOTTOM_INCHES, TOP_INCHES, TITLE_INCHES = 0.55, 0.45, 0.4, 0.2
SMALLEST_SPAN_PERCENT = 2.0
"""Panels show at least this much, so that no change looks like no change."""

LEFT, RIGHT, WHOLE = "#00708a", "#c75b00", "#222222"
SHADE = "#e9e6df"
INK = "#222222"
BAND_OPACITY = 0.16

Interval = tuple[Sequence[float], Sequence[float]]
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


def intervals_of(rows: Sequence[RegionRow]) -> dict[int, Interval]:
    """Return the half-widths of the 90 % intervals that are known, by label: months, percentage points."""
    found: dict[int, list[tuple[float, float]]] = {}
    for row in rows:
        if row.interval_points is not None:
            found.setdefault(row.label, [(0.0, 0.0)]).append((row.months, row.interval_points))
    return {label: tuple(zip(*sorted(set(points)), strict=True)) for label, points in found.items()}  # type: ignore[misc]


def draw_trajectories(
    panels: Sequence[Panel], intervals: Mapping[int, Interval] = MappingProxyType({})
) -> Figure:
    """Draw volume change in percent over months, a panel for each structure.

    Scans are dots, the course between them a solid line in the band of its interval; beyond the last scan it
    is dashed, on a shade.

    Parameters
    ----------
    panels : sequence of Panel
        The structures.
    intervals : mapping of int to tuple of two sequences
        By label: months, and the half-width of the 90 % interval there, percentage points. The band leads
        straight from one to the next.
    """
    columns = min(max(len(panels), FEWEST_COLUMNS), MOST_COLUMNS)
    rows = -(-len(panels) // columns)
    width, height = PANEL_INCHES * columns, TOP_INCHES + BOTTOM_INCHES + ROW_INCHES * rows
    figure = Figure(figsize=(width, height))
    figure.subplots_adjust(
        left=LEFT_INCHES / width,
        right=1 - 0.1 / width,
        top=1 - (TOP_INCHES + TITLE_INCHES) / height,
        bottom=BOTTOM_INCHES / height,
        wspace=0.25,
        hspace=0.32,
    )
    cells = figure.subplots(rows, columns, squeeze=False).ravel()
    for number, axes in enumerate(cells):
        if number < len(panels):
            _draw_panel(axes, panels[number], intervals)
            axes.tick_params(labelbottom=number + columns >= len(panels))
        else:
            axes.set_axis_off()
    figure.text(
        0.5, 0.06 / height, "months since the baseline", fontsize=9, color=INK, ha="center", va="bottom"
    )
    figure.text(0.06 / width, 0.5, "volume change, %", fontsize=9, color=INK, rotation=90, va="center")
    figure.legend(
        handles=_legend(panels, bool(intervals)),
        loc="upper center",
        borderaxespad=0.1,
        ncols=7 if columns == MOST_COLUMNS else 3,
        fontsize=8,
        frameon=False,
    )
    return figure


def svg(figure: Figure) -> bytes:
    """Return a figure as an SVG file; the same figure gives the same bytes."""
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def png(figure: Figure, dots_per_inch: float) -> bytes:
    """Return a figure as a PNG file."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=dots_per_inch)
    return stream.getvalue()


def _draw_panel(axes: Axes, panel: Panel, intervals: Mapping[int, Interval]) -> None:
    axes.set_title(panel.title, fontsize=8.5, color=INK, loc="left", y=1.0)  # a given place is not sought
    axes.axhline(0, color="#999999", linewidth=0.7)
    for colour, course in panel.courses:
        months = np.array([point.months for point in course])
        change = np.array([point.volume_change_percent for point in course])
        beyond = np.array([point.kind == "extrapolated" for point in course])
        last = int(np.count_nonzero(~beyond)) - 1
        observed = np.array([point.kind == "observed" for point in course])
        if (known := intervals.get(course[0].label)) is not None:
            points = np.interp(months, *known)
            axes.fill_between(
                months, change - points, change + points, color=colour, alpha=BAND_OPACITY, linewidth=0
            )
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


def _legend(panels: Sequence[Panel], with_bands: bool) -> list[Line2D | Patch]:
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
    if with_bands:
        handles.append(Patch(color="#555555", alpha=2 * BAND_OPACITY, linewidth=0, label="90 % interval"))
    if any(
        point.kind == "extrapolated" for panel in panels for _, course in panel.courses for point in course
    ):
        handles.append(Line2D([], [], color="#555555", dashes=(3, 2), label="extrapolated: projection"))
        handles.append(Patch(color=SHADE, label="beyond the last scan"))
    return handles
