"""Whether anything is left to do for a person: the folder decides, not what an engine remembers."""

from __future__ import annotations

import os
from collections.abc import Iterable

from LongitudinalINRLib import files
from LongitudinalINRLib.cohort.done import is_done, is_of_plan
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import Outcome, read_outcome
from LongitudinalINRLib.cohort.plan import read_plan, request_of
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.failures import DONE
from LongitudinalINRLib.jobs.identity import input_files


def settled(folder: PersonFolder) -> Outcome | None:
    """Return how a person ended for good; None where there is something to do.

    Done is settled while the result and the page are there; bad input is, while the scans are the same files
    as then.
    """
    outcome = read_outcome(folder)
    if outcome is None or not outcome.is_final:
        return None
    if outcome.code == DONE:
        return outcome if is_done(folder, outcome.plan, outcome.code) and _is_published(folder) else None
    return outcome if is_of_plan(folder, outcome.plan) and not _mended(folder) else None


def try_again(people: Iterable[PersonFolder]) -> None:
    """Let people whose work ended badly for good be done again: how it ended is forgotten."""
    for folder in people:
        outcome = settled(folder)
        if outcome is not None and outcome.code != DONE:
            files.remove(folder.outcome)


def _is_published(folder: PersonFolder) -> bool:
    return folder.published.exists() and folder.cohort.page(folder.participant).exists()


def _mended(folder: PersonFolder) -> bool:
    """Tell whether an input was put there or changed after it was found bad."""
    judged = os.stat(folder.outcome).st_mtime
    try:
        inputs = input_files(request_of(read_plan(folder))).values()
    except InputError:
        return False
    for path in inputs:
        try:
            found = os.stat(folder.job.resolve(path))
        except OSError:
            continue
        if max(found.st_mtime, found.st_ctime) > judged:
            return True
    return False
