"""Running a job: start, progress, cancel, failure, and the line behind it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.words import STAGES
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.loss_plot import LossPlot
from LongitudinalINRModule.stored_documents import is_regular, read_end

if TYPE_CHECKING:
    from LongitudinalINRModule.background.steps import Steps
    from LongitudinalINRModule.jobs.job import BackgroundJob
    from LongitudinalINRModule.jobs.service import JobService

_LOG_BYTES = 200_000
_PREPARING = "Copying the scans…"


class RunSection:
    """Shows the newest job and lets the person act on it.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    service : JobService
        Runs the jobs.
    on_run : callable
        Called when Run is pressed; returns the steps that begin a job, or None.
    """

    def __init__(self, ui: Any, service: JobService, on_run: Callable[[], Steps[BackgroundJob] | None]):
        self._ui, self._service, self._on_run = ui, service, on_run
        self._job: BackgroundJob | None = None
        self._failed: BackgroundJob | None = None
        self._problem = ""
        self._losses = LossPlot(ui.lossLabel)
        self._connections = Connections()
        self._of_job = Connections()
        self._connections.connect(ui.runButton.clicked, self.press)
        self._connections.connect(ui.cancelButton.clicked, self._cancel)
        self._connections.connect(ui.detailsButton.toggled, self._show_log)
        self._connections.connect(ui.resumeFailedButton.clicked, self._resume)
        self._connections.connect(service.changed, self._line_changed)
        self._connections.connect(service.load_failed, self._load_failed)
        self._connections.connect(service.preparing.changed, self._line_changed)
        ui.logTextEdit.visible = False
        ui.failureFrame.visible = False
        self._line_changed()

    def say(self, problem: str) -> None:
        """Say why Run cannot be pressed; empty if it can."""
        full = (
            "Two jobs are waiting already: wait until one is done, or cancel one."
            if self._service.queue.full
            else ""
        )
        self._problem = problem
        text = problem or full or (_PREPARING if self._service.preparing.busy else "")
        self._ui.runButton.enabled = not text
        self._ui.runButton.toolTip = (
            text or "Fit the change between the scans. Slicer stays usable meanwhile."
        )
        self._ui.runMessageLabel.text = text
        self._ui.runMessageLabel.visible = bool(text)

    def fail(self, message: str, advice: str, found: str = "", job: BackgroundJob | None = None) -> None:
        """Say that something went wrong, and what to do; a job's log can be shown, and it can go on."""
        parts = [f"⚠ {message}", found and f"Found: {found}", advice]
        self._ui.failureLabel.text = "\n".join(part for part in parts if part)
        self._leave_failed_job(but=job)
        self._failed = job
        self._ui.detailsButton.visible = job is not None and is_regular(job.folder.log)
        self._ui.detailsButton.checked = False
        self._ui.resumeFailedButton.visible = job is not None and job.state in ("failed", "cancelled")
        self._ui.failureFrame.visible = True

    def follow(self, job: BackgroundJob) -> None:
        """Show the progress of a job that the person has started."""
        self._leave_failure()
        self._watch(job)

    def close(self) -> None:
        """Let the widgets go."""
        self._of_job.close()
        self._connections.close()
        self._losses.close()

    def press(self) -> None:
        """Do as if Run was pressed."""
        steps = self._on_run()
        if steps is not None:
            self._leave_failure()
            self._service.preparing.start(steps, self._prepared, self._not_prepared)
        self._line_changed()

    def _prepared(self, job: BackgroundJob) -> None:
        self._start(job)
        self._line_changed()

    def _not_prepared(self, error: LongitudinalError) -> None:
        self.fail(error.message, error.advice, error.found)

    def _start(self, job: BackgroundJob) -> None:
        """Follow a new job, unless it waits for the one that is followed."""
        self._leave_failure()
        if self._job is None or self._job.finished:
            self._watch(job)

    def _watch(self, job: BackgroundJob) -> None:
        self._of_job.close()
        self._job = job
        self._ui.stageLabel.text = ""
        for signal, show in (
            (job.progressed, self._progress),
            (job.warned, self._warned),
            (job.ended, lambda event: self._ended(job, event)),
        ):
            self._of_job.connect(signal, show)
        self._losses.show(job.loss_history)
        self._ui.progressBar.value = 0
        self._line_changed()
        if job.last_event is not None:
            self._ended(job, job.last_event)

    def _leave_failure(self) -> None:
        self._ui.failureFrame.visible = False
        self._leave_failed_job()

    def _leave_failed_job(self, but: BackgroundJob | None = None) -> None:
        """Leave the job that failed to the section that offers unfinished ones."""
        failed, self._failed = self._failed, None
        if failed is not None and failed is not but:
            self._service.let_go(failed)

    def _cancel(self) -> None:
        self._ui.cancelButton.enabled = False
        self._ui.cancelButton.text = "Cancelling…"
        if self._service.preparing.busy:
            self._service.preparing.stop()
        elif self._job is not None:
            self._job.cancel()

    def _resume(self) -> None:
        failed = self._failed
        if failed is None:
            return
        try:
            job = self._service.resume(failed.stored, failed)
        except LongitudinalError as error:
            self.fail(error.message, error.advice, error.found, failed)
            return
        self._failed = None
        self._start(job)
        self._line_changed()

    def _progress(self, event: events.Progress) -> None:
        self._ui.progressBar.value = round(100 * event.fraction)
        step = "" if event.step is None else f", step {event.step} of {event.steps}"
        left = "" if event.seconds_left is None else f" – {time_left(event.seconds_left)}"
        self._ui.stageLabel.text = f"{STAGES.get(event.stage, event.stage)}{step}{left}"
        if event.losses and self._job is not None:
            self._losses.show(self._job.loss_history)

    def _warned(self, _event: events.Warning) -> None:
        self._line_changed()

    def _ended(self, job: BackgroundJob, event: events.Event) -> None:
        if isinstance(event, events.Failed):
            self.fail(event.message, event.advice, event.found, job)
        elif isinstance(event, events.Cancelled):
            self.fail("The job was cancelled.", "Resume goes on from the last checkpoint.", job=job)
        following = self._service.queue.running
        if following is not None and following is not self._job:
            self._watch(following)

    def _load_failed(self, job: BackgroundJob, error: LongitudinalError) -> None:
        self.fail(error.message, error.advice, error.found, job)

    def _show_log(self, shown: bool) -> None:
        if shown and self._failed is not None:
            self._ui.logTextEdit.setPlainText(_end_of(self._failed.folder.log))
        self._ui.logTextEdit.visible = shown

    def _line_changed(self) -> None:
        queue = self._service.queue
        preparing = self._service.preparing.busy
        running = queue.running is not None
        first = queue.running
        if first is not None and first is not self._job and (self._job is None or self._job.finished):
            self._watch(first)
            return
        self.say(self._problem)
        self._ui.progressFrame.visible = running or preparing
        self._ui.cancelButton.enabled = running or preparing
        if preparing and not running:
            self._ui.progressBar.value = 0
            self._ui.stageLabel.text = _PREPARING
            self._losses.show([])
        self._ui.cancelButton.text = "Cancel"
        count = len(queue.waiting)
        told = [f"⚠ {warning}" for warning in (self._job.warnings if self._job else [])]
        if self._job is not None and isinstance(self._job.last_event, events.Done):
            told.insert(0, f"Done in {duration(self._job.last_event.seconds)}: see Explore.")
        if count:
            told.append(f"{count} more job{'s' if count > 1 else ''} waiting.")
        self._ui.queueLabel.text = "\n".join(told)
        self._ui.queueLabel.visible = bool(told)


def _end_of(log: Path) -> str:
    try:
        return read_end(log, _LOG_BYTES).decode("utf-8", "replace")
    except LongitudinalError as error:
        return str(error)


def time_left(seconds: float) -> str:
    """Write how long it still takes."""
    return f"about {duration(seconds)} left"


def duration(seconds: float) -> str:
    """Write a duration for people."""
    if seconds < 55:
        return f"{max(1, math.ceil(seconds / 5) * 5) if seconds > 5 else max(1, round(seconds))} s"
    minutes = max(1, round(seconds / 60))
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
