"""The work for one person: ``python -m LongitudinalINRLib.cohort.person FOLDER [FOLDER ...]``.

It may be killed at any moment and run again: what is done already is not done twice, and people who are
settled are passed over. The exit code is that of the last person that did not end well, or 0.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.bids.space import bring_labels
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import OF_THE_MACHINE, Outcome, read_outcome, write_outcome
from LongitudinalINRLib.cohort.plan import PersonPlan, digest_of, read_plan, request_of
from LongitudinalINRLib.cohort.settled import settled
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.failures import (
    BAD_INPUT,
    CANCELLED,
    DEFECT,
    DONE,
    MACHINE,
    NOT_PUBLISHED,
    explain,
)
from LongitudinalINRLib.jobs.identity import identify
from LongitudinalINRLib.jobs.integrity import take_over
from LongitudinalINRLib.jobs.leaving import leave
from LongitudinalINRLib.jobs.output import open_standard_streams, output_to, own_stdout
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.sharing import wait_politely
from LongitudinalINRLib.jobs.signals import asked_to_stop
from LongitudinalINRLib.jobs.validation import read_request_file
from LongitudinalINRLib.jobs.worker import perform
from LongitudinalINRLib.lock import hold

SECONDS_BETWEEN_LOOKS = 0.5


def run_person(folder: PersonFolder, emit: events.Emit, should_stop: Callable[[], bool]) -> int:
    """Do the job of a person, write how it ended, and return its exit code.

    Parameters
    ----------
    folder : PersonFolder
        Holds the plan.
    emit : callable
        Takes the events of the job; the last one is `Done`, `Failed` or `Cancelled`.
    should_stop : callable
        Asked at every chunk of work.
    """
    began = time.monotonic()
    told: list[events.Event] = []

    def hear(event: events.Event) -> None:
        if isinstance(event, (events.Warning, *events.LAST)):
            told.append(event)
        if not isinstance(event, events.Done):  # which is the end of the fit alone
            emit(event)

    try:
        plan = read_plan(folder)
    except Exception as error:
        event, code = explain(error)
        emit(event)
        return MACHINE if isinstance(error, OSError) else code
    try:
        with _alone_at(folder, emit, should_stop):
            code = _do(plan, folder, told, hear, should_stop)
            write_outcome(_outcome(plan, folder, told, code, time.monotonic() - began), folder)
            if code == DONE:
                emit(next(event for event in told if isinstance(event, events.Done)))
    except (Cancelled, OSError) as error:  # while it waited for its turn, or no outcome can be written
        event, code = explain(error)
        emit(event)
        return MACHINE if isinstance(error, OSError) else code
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the people whose folders are named on the command line, one after the other."""
    open_standard_streams()
    wait_politely()
    code = DONE
    with own_stdout() as stdout, asked_to_stop() as stopped:
        stream = events.EventStream(stdout)
        for name in sys.argv[1:] if arguments is None else arguments:
            folder = PersonFolder(name)
            before = settled(folder)
            if before is not None:  # an engine may have lost the exit code, which is said again
                code = before.code or code
                continue
            ended = run_person(folder, stream.emit, lambda: stopped() or stream.broken)
            code = ended or code
            if ended == CANCELLED:
                break
    return code


def _do(
    plan: PersonPlan,
    folder: PersonFolder,
    told: Sequence[events.Event],
    hear: events.Emit,
    should_stop: Callable[[], bool],
) -> int:
    """Fit, register and publish, and return the exit code; whatever goes wrong is heard."""
    try:
        code = _fit(plan, folder, hear, should_stop)
        if code == DONE and plan.template:
            _carry(folder, hear, should_stop)
        if code == DONE:
            code = _publish(folder, _warnings(plan, folder, told), hear)
    except (Exception, KeyboardInterrupt) as error:
        event, code = explain(error)
        hear(event)
    failures = (event.code for event in told if isinstance(event, events.Failed))
    return MACHINE if any(failure in OF_THE_MACHINE for failure in failures) else code


