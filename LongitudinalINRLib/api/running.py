"""A job in a process of its own, with its progress in a notebook or on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from LongitudinalINRLib import errors
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.runner import JobRunner
from LongitudinalINRLib.plain_text import one_line
from LongitudinalINRLib.words import STAGES

SECONDS_BETWEEN_LOOKS = 0.1
_NOT_OF_THE_INPUT = ("defect", "dependency-missing", "worker-died", "worker-not-started")


def run(folder: JobFolder, progress: bool, new: Request | None = None) -> None:
    """Do the job of a folder and wait for its end; an interruption cancels it.

    Parameters
    ----------
    folder : JobFolder
        Holds the request.
    progress : bool
        Whether to show how far it is, and its warnings.
    new : Request, optional
        A request that takes the place of the folder's own once its inputs turn out to be usable.

    Raises
    ------
    LongitudinalError
        It did not end well: `InputError`, `Cancelled` or `OutOfMemory` where it is one of these.
    """
    runner = JobRunner(folder, request=new)
    runner.start()
    with _shown(progress) as show:
        while not runner.finished:
            try:
                for event in runner.poll():
                    show(event)
                if not runner.finished:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
            except KeyboardInterrupt:
                runner.cancel()
    _raise(runner.last_event)


def _raise(last: events.Event | None) -> None:
    if isinstance(last, events.Cancelled):
        raise errors.Cancelled
    if not isinstance(last, events.Failed):
        return
    kind = errors.LongitudinalError if last.code in _NOT_OF_THE_INPUT else errors.InputError
    if last.code == "out-of-memory":
        kind = errors.OutOfMemory
    raise kind(last.code, last.message, expected=last.expected, found=last.found, advice=last.advice)


@contextmanager
def _shown(wanted: bool) -> Iterator[events.Emit]:
    """Give what shows events while inside: a bar in notebooks and on terminals, warnings everywhere."""
    console = Console(highlight=False, quiet=not wanted)
    columns = (TextColumn("{task.description:<32}"), BarColumn(), TaskProgressColumn())
    drawn = wanted and (console.is_jupyter or sys.stdout.isatty())
    with Progress(*columns, console=console, disable=not drawn) as bar:
        task = bar.add_task("Starting", total=1.0)

        def show(event: events.Event) -> None:
            match event:
                case events.Progress():
                    bar.update(task, completed=event.fraction, description=STAGES[event.stage])
                case events.Warning():
                    console.print(f"[yellow]Warning:[/] {escape(one_line(event.message))}")
                case events.Done():
                    bar.update(task, completed=1.0, description="Done")

        yield show
