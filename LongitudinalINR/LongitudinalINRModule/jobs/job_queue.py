"""Jobs in line: one runs, two can wait. Nothing here waits for anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from LongitudinalINRLib.errors import InputError, LongitudinalError
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRModule.jobs.job import BackgroundJob
from LongitudinalINRModule.jobs.job_store import unusable

LONGEST_LINE = 2
EVENTS_PER_POLL = 50


class Runner(Protocol):
    """The part of `LongitudinalINRLib.jobs.runner.JobRunner` that is used."""

    def start(self) -> None:
        """Start the worker."""

    def poll(self, limit: int = ...) -> list[events.Event]:
        """Return what it said since, at most so much."""

    def cancel(self) -> None:
        """Ask it to stop, and end it if it does not."""

    def kill(self) -> None:
        """End it now."""


class JobQueue:
    """Runs jobs one after the other.

    Parameters
    ----------
    make_runner : callable
        Makes the process of a job folder.
    """

    def __init__(self, make_runner: Callable[[JobFolder], Runner]):
        self._make_runner = make_runner
        self._runner: Runner | None = None
        self.running: BackgroundJob | None = None
        self.waiting: list[BackgroundJob] = []

    @property
    def idle(self) -> bool:
        """Whether nothing runs or waits."""
        return self.running is None and not self.waiting

    @property
    def full(self) -> bool:
        """Whether no other job can wait in line."""
        return len(self.waiting) >= LONGEST_LINE

    def add(self, job: BackgroundJob) -> None:
        """Start a job, or let it wait for those before it.

        Raises
        ------
        InputError
            Two jobs are waiting already.
        """
        self.refuse_when_full()
        job.on_cancel(self.cancel)
        job.state = "waiting"
        self.waiting.append(job)
        self._start_next()

    def refuse_when_full(self) -> None:
        """Refuse another job while two are waiting."""
        if self.full:
            raise InputError(
                "line-full",
                "Two jobs are waiting already.",
                expected=f"at most {LONGEST_LINE} jobs in line",
                found=f"{len(self.waiting)} waiting",
                advice="Wait until one is done, or cancel one.",
            )

    def poll(self) -> None:
        """Hand out what the running worker said since, a bounded number of events."""
        if self._runner is None or self.running is None:
            return
        job = self.running
        said = self._runner.poll(EVENTS_PER_POLL)
        if said and isinstance(said[-1], events.LAST):
            self.running = self._runner = None
            self._start_next()
        job.take(*said)

    def cancel(self, job: BackgroundJob) -> None:
        """Stop a job; one that waits ends at once."""
        if job in self.waiting:
            self.waiting.remove(job)
            job.take(events.Cancelled())
        elif job is self.running and self._runner is not None:
            self._runner.cancel()

    def end_all(self) -> None:
        """End everything now, because the application goes; checkpoints stay."""
        self.waiting.clear()
        if self._runner is not None:
            self._runner.kill()
        self.running = self._runner = None

    def _start_next(self) -> None:
        while self.running is None and self.waiting:
            job = self.waiting.pop(0)
            try:
                runner = self._make_runner(job.folder)
                runner.start()
            except (LongitudinalError, OSError) as raised:
                error = unusable(job.folder, raised) if isinstance(raised, OSError) else raised
                job.take(events.Failed(error.code, error.message, error.expected, error.found, error.advice))
                continue
            job.state = "running"
            self.running, self._runner = job, runner
