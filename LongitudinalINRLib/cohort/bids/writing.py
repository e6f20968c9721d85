"""The plans of a cohort in its folder, with the logs of who is left out and what was odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from LongitudinalINRLib import __version__, files
from LongitudinalINRLib.cohort.bids.left_out import write_left_out
from LongitudinalINRLib.cohort.bids.planning import CohortPlan
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.plan import PersonPlan, write_plan

WRITERS = 16
"""Plans written at a time: each waits for the file system, which on a network takes its time."""


@contextmanager
def writing_plans(cohort: CohortFolder) -> Iterator[Callable[[PersonPlan], None]]:
    """Give what writes plans; at the end all are written. One that is there and the same is left alone.

    Parameters
    ----------
    cohort : CohortFolder
        See `place.check_output`.

    Raises
    ------
    OSError
        A plan could not be written.
    """
    free = BoundedSemaphore(2 * WRITERS)  # more than these are never in memory
    failures: list[BaseException] = []

    def ended(future: Future[None]) -> None:
        free.release()
        if (error := future.exception()) is not None:
            failures.append(error)

    with ThreadPoolExecutor(WRITERS) as writers:

        def take(plan: PersonPlan) -> None:
            free.acquire()
            writers.submit(write_plan, plan, cohort.person(plan.participant)).add_done_callback(ended)

        yield take
    if failures:
        raise failures[0]


def write_logs(plan: CohortPlan, bids_folder: Path, cohort: CohortFolder) -> None:
    """Write who is left out and what was found; nothing where nobody can be planned.

    Then a wrong option, or a data set that is not there, is more likely than that nobody is left. A person
    who is left out and was fitted before keeps plan and result, so that they can be looked at; the line of
    the log is what takes them out of the groups. Without a result the plan is removed.

    Parameters
    ----------
    plan : CohortPlan
        What is to be done.
    bids_folder : Path
        The scans.
    cohort : CohortFolder
        See `place.check_output`.
    """
    if not plan.people:
        return
    files.make_folder(cohort.logs)
    place = cohort.seen_from_here(bids_folder)
    files.write_json(cohort.index, index_values(plan, bids_folder) | {"bids_folder": place})
    write_left_out(plan.left_out, cohort.left_out, plan.looked_at)
    for one in plan.left_out:
        person = cohort.person(one.participant)
        if not person.job.results.exists():
            files.remove(person.plan)


def index_values(plan: CohortPlan, bids_folder: Path) -> dict[str, Any]:
    """Return what was found in a BIDS folder as JSON values."""
    return {
        "made_by": "LongitudinalINR",
        "version": __version__,
        "bids_folder": str(bids_folder.absolute()),
        "people": len(plan.people),
        "scans": plan.scans,
        "left_out": len(plan.left_out),
        "labels_from": dict(plan.labels_from),
        "notes": [{"where": note.where, "message": note.message} for note in plan.notes],
    }
