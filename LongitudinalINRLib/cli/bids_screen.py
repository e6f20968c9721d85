"""What `bids` shows: who is fitted with which scans, who is left out, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from LongitudinalINRLib.cli.screen import cell, table_shown
from LongitudinalINRLib.plain_text import one_line

if TYPE_CHECKING:
    from LongitudinalINRLib.cohort.bids.planning import CohortPlan
    from LongitudinalINRLib.cohort.engines import Summary
    from LongitudinalINRLib.cohort.folder import CohortFolder
    from LongitudinalINRLib.cohort.plan import PersonPlan

MOST_LINES = 20
"""Of people left out, unless everything is asked for; all are in the log."""


def people_shown(people: Sequence[PersonPlan]) -> str:
    """Return the people that are fitted, with their scans, as a table."""
    if not people:
        return ""
    table = Table("person", "months of the scans", "times from", "regions from")
    for person in people:
        months = ", ".join(
            f"ses-{scan.session}={scan.months:g}" for scan in person.scans
        )  # as --months has it
        times = ", ".join(sorted({scan.months_from for scan in person.scans}))
        table.add_row(cell(f"sub-{person.participant}"), cell(months), times, person.labels_from)
    return table_shown(table)


def notes_shown(plan: CohortPlan) -> str:
    """Return what was odd, a line each."""
    return "".join(f"Note: {one_line(note.where)}: {one_line(note.message)}\n" for note in plan.notes)


def left_out_shown(plan: CohortPlan, most: int | None = None) -> str:
    """Return who is left out and why, as a table of at most so many."""
    if not plan.left_out:
        return ""
    table = Table("left out", "why", "what to do")
    for item in plan.left_out[:most]:
        table.add_row(cell(f"sub-{item.participant}"), cell(item.message), cell(item.what_to_do))
    hidden = len(plan.left_out) - len(plan.left_out[:most])
    return table_shown(table) + (f"and {hidden} more: logs/left_out.tsv\n" if hidden else "")


def plan_shown(plan: CohortPlan) -> str:
    """Return what is going to be done, in one line."""
    sources = ", ".join(f"{name} {count}" for name, count in plan.labels_from.items())
    people = "1 person" if len(plan.people) == 1 else f"{len(plan.people)} people"
    return (
        f"{people} with {plan.scans} scans (regions from: {sources or 'nowhere'}), "
        f"{len(plan.left_out)} left out, {len(plan.notes)} notes.\n"
    )


def failures_shown(summary: Summary) -> str:
    """Return whose work did not end well, with the reasons."""
    if not summary.failed:
        return ""
    table = Table("not done", "code", "why", "what to do")
    for person in failures_values(summary):
        table.add_row(
            cell(f"sub-{person['participant']}"),
            str(person["code"]),
            cell(str(person["message"])),
            cell(str(person["what_to_do"])),
        )
    return table_shown(table)


def failures_values(summary: Summary) -> list[dict[str, str | int]]:
    """Return whose work did not end well, for programs."""
    return [
        {
            "participant": label,
            "code": outcome.code,
            "message": outcome.message + (f" Found: {outcome.found}." if outcome.found else ""),
            "what_to_do": outcome.advice,
        }
        for label, outcome in summary.failed.items()
    ]


def ended_shown(summary: Summary, plan: CohortPlan, cohort: CohortFolder) -> str:
    """Return who is left out, who failed, and how many are done."""
    counts = f"{len(summary.done)} of {len(plan.people)} people are done: {one_line(str(cohort.path))}\n"
    return left_out_shown(plan, MOST_LINES) + failures_shown(summary) + counts


def ended_values(summary: Summary, plan: CohortPlan, cohort: CohortFolder) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "output": str(cohort.path),
        "done": len(summary.done),
        "not_done": failures_values(summary),
        "left_out": [vars(item) for item in plan.left_out],
    }


def plan_values(plan: CohortPlan, people: Sequence[PersonPlan], bids_dir: Path) -> dict[str, Any]:
    """Return what is going to be done, for programs."""
    from LongitudinalINRLib.cohort.bids.writing import index_values

    return {
        **index_values(plan, bids_dir),
        "plans": [person.model_dump(mode="json", exclude={"request"}) for person in people],
        "left_out": [vars(item) for item in plan.left_out],
    }
