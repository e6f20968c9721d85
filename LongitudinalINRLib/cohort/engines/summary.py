"""How the people of a cohort ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from LongitudinalINRLib.cohort.done import is_of_plan
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import Outcome, read_outcome
from LongitudinalINRLib.cohort.settled import settled
from LongitudinalINRLib.jobs.failures import CANCELLED, DONE


@dataclass(frozen=True)
class Summary:
    """How people ended; each is named by the label without ``sub-``.

    Parameters
    ----------
    done : tuple of str
        Now or before.
    failed : mapping of str to Outcome
        Now, or before for good, with what is known of it.
    cancelled : tuple of str
        Begun and stopped; the same command goes on from their checkpoints.
    not_started : tuple of str
        Not begun when the run was stopped.
    """

    done: tuple[str, ...]
    failed: Mapping[str, Outcome]
    cancelled: tuple[str, ...]
    not_started: tuple[str, ...]


def summary_so_far(people: Iterable[PersonFolder]) -> Summary:
    """Return how people ended as their folders say it, for an engine that nobody waits for.

    Those who failed, but not for good, are among `Summary.failed`: another run tries them again.
    """
    done, failed, cancelled, not_started = [], {}, [], []
    for person in people:
        outcome = settled(person) or _of_this_plan(person)
        if outcome is None:
            not_started.append(person.participant)
        elif outcome.code == CANCELLED:
            cancelled.append(person.participant)
        elif outcome.code == DONE:
            done.append(person.participant)
        else:
            failed[person.participant] = outcome
    return Summary(tuple(done), failed, tuple(cancelled), tuple(not_started))


def _of_this_plan(person: PersonFolder) -> Outcome | None:
    """Return the failure of a person who is tried again; done without a result, or mended, counts as new."""
    outcome = read_outcome(person)
    failed = outcome is not None and not outcome.is_final and is_of_plan(person, outcome.plan)
    return outcome if failed else None
