"""Which people are shown, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from LongitudinalINRLib.cohort.overview.row import PersonRow
from LongitudinalINRModule.cohort.columns import COLUMNS, Key

BRAIN_FIRST = ("brain tissue", "brain")
"""What is shown first: tissue, whose change is the percentage brain volume change, or the whole mask."""


@dataclass(frozen=True)
class Choice:
    """What the person wants to see of a cohort.

    Parameters
    ----------
    text : str
        Has to be in the label, the group, the state or the message, whatever the case.
    group : str or None
        Only this group; None for all.
    region : str
        Whose change is told.
    warned, changed : bool
        Only people with warnings; only those whose change is beyond its error.
    column : int
        What they are sorted by.
    descending : bool
        From the largest to the smallest.
    """

    text: str = ""
    group: str | None = None
    region: str = ""
    warned: bool = False
    changed: bool = False
    column: int = 0
    descending: bool = False


def chosen(rows: Sequence[PersonRow], choice: Choice) -> list[PersonRow]:
    """Return the people that are wanted, in their order; those whose cell says nothing come last."""
    key = COLUMNS[choice.column].key
    keyed: list[tuple[Key, PersonRow]] = [
        (key(row, choice.region), row) for row in rows if _is_wanted(row, choice)
    ]
    known = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=choice.descending)  # type: ignore[arg-type,return-value]
    return [row for _, row in known] + [row for found, row in keyed if found is None]


def groups_of(rows: Sequence[PersonRow]) -> list[str]:
    """Return the groups of people, in the order of the alphabet."""
    return sorted({row.told.group for row in rows} - {""})


def regions_of_people(rows: Sequence[PersonRow]) -> list[str]:
    """Return the regions that anybody has, the brain's first."""
    regions = dict.fromkeys(name for names in {row.regions for row in rows} for name in names)
    first = [name for name in BRAIN_FIRST if name in regions]
    return first + sorted(name for name in regions if name not in first)


def _is_wanted(row: PersonRow, choice: Choice) -> bool:
    if choice.group is not None and row.told.group != choice.group:
        return False
    if choice.warned and not row.warnings:
        return False
    if choice.changed:
        change = row.change(choice.region)
        if change is None or not change.beyond_error:
            return False
    searched = " ".join((row.participant, row.told.group, row.state, row.message)).casefold()
    return choice.text.strip().casefold() in searched
