"""The course of every structure as small multiples, left and right in one panel: lines for any canvas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from LongitudinalINRLib.analysis.atlas import (
    BRAIN_LABEL,
    TISSUE_LABEL,
    display_name,
    region_of,
    right_partner,
)
from LongitudinalINRLib.analysis.points import Values
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.trajectories import TrajectoryPoint
from LongitudinalINRLib.analysis.wording import MINUS

WIDTH, HEIGHT = 216.0, 132.0
LEFT_EDGE, RIGHT_EDGE, TOP_EDGE, BOTTOM_EDGE = 30.0, 6.0, 20.0, 18.0
"""Of a panel, in points; the plot lies between them."""

SMALLEST_SPAN_PERCENT = 2.0
"""Panels show at least this much, so that no change looks like no change."""

MARGIN_SHARE, MOST_STEPS = 0.06, 4
MONTH_STEPS = (0.5, 1, 3, 6, 12, 24, 60)

LEFT, RIGHT, WHOLE = "#00708a", "#c75b00", "#222222"
SHADE, AXIS, INK = "#e9e6df", "#999999", "#222222"
BAND_OPACITY = 0.16

Interval = tuple[Sequence[float], Sequence[float]]
Course = Sequence[TrajectoryPoint]
Anchor = Literal["start", "middle", "end"]


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


def sides_of(panels: Iterable[Panel]) -> list[tuple[str, str]]:
    """Return the colours of the panels' courses with what they mean, where there is a left and a right."""
    drawn = {colour for panel in panels for colour, _ in panel.courses}
    names = ((LEFT, "left"), (RIGHT, "right"), (WHOLE, "unpaired"))
    return [(colour, name) for colour, name in names if LEFT in drawn and colour in drawn]


@dataclass(frozen=True)
class Mark:
    """Something drawn on a panel: a line, an area, a dot or a text.

    Parameters
    ----------
    kind : str
        What it is; a dot has one point, and so has a text.
    points : tuple of pairs of float
        In points (1/72 inch) from the upper left corner of the panel.
    colour : str
        ``#rrggbb``.
    width : float
        Of a line, in points; of a text, its height; of a dot, its radius.
    opacity : float
        Of an area.
    dashed : bool
        Whether a line is.
    text : str
        What a text says.
    anchor : str
        Which part of a text is at its point.
    """

    kind: Literal["line", "area", "dot", "text"]
    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 0.0
    opacity: float = 1.0
    dashed: bool = False
    text: str = ""
    anchor: Anchor = "start"


def intervals_of(rows: Sequence[RegionRow]) -> dict[int, Interval]:
    """Return the half-widths of the 90 % intervals that are known, by label: months, percentage points."""
    found: dict[int, dict[float, float]] = {}
    for row in rows:
        if row.interval_points is not None:
            found.setdefault(row.label, {0.0: 0.0})[row.months] = row.interval_points
    return {
        label: (sorted(known), [known[month] for month in sorted(known)]) for label, known in found.items()
    }


