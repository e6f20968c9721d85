"""One fit in the background, as panel and scripts see it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import vtk

from LongitudinalINRLib.jobs import events
from LongitudinalINRModule.background.signal import Signal
from LongitudinalINRModule.jobs.job_store import StoredJob

if TYPE_CHECKING:
    import slicer

    from LongitudinalINRLib.jobs.folder import JobFolder

State = Literal["waiting", "running", "done", "failed", "cancelled"]

_END_STATES: dict[type, State] = {
    events.Done: "done",
    events.Failed: "failed",
    events.Cancelled: "cancelled",
}


class BackgroundJob:
    """A fit that waits, runs or has ended.

    Attributes
    ----------
    progressed, warned, ended : Signal
        Emitted with the event, on the main thread: `Progress`, `Warning`, and the last one.
    loss_history : list of (int, dict)
        Step and loss terms, as they came.
    warnings : list of str
        What the worker warned of.
    result : SceneResult or None
        What was loaded into the scene, once it was.
    arriving : bool
        Whether the result is on its way into the scene.

    Parameters
    ----------
    stored : StoredJob
        Its folder.
    baseline : vtkMRMLScalarVolumeNode, optional
        The scan that the results lie on; None for a job found at start.
    process_events : callable
        Lets the application work while a script waits.
    """

    def __init__(
        self, stored: StoredJob, baseline: Any = None, process_events: Callable[[], None] = lambda: None
    ):
        self.stored = stored
        self.state: State = "waiting"
        self.progress: events.Progress | None = None
        self.last_event: events.Event | None = None
        self.loss_history: list[tuple[int, dict[str, float]]] = []
        self.warnings: list[str] = []
        self.result: Any = None
        self.arriving = False
        self.progressed, self.warned, self.ended = Signal(), Signal(), Signal()
        # The node itself and not its ID: after a scene was closed, another person's scan gets the same ID.
        self._baseline = vtk.vtkWeakReference()
        self._baseline.Set(baseline)
        self._cancel: Callable[[BackgroundJob], None] = lambda _: None
        self._process_events = process_events

    @property
    def folder(self) -> JobFolder:
        """The job folder."""
        return self.stored.folder

    @property
    def finished(self) -> bool:
        """Whether the job has ended, however."""
        return self.state in _END_STATES.values()

    def baseline(self, scene: slicer.vtkMRMLScene) -> Any:
        """Return the baseline if it is still in the scene, else None."""
        node = self._baseline.Get()
        return node if node is not None and node.GetScene() is scene else None

    def cancel(self) -> None:
        """Stop the job, waiting or running; what was reached is kept and can be resumed."""
        self._cancel(self)

    def wait(self, seconds: float | None = None) -> events.Event | None:
        """Wait for the end, and for the result in the scene, while the application works; for scripts.

        Returns
        -------
        Event or None
            `Done`, `Failed` or `Cancelled`; None if it had not ended in time.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while (not self.finished or self.arriving) and (end is None or time.monotonic() < end):
            self._process_events()
            time.sleep(0.01)
        return self.last_event

    def on_cancel(self, cancel: Callable[[BackgroundJob], None]) -> None:
        """Say who stops the job."""
        self._cancel = cancel

    def take(self, *said: events.Event) -> None:
        """Take in what the worker said since; of the progress, the newest is passed on."""
        newest = None
        for event in said:
            if isinstance(event, events.Progress):
                newest = event
                if event.step is not None and event.losses:
                    self.loss_history.append((event.step, event.losses))
            elif isinstance(event, events.Warning):
                self.warnings.append(event.message)
                self.warned.emit(event)
        if newest is not None:
            self.progress = newest
            self.progressed.emit(newest)
        if said and isinstance(said[-1], events.LAST):
            self.last_event = said[-1]
            self.state = _END_STATES[type(said[-1])]
            self.ended.emit(said[-1])
