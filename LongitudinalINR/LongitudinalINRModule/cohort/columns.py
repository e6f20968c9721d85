"""The columns of the table of people: what a cell says, and what its column is sorted by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from LongitudinalINRLib.cohort.overview.row import Change, PersonRow

Key = float | str | None
"""A cell's place in the order of its column; None for one that says nothing, which comes last."""


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Parameters
    ----------
    title, explained : str
        Its heading, and what the heading's tool tip says.
    text : callable
        Takes a person and the chosen region.
    key : callable
        The same; keys of one column are all numbers or all words.
    """

    title: str
    explained: str
    text: Callable[[PersonRow, str], str]
    key: Callable[[PersonRow, str], Key]


def change_text(change: Change | None) -> str:
    """Write a change with the half-width of its interval.

    Examples
    --------
    >>> change_text(Change(-1.234, 0.4)), change_text(Change(0.5, None)), change_text(None)
    ('−1.23 ± 0.40', '+0.50', '')
    """
    if change is None:
        return ""
    interval = "" if change.half_width_points is None else f" ± {change.half_width_points:.2f}"
    return _signed(change.percent) + interval


def _percent(row: PersonRow, region: str) -> float | None:
    change = row.change(region)
    return None if change is None else change.percent


def _per_year(row: PersonRow, region: str) -> str:
    rate = row.percent_per_year(region)
    return "" if rate is None else _signed(rate)


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


COLUMNS = (
    Column(
        "Person", "Label in the BIDS folder", lambda row, _: row.participant, lambda row, _: row.participant
    ),
    Column(
        "Group", "As the study tells it", lambda row, _: row.told.group, lambda row, _: row.told.group or None
    ),
    Column(
        "Change (%)",
        "Volume of the region at the last scan against the baseline, with the half-width of the 90 % "
        "interval; bold where the interval excludes no change",
        lambda row, region: change_text(row.change(region)) if row.state == "done" else row.state,
        _percent,
    ),
    Column(
        "%/year",
        "The change over the years from the baseline to the last scan",
        _per_year,
        lambda row, region: row.percent_per_year(region),
    ),
    Column(
        "Warnings",
        "How many the fit gave",
        lambda row, _: str(row.warnings) if row.state == "done" else "",
        lambda row, _: row.warnings if row.state == "done" else None,
    ),
    Column("Months", "Of the last scan", lambda row, _: _number(row.months), lambda row, _: row.months),
    Column(
        "Age",
        "Years at the baseline",
        lambda row, _: _number(row.told.age_years),
        lambda row, _: row.told.age_years,
    ),
    Column("Sex", "As the study tells it", lambda row, _: row.told.sex, lambda row, _: row.told.sex or None),
    Column("State", "How far the work for the person is", lambda row, _: row.state, lambda row, _: row.state),
)
CHANGE_COLUMN = 2
