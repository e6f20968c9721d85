"""Doing the people of a cohort on one of the engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from LongitudinalINRLib.cohort.engines.child import PERSON, give_up
from LongitudinalINRLib.cohort.engines.engine import Engine, EngineName
from LongitudinalINRLib.cohort.engines.slurm_options import USUAL_JOB, SlurmOptions
from LongitudinalINRLib.cohort.engines.summary import Summary
from LongitudinalINRLib.cohort.engines.telling import Planned, Tell
from LongitudinalINRLib.cohort.engines.window import Ends, Window
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import Outcome, read_outcome
from LongitudinalINRLib.cohort.settled import settled
from LongitudinalINRLib.jobs.failures import DEFECT, DONE
from LongitudinalINRLib.jobs.signals import asked_to_stop
from LongitudinalINRLib.plain_text import one_line

_UNKNOWN = "0" * 64
"""Stands for the digest of a plan that could not be read."""


def run(
    people: Iterable[PersonFolder],
    *,
    engine: EngineName,
    jobs: int,
    scheduler: str | None = None,
    retries: int = 2,
    tell: Tell = lambda _: None,
    slurm: SlurmOptions = USUAL_JOB,
    gpu: bool = False,
    module: str = PERSON,
    timeout_seconds: float | None = None,
) -> Summary:
    """Do people, several at once, until all are settled or the person asks to stop.

    May be killed at any moment: the same call goes on where it was. The first Ctrl-C or SIGTERM lets every
    process write its checkpoint and end.

    Parameters
    ----------
    people : iterable of PersonFolder
        With their plans; all of one cohort.
    engine, jobs, scheduler, slurm, gpu, module, timeout_seconds
        See `Engine`.
    retries : int
        How often a person that failed is tried again in this run; bad input never is.
    tell : callable
        Takes what happens, in the calling thread.

    Raises
    ------
    InputError
        The engine cannot be had.
    """
    folders = {person.participant: person for person in people}
    before = {name: outcome for name, person in folders.items() if (outcome := settled(person))}
    left = [str(person.path) for name, person in folders.items() if name not in before]
    bad = sum(outcome.code != DONE for outcome in before.values())
    tell(Planned(len(folders), len(before) - bad, bad))
    window = Window(left, retries, tell, _lost)
    if left:
        logs = PersonFolder(left[0]).cohort.logs
        where = Engine(engine, jobs, scheduler, gpu, slurm, module, timeout_seconds)
        with asked_to_stop() as stopped, where.pool(logs, window.heard, tell) as pool:
            window.work(pool, stopped)
    return _summary(before, left, window.ends)


def _lost(folder: str, error: BaseException) -> None:
    """Write that whatever worked on a person is gone."""
    found = one_line(f"{type(error).__name__}: {error}")
    give_up(
        PersonFolder(folder), "worker-lost", "The worker that was at this person was lost.", found, DEFECT
    )


def _summary(before: Mapping[str, Outcome], left: Iterable[str], ends: Ends) -> Summary:
    ended = {*ends.done, *ends.failed, *ends.cancelled}
    return Summary(
        (*(name for name, end in before.items() if end.code == DONE), *_names(ends.done)),
        {name: end for name, end in before.items() if end.code != DONE}
        | {PersonFolder(path).participant: _outcome(path, code) for path, code in ends.failed.items()},
        _names(ends.cancelled),
        _names(path for path in left if path not in ended),
    )


def _names(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(PersonFolder(path).participant for path in paths)


def _outcome(path: str, code: int) -> Outcome:
    """Return what a person's folder says of the end, or what little is known where it says nothing."""
    outcome = None
    with suppress(OSError):
        outcome = read_outcome(PersonFolder(path))
    if outcome is not None and outcome.code == code:
        return outcome
    return Outcome(
        plan=_UNKNOWN,
        code=code,
        error="no-outcome",
        message="How the work for this person ended could not be written.",
        expected="a folder that can be written, and room on the disk",
        found=f"exit code {code}, and nothing of it in {one_line(path)}",
        advice="Look at the room on the disk (df) and at who may write there (ls -ld), then run the same "
        "command again.",
    )