@contextmanager
def _alone_at(folder: PersonFolder, emit: events.Emit, should_stop: Callable[[], bool]) -> Iterator[None]:
    """Wait for another process that is at the person: one whose engine was killed ends within a moment.

    Raises
    ------
    Cancelled
        This process was asked to stop while it waited.
    """
    told = False
    while True:
        with hold(folder.lock) as got:
            if got:
                yield
                return
        if should_stop():
            raise Cancelled
        if not told:
            told = True
            emit(events.Warning("Another process is at this person: waiting for it to end."))
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _fit(plan: PersonPlan, folder: PersonFolder, emit: events.Emit, should_stop: Callable[[], bool]) -> int:
    job, request = folder.job, request_of(plan)
    if plan.labels is not None:
        bring_labels(plan.labels, Path(request.baseline), folder.labels)
    job.create()
    take_over(job)
    new = None
    if job.state == "empty":
        job.manifest.write_bytes(job.request, request.to_json().encode())
    elif _differs(request, plan, folder, should_stop):
        new = request
    job.clear_cancel()
    with output_to(job.log):
        return perform(job, emit, should_stop, request=new, same_subject=True)  # as the folder says


def _differs(
    request: Request, plan: PersonPlan, folder: PersonFolder, should_stop: Callable[[], bool]
) -> bool:
    """Tell whether the fit in the folder is of another request, or of other inputs under the same names."""
    job, before = folder.job, read_outcome(folder)
    if read_request_file(job.request) != request:
        return True
    if before is not None and before.plan == digest_of(plan) and before.code in (DONE, NOT_PUBLISHED):
        return False
    return not job.identity.exists() or read_identity(job.identity) != identify(request, job, should_stop)


def _carry(folder: PersonFolder, hear: events.Emit, should_stop: Callable[[], bool]) -> None:
    """Register the baseline to the template; where that fails, the person is in the tables alone."""
    try:
        from LongitudinalINRLib.cohort.maps.person import carry_to_template

        carry_to_template(folder, should_stop=should_stop)
    except Cancelled:
        raise
    except Exception as error:  # whatever it is, it is not worth a finished fit
        told, _ = explain(error)
        why = f"{told.message} Found: {told.found}." if isinstance(told, events.Failed) else ""
        hear(events.Warning(f"Not registered to the template of group maps: {why}"))


def _publish(folder: PersonFolder, warnings: Sequence[str], hear: events.Emit) -> int:
    """Write what the cohort shows of a person; what goes wrong there is no fault of scans or fit."""
    from LongitudinalINRLib.cohort.derivatives.publish import publish  # the engine, only after a first event

    try:
        publish(folder, warnings, lambda text: hear(events.Warning(text)))
    except (Exception, KeyboardInterrupt) as error:
        event, code = explain(error)
        hear(event)
        return NOT_PUBLISHED if code in (BAD_INPUT, DEFECT) else code
    return DONE


def _warnings(plan: PersonPlan, folder: PersonFolder, told: Sequence[events.Event]) -> tuple[str, ...]:
    """Return what was warned of: by an earlier run too, which this one may have had nothing to add to."""
    before = read_outcome(folder)
    earlier = before.warnings if before is not None and before.plan == digest_of(plan) else ()
    now = [event.message for event in told if isinstance(event, events.Warning)]
    return tuple(dict.fromkeys([*earlier, *now]))


def _outcome(
    plan: PersonPlan, folder: PersonFolder, told: Sequence[events.Event], code: int, seconds: float
) -> Outcome:
    before = read_outcome(folder)
    again = before is not None and before.plan == digest_of(plan)
    failed = next((event for event in told if isinstance(event, events.Failed)), None)
    about = (
        {}
        if failed is None
        else {
            "error": failed.code,
            "message": failed.message,
            "expected": failed.expected,
            "found": failed.found,
            "advice": failed.advice,
        }
    )
    return Outcome(
        plan=digest_of(plan),
        code=code,
        warnings=_warnings(plan, folder, told),
        attempts=1 + (before.attempts if before and again else 0),
        seconds=round(seconds, 3),
        version=__version__,
        ended=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        **about,
    )


if __name__ == "__main__":
    leave(main())
