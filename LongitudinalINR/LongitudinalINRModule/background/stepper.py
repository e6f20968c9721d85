"""Tasks in steps, done one after the other while the window answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import qt

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.background.signal import Signal
from LongitudinalINRModule.background.steps import Steps, T, Work

TICK_MS = 5


@dataclass
class _Task:
    steps: Steps[Any]
    on_done: Callable[[Any], None]
    on_failed: Callable[[LongitudinalError], None]
    on_stopped: Callable[[], None]


class Stepper:
    """Does the steps of one task after the other, a step at each tick of a timer.

    Attributes
    ----------
    changed : Signal
        Emitted when a task has begun or ended.
    """

    def __init__(self) -> None:
        self.changed = Signal()
        self._tasks: deque[_Task] = deque()
        self._thread = ThreadPoolExecutor(1, "LongitudinalINR")
        self._working: Future[Any] | None = None
        self._stopping = False
        self._ticking = False
        self._timer = qt.QTimer()
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def busy(self) -> bool:
        """Whether something is being done, or waits for that."""
        return bool(self._tasks)

    def start(
        self,
        steps: Steps[T],
        on_done: Callable[[T], None],
        on_failed: Callable[[LongitudinalError], None],
        on_stopped: Callable[[], None] = lambda: None,
    ) -> None:
        """Do steps from the next tick on, after those that are being done.

        Parameters
        ----------
        steps : generator
            The work.
        on_done : callable
            Takes what the generator returned.
        on_failed : callable
            Takes the error that says what went wrong; any other error is a fault, and goes to Slicer's log.
        on_stopped : callable
            Called when the work was stopped before its end.
        """
        self._tasks.append(_Task(steps, on_done, on_failed, on_stopped))
        if len(self._tasks) == 1:
            self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Stop what is being done, as soon as the other thread has ended its step."""
        self._stopping = self.busy

    def close(self) -> None:
        """Stop everything now: the module goes."""
        self._timer.stop()
        self._timer.timeout.disconnect(self._tick)
        self._thread.shutdown(wait=True, cancel_futures=True)
        while self._tasks:
            self._tasks.popleft().steps.close()

    def _tick(self) -> None:
        if self._ticking or (self._working is not None and not self._working.done()):
            return
        self._ticking = True  # a step may let Qt handle events, this timer's among them
        try:
            self._step()
        finally:
            self._ticking = False

    def _step(self) -> None:
        task, working, self._working = self._tasks[0], self._working, None
        if self._stopping:
            task.steps.close()
            self._end(task.on_stopped)
            return
        try:
            work = _next(task.steps, working)
        except StopIteration as end:
            self._end(partial(task.on_done, end.value))
        except LongitudinalError as error:
            self._end(partial(task.on_failed, error))
        except BaseException:
            self._end(task.on_stopped)
            raise
        else:
            self._working = None if work is None else self._thread.submit(work)

    def _end(self, say: Callable[[], None]) -> None:
        self._tasks.popleft()
        self._stopping = False
        if not self._tasks:
            self._timer.stop()
        try:
            say()
        finally:
            self.changed.emit()


def _next(steps: Steps[Any], working: Future[Any] | None) -> Work | None:
    if working is None:
        return next(steps)
    error = working.exception()
    return steps.send(working.result()) if error is None else steps.throw(error)
