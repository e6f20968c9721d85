"""The people of a cohort done one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.cohort.plan import digest_of, read_plan
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.failures import CANCELLED, DEFECT, DONE

SOME_NOT_DONE = 6
"""Exit code of `bids` where the work for some people did not end well."""


@dataclass(frozen=True)
class NotDone:
    """A person whose work did not end well: label, exit code as of `fit`, what went wrong, what to do."""

    participant: str
    code: int
    message: str
    what_to_do: str


@dataclass(frozen=True)
class Summary:
    """How the work for people ended.

    Parameters
    ----------
    done : int
        People that are done, before or now.
    not_done : tuple of NotDone
        The others that were tried.
    cancelled : bool
        Whether the work was stopped before its end.
    """

    done: int
    not_done: tuple[NotDone, ...]
    cancelled: bool = False

    @property
    def code(self) -> int:
        """Exit code."""
        if self.cancelled:
            return CANCELLED
        return SOME_NOT_DONE if self.not_done else DONE


def run_people(
    people: Sequence[PersonFolder],
    *,
    engine: str = "local",
    jobs: int = 1,
    scheduler: str | None = None,
    on_person: Callable[[PersonFolder, int], None] = lambda person, code: None,
) -> Summary:
    """Do what is left to do for people.

    Parameters
    ----------
    people : sequence of PersonFolder
        Each with a plan.
    engine, jobs, scheduler
        ``local``, one job, none: no other is known here.
    on_person : callable
        Told of each person with the exit code.

    Raises
    ------
    InputError
        Another engine is asked for.
    """
    if engine != "local" or scheduler is not None or jobs != 1:
        raise InputError(
            "engine-unknown",
            "The engine cannot be used.",
            expected="--engine local, one job at a time",
            found=f"{engine}, {jobs} jobs" + (f", scheduler {scheduler}" if scheduler else ""),
            advice="Leave --engine, --n-jobs and --scheduler out.",
        )
    done = 0
    not_done: list[NotDone] = []
    for person in people:
        code = _settled(person)
        if code is None:
            code = _run(person)
        on_person(person, code)
        if code == CANCELLED:
            return Summary(done, tuple(not_done), cancelled=True)
        if code == DONE:
            done += 1
        else:
            not_done.append(_not_done(person, code))
    return Summary(done, tuple(not_done))


def _settled(person: PersonFolder) -> int | None:
    """Return the exit code of the last run, where another one can change nothing."""
    outcome = read_outcome(person)
    same = outcome is not None and outcome.is_final and outcome.plan == digest_of(read_plan(person))
    return outcome.code if outcome is not None and same else None


def _run(person: PersonFolder) -> int:
    command = [sys.executable, "-m", "LongitudinalINRLib.cohort.person", str(person.path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the person's process got it too, and keeps a checkpoint
            process.wait()
            return CANCELLED


def _not_done(person: PersonFolder, code: int) -> NotDone:
    outcome = read_outcome(person)
    if outcome is None or outcome.code != code:
        return NotDone(
            person.participant, code, "The process ended before it could say why.", "Run it again."
        )
    found = f" Found: {outcome.found}." if outcome.found else ""
    return NotDone(person.participant, code if code > 0 else DEFECT, outcome.message + found, outcome.advice)
