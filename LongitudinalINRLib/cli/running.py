"""Doing a job in this process, with its events on the screen."""

from __future__ import annotations

import typer

from LongitudinalINRLib.cli.outcome import say, say_log
from LongitudinalINRLib.cli.screen import Screen
from LongitudinalINRLib.jobs.events import EventStream
from LongitudinalINRLib.jobs.failures import BAD_INPUT, DEFECT, DONE, explain
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import take_over
from LongitudinalINRLib.jobs.output import output_to, own_stdout
from LongitudinalINRLib.jobs.places import refuse_nested
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.signals import asked_to_stop
from LongitudinalINRLib.jobs.worker import perform
from LongitudinalINRLib.lock import held


def run_new(folder: JobFolder, request: Request, as_json: bool) -> None:
    """Do a new job; where its input cannot be used, nothing of it stays.

    Raises
    ------
    typer.Exit
        The job did not end well.
    """
    refuse_nested(request, folder)
    made_here = folder.create()
    take_over(folder)
    first = folder.state == "empty"
    if first:
        folder.manifest.write_bytes(folder.request, request.to_json().encode())
    code = _run(folder, request, as_json)
    if code == BAD_INPUT and first and not folder.alignment.exists() and not held(folder.lock):
        folder.discard(keep_folder=not made_here)
    _leave(code, folder)


def run_again(folder: JobFolder, as_json: bool) -> None:
    """Go on with the job of a folder.

    Raises
    ------
    typer.Exit
        The job did not end well.
    """
    take_over(folder)
    if not held(folder.lock):  # else it is for the worker that is at it
        folder.clear_cancel()
    _leave(_run(folder, None, as_json), folder)


def _run(folder: JobFolder, request: Request | None, as_json: bool) -> int:
    with own_stdout() as stdout, asked_to_stop() as stopped, output_to(folder.log):
        if as_json:
            stream = EventStream(stdout)
            code = perform(folder, stream.emit, lambda: stopped() or stream.broken, request=request)
            end = None if stream.error is None else explain(stream.error)[0]
        else:
            screen = Screen(stdout)
            with screen.drawn():
                code = perform(folder, screen.show, stopped, request=request)
            end = screen.end
    if end is not None:
        say(end)
    return code


def _leave(code: int, folder: JobFolder) -> None:
    if code == DEFECT:
        say_log(folder.log)
    if code != DONE:
        raise typer.Exit(code)