def panel_marks(panel: Panel, intervals: Mapping[int, Interval]) -> list[Mark]:
    """Draw volume change in percent over months.

    Scans are dots, the course between them a solid line in the band of its interval; beyond the last scan it
    is dashed, on a shade.

    Parameters
    ----------
    panel : Panel
        The structure.
    intervals : mapping of int to tuple of two sequences
        By label: months, and the half-width of the 90 % interval there, percentage points. The band leads
        straight from one to the next.

    Returns
    -------
    list of Mark
        In the order in which they are drawn.
    """
    plot = _Plot.of(panel, intervals)
    courses = [_Drawn.of(colour, course, intervals) for colour, course in panel.courses]
    marks = [*plot.axes(panel.title, courses[0].beyond)]
    for drawn in courses:
        if drawn.points is not None:
            upper, lower = drawn.change + drawn.points, drawn.change - drawn.points
            outline = (*plot.path(drawn.months, upper), *plot.path(drawn.months, lower)[::-1])
            marks.append(Mark("area", outline, drawn.colour, opacity=BAND_OPACITY))
    for drawn in courses:
        seen, last = ~drawn.beyond, int(np.count_nonzero(~drawn.beyond)) - 1
        marks.append(Mark("line", plot.path(drawn.months[seen], drawn.change[seen]), drawn.colour, 1.3))
        if drawn.beyond.any():
            ahead = plot.path(drawn.months[last:], drawn.change[last:])
            marks.append(Mark("line", ahead, drawn.colour, 1.1, dashed=True))
        at_scans = plot.path(drawn.months[drawn.observed], drawn.change[drawn.observed])
        marks += [Mark("dot", (at,), drawn.colour, 2.3) for at in at_scans]
    return marks


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A course as arrays."""

    colour: str
    months: Values
    change: Values
    points: Values | None
    beyond: np.ndarray[tuple[int], np.dtype[np.bool_]]
    observed: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @classmethod
    def of(cls, colour: str, course: Course, intervals: Mapping[int, Interval]) -> _Drawn:
        months = np.array([point.months for point in course])
        known = intervals.get(course[0].label)
        return cls(
            colour,
            months,
            np.array([point.volume_change_percent for point in course]),
            None if known is None else np.interp(months, *known),
            np.array([point.kind == "extrapolated" for point in course]),
            np.array([point.kind == "observed" for point in course]),
        )


@dataclass(frozen=True)
class _Plot:
    """The scales of a panel."""

    end_months: float
    low: float
    high: float

    @classmethod
    def of(cls, panel: Panel, intervals: Mapping[int, Interval]) -> _Plot:
        drawn = [_Drawn.of(colour, course, intervals) for colour, course in panel.courses]
        widths = [0.0 if each.points is None else each.points for each in drawn]
        low = min(0.0, *(float((d.change - w).min()) for d, w in zip(drawn, widths, strict=True)))
        high = max(0.0, *(float((d.change + w).max()) for d, w in zip(drawn, widths, strict=True)))
        missing = max(SMALLEST_SPAN_PERCENT - (high - low), 0.0) / 2
        margin = MARGIN_SHARE * max(high - low, SMALLEST_SPAN_PERCENT)
        return cls(max(float(d.months[-1]) for d in drawn), low - missing - margin, high + missing + margin)

    def x(self, months: float) -> float:
        return round(LEFT_EDGE + (WIDTH - LEFT_EDGE - RIGHT_EDGE) * months / self.end_months, 2)

    def y(self, percent: float) -> float:
        share = (self.high - percent) / (self.high - self.low)
        return round(TOP_EDGE + (HEIGHT - TOP_EDGE - BOTTOM_EDGE) * share, 2)

    def path(self, months: Values, change: Values) -> tuple[tuple[float, float], ...]:
        return tuple((self.x(m), self.y(c)) for m, c in zip(months.tolist(), change.tolist(), strict=True))

    def axes(self, title: str, beyond: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[Mark]:
        """Yield what lies under the courses."""
        left, right = self.x(0.0), self.x(self.end_months)
        top, bottom = TOP_EDGE, HEIGHT - BOTTOM_EDGE
        if beyond.any():
            since = left + (right - left) * (int(np.count_nonzero(~beyond)) - 1) / (len(beyond) - 1)
            yield Mark("area", ((since, top), (right, top), (right, bottom), (since, bottom)), SHADE)
        yield Mark("text", ((left - 22, 11.0),), INK, 8.5, text=title)
        yield Mark("line", ((left, top), (left, bottom), (right, bottom)), AXIS, 0.7)
        yield Mark("line", ((left, self.y(0.0)), (right, self.y(0.0))), AXIS, 0.6)
        for percent in ticks(self.low, self.high):
            text = f"{percent:g}".replace("-", MINUS)
            yield Mark("text", ((left - 4, self.y(percent) + 2.6),), INK, 7.5, text=text, anchor="end")
        step = next((step for step in MONTH_STEPS if self.end_months / step <= MOST_STEPS), 120)
        for month in np.arange(0.0, self.end_months + 1e-9, step).tolist():
            yield Mark("text", ((self.x(month), bottom + 9),), INK, 7.5, text=f"{month:g}", anchor="middle")


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers within a range, evenly spaced, at most five of them.

    Examples
    --------
    >>> ticks(-3.2, 0.4)
    [-3.0, -2.0, -1.0, 0.0]
    """
    power = 10.0 ** math.floor(math.log10((high - low) / MOST_STEPS))
    step = next(power * each for each in (1, 2, 5, 10) if (high - low) / (power * each) <= MOST_STEPS)
    return [round(n * step, 6) + 0.0 for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
