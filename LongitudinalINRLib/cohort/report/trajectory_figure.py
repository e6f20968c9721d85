"""Courses of the groups, one panel a region: the model's mean with its band, and what was seen at visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.cohort.report.content import GroupContent, GroupCourse, VisitMean
from LongitudinalINRLib.cohort.report.svg import colour_of, inline_svg, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 4
PANEL_INCHES = (2.5, 1.75)
MONTH_STEPS = (1, 3, 6, 12, 24, 36, 60)
FEWEST_PEOPLE = 3
"""Of a mean of visits that is drawn: of one or two people it says nothing about a group."""


def trajectory_figure(content: GroupContent, regions: Sequence[str]) -> str:
    """Return the courses of all groups in some regions, as SVG for a page.

    Parameters
    ----------
    content : GroupContent
        Holds the courses.
    regions : sequence of str
        In the order of the panels.
    """
    with styled():
        from matplotlib.figure import Figure

        columns = min(COLUMNS, len(regions))
        rows = -(-len(regions) // columns)
        figure = Figure(figsize=(PANEL_INCHES[0] * columns, PANEL_INCHES[1] * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for region, panel in zip(regions, axes, strict=False):
            _draw(panel, content, region)
        for empty in axes[len(regions) :]:
            empty.set_axis_off()
        return inline_svg(figure, "Mean volume change of the groups over time, one panel a region")


def _draw(axes: Axes, content: GroupContent, region: str) -> None:
    axes.axhline(0, color="#aab4ba", linewidth=0.8, zorder=0)
    for group in content.groups:
        colour = colour_of(group, content.groups)
        for course in (each for each in content.courses if (each.region, each.group) == (region, group)):
            _draw_course(axes, course, colour)
        _draw_visits(
            axes, [each for each in content.visits if (each.region, each.group) == (region, group)], colour
        )
    axes.set_title(region)
    last = max((max(each.months) for each in content.courses if each.region == region), default=12.0)
    step = next((step for step in MONTH_STEPS if last / step <= 5), MONTH_STEPS[-1])
    axes.set_xticks([step * number for number in range(int(last // step) + 1)])
    axes.margins(x=0.02)


def _draw_course(axes: Axes, course: GroupCourse, colour: str) -> None:
    axes.fill_between(course.months, course.low, course.high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(course.months, course.percent, color=colour, linewidth=1.6)


def _draw_visits(axes: Axes, visits: Sequence[VisitMean], colour: str) -> None:
    seen: list[VisitMean] = [visit for visit in visits if visit.people >= FEWEST_PEOPLE]
    points: dict[str, Any] = {"s": 12, "color": colour, "edgecolors": "white", "linewidths": 0.6, "zorder": 3}
    axes.scatter([visit.months for visit in seen], [visit.percent for visit in seen], **points)
