"""What `bids` shows: who is fitted with which scans, who is left out, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from LongitudinalINRLib.cli.screen import cell, table_shown

if TYPE_CHECKING:
    from LongitudinalINRLib.cohort.bids.planning import CohortPlan
    from LongitudinalINRLib.cohort.participants import Summary
    from LongitudinalINRLib.cohort.plan import PersonPlan

MOST_LINES = 20
"""Of people left out, unless everything is asked for; all are in the log."""


def plan_shown(plan: CohortPlan, *, in_full: bool) -> str:
    """Return what is going to be done, as text.

    Parameters
    ----------
    plan : CohortPlan
        Of the people.
    in_full : bool
        Whether each person is shown, as in a dry run.
    """
    parts = []
    if in_full and plan.plans:
        table = Table("person", "scans (months)", "times from", "regions from")
        for person in plan.plans:
            times = ", ".join(sorted({scan.months_from for scan in person.scans}))
            table.add_row(cell(f"sub-{person.participant}"), cell(_scans(person)), times, person.labels_from)
        parts.append(table_shown(table))
    if in_full:
        parts += [f"Note: {line}\n" for line in _notes(plan)]
        parts.append(_left_out(plan, len(plan.left_out)))
    scans = sum(len(person.scans) for person in plan.plans)
    sources = ", ".join(f"{name} {count}" for name, count in plan.labels_from.items())
    parts.append(
        f"{len(plan.plans)} people with {scans} scans (regions from: {sources or 'nowhere'}), "
        f"{len(plan.left_out)} left out, {len(plan.notes)} notes.\n"
    )
    return "".join(parts)


def failures_shown(plan: CohortPlan, summary: Summary) -> str:
    """Return who is left out and whose work did not end well, with the reasons."""
    shown = _left_out(plan, MOST_LINES)
    if not summary.not_done:
        return shown
    table = Table("not done", "code", "why", "what to do")
    for item in summary.not_done:
        table.add_row(
            cell(f"sub-{item.participant}"), str(item.code), cell(item.message), cell(item.what_to_do)
        )
    return shown + table_shown(table)


def plan_values(plan: CohortPlan, bids_dir: Path) -> dict[str, Any]:
    """Return what is going to be done, for programs."""
    from LongitudinalINRLib.cohort.bids.writing import index_values

    return {
        **index_values(plan, bids_dir),
        "plans": [person.model_dump(mode="json", exclude={"request"}) for person in plan.plans],
        "left_out": [vars(item) for item in plan.left_out],
    }


def _scans(person: PersonPlan) -> str:
    return ", ".join(
        f"{'baseline' if scan.session is None else f'ses-{scan.session}'} ({scan.months:g})"
        for scan in person.scans
    )


def _notes(plan: CohortPlan) -> Iterable[str]:
    return (cell(f"{note.where}: {note.message}").plain for note in plan.notes)


def _left_out(plan: CohortPlan, most: int) -> str:
    if not plan.left_out:
        return ""
    table = Table("left out", "why", "what to do")
    for item in plan.left_out[:most]:
        table.add_row(cell(f"sub-{item.participant}"), cell(item.message), cell(item.what_to_do))
    hidden = len(plan.left_out) - most
    return table_shown(table) + (f"and {hidden} more: logs/left_out.tsv\n" if hidden > 0 else "")
