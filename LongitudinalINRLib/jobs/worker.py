"""The process that does a job: ``python -m LongitudinalINRLib.jobs.worker FOLDER``.

Standard output carries events and nothing else; what libraries print goes to `worker.log`. The engine is
imported after the first event, so that a front sees at once that the process lives. With ``--replace`` a new
request on standard input takes the place of the folder's own, once its inputs turn out to be usable.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from LongitudinalINRLib import __version__
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.place import on_disk
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import DEFECT, DONE, details, explain
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import input_files
from LongitudinalINRLib.jobs.integrity import (
    OLDER_RESULT,
    damage,
    damaged,
    holds_older,
    read_results,
    recover,
    take_over,
)
from LongitudinalINRLib.jobs.leaving import leave
from LongitudinalINRLib.jobs.memory import check_address_space
from LongitudinalINRLib.jobs.output import note, open_standard_streams, output_to, own_stdout
from LongitudinalINRLib.jobs.progress import Reporter
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.runner import REPLACE
from LongitudinalINRLib.jobs.sharing import wait_politely
from LongitudinalINRLib.jobs.signals import asked_to_stop


def perform(
    folder: JobFolder,
    emit: events.Emit,
    should_stop: Callable[[], bool],
    *,
    request: Request | None = None,
    same_subject: bool = False,
    may_stay_in_background: bool = False,
    checkpoint_seconds: float = 30.0,
) -> int:
    """Do the job of a folder, tell of everything by events, and return the exit code.

    Parameters
    ----------
    folder : JobFolder
        Holds the request.
    emit : callable
        Takes each event; the last one is `Done`, `Failed` or `Cancelled`.
    should_stop : callable
        Asked at every chunk of work, beside the folder's `cancel` file.
    request : Request, optional
        A new request that takes the place of the folder's own, if that is of the same subject.
    same_subject : bool
        Whether it is known to be, even if its baseline is another scan.
    may_stay_in_background : bool
        Whether the priority and the threads of this process may be changed, where the request asks for it.
    checkpoint_seconds : float
        Time between checkpoints of the fit.
    """
    note(f"LongitudinalINR {__version__}, Python {sys.version}")
    try:
        emit(events.Started(__version__, os.getpid(), resumed=folder.alignment.exists()))
        reporter = Reporter(emit, lambda: should_stop() or folder.cancel_requested())
        recover(folder)
        with folder.working():
            done = None if request else _done_before(folder, reporter)
            done = done or _work(
                folder, reporter, request, same_subject, may_stay_in_background, checkpoint_seconds
            )
    except (Exception, KeyboardInterrupt) as error:
        event, code = explain(error)
        note(str(error) if code != DEFECT else details(error))
        if isinstance(event, events.Cancelled):
            folder.clear_cancel()
        emit(event)
        return code
    note(f"done in {done.seconds:.1f} s")
    emit(done)
    return DONE


def main(arguments: list[str] | None = None) -> int:
    """Run the worker of the folder named on the command line."""
    open_standard_streams()
    wait_politely()
    name, *more = sys.argv[1:] if arguments is None else arguments
    folder = JobFolder(name)
    with own_stdout() as stdout, asked_to_stop() as stopped:
        stream = events.EventStream(stdout)
        if not folder.request.exists():
            event, code = explain(_no_request(folder))
            stream.emit(event)
            return code
        try:
            new = Request.from_json(sys.stdin.read()) if REPLACE in more else None
            take_over(folder)
            with output_to(folder.log):
                return perform(
                    folder,
                    stream.emit,
                    lambda: stopped() or stream.broken,
                    request=new,
                    may_stay_in_background=True,
                )
        except (InputError, OSError, ValueError) as error:
            # The folder is not ours, the log cannot be opened, or the new request has not come whole.
            event, code = explain(error)
            stream.emit(event)
            return code


def _work(
    folder: JobFolder,
    reporter: Reporter,
    new: Request | None,
    same_subject: bool,
    may_stay_in_background: bool,
    checkpoint_seconds: float,
) -> events.Done:
    reporter.begin("prepare")
    check_address_space()
    from LongitudinalINRLib.jobs.device import stay_in_background, take_usable_cores
    from LongitudinalINRLib.jobs.validation import read_request
    from LongitudinalINRLib.jobs.work import work

    request = read_request(new.to_json()) if new else _request(folder)
    take_usable_cores()
    if request.background and may_stay_in_background:
        stay_in_background()
    return work(
        folder,
        request,
        reporter,
        replaces=new is not None,
        same_subject=same_subject,
        checkpoint_seconds=checkpoint_seconds,
    )


def _done_before(folder: JobFolder, reporter: Reporter) -> events.Done | None:
    """Return the end of a job that is finished already, and whole."""
    if not folder.results.exists():
        return None
    if holds_older(folder):
        reporter.warn(OLDER_RESULT)
    harmed = damaged(folder)
    if not harmed:
        folder.delete_inputs()
        written = read_results(folder)
        return events.Done(written.results, written.seconds)
    if {folder.request.name, folder.identity.name} & set(harmed):
        raise damage(folder, harmed)
    inputs = input_files(_request(folder)).items()
    gone = [name for name, path in inputs if not on_disk(folder.resolve(path)).exists()]
    if gone:
        raise damage(folder, [*harmed, f"and {', '.join(gone)}, from which it could be made again"])
    reporter.warn("Made again, because it was changed or missing: " + ", ".join(harmed))
    return None


def _request(folder: JobFolder) -> Request:
    from LongitudinalINRLib.jobs.validation import read_request_file

    return read_request_file(folder.request)


def _no_request(folder: JobFolder) -> InputError:
    return InputError(
        "no-job",
        f"{folder.path.name} is not a job folder.",
        expected="a folder with a request.json",
        found="a folder without it" if folder.path.is_dir() else "no such folder",
        advice="Give the folder that was the output of a fit.",
    )


if __name__ == "__main__":
    leave(main())
