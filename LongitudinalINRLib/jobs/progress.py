"""How far a job is and how long it still takes, over all its stages."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.jobs import events

# Share of a job's time that each stage takes, roughly; the time left corrects itself as a stage goes on.
SHARES = {
    "prepare": 0.02,
    "series": 0.05,
    "outlines": 0.10,
    "align": 0.13,
    "fit": 0.49,
    "model": 0.01,
    "maps": 0.10,
    "regions": 0.06,
    "report": 0.04,
}
SECONDS_BETWEEN_EVENTS = 0.2


class Reporter:
    """Turns what the stages say into events.

    Parameters
    ----------
    emit : callable
        Takes each event.
    should_stop : callable
        Tells whether the job was cancelled.
    clock : callable
        Seconds; for tests.
    """

    def __init__(
        self,
        emit: events.Emit,
        should_stop: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.should_stop = should_stop
        self.warnings: list[str] = []
        self.seconds: dict[str, float] = {}
        self._emit = emit
        self._clock = clock
        self._stage = "prepare"
        self._began = clock()
        self._said = -math.inf

    def begin(self, stage: str) -> None:
        """Enter a stage; the stages come in the order of `SHARES`."""
        self._close()
        self._stage = stage
        self._began = self._clock()
        self._said = -math.inf
        self.progress(0.0)

    def finish(self) -> None:
        """Leave the last stage."""
        self._close()

    def progress(
        self,
        share: float,
        *,
        step: int | None = None,
        steps: int | None = None,
        losses: dict[str, float] | None = None,
        seconds_left: float | None = None,
    ) -> None:
        """Say how much of this stage is done, 0 to 1; a call that comes too soon after another is dropped.

        Parameters
        ----------
        share : float
            Share of the stage that is done.
        step, steps, losses
            See `events.Progress`.
        seconds_left : float, optional
            What the stage still takes, where it knows better than its share tells.
        """
        now = self._clock()
        if now - self._said < SECONDS_BETWEEN_EVENTS and share < 1:
            return
        self._said = now
        elapsed = now - self._began
        if seconds_left is None and share > 0:
            seconds_left = elapsed * (1 - share) / share
        finite = {name: value for name, value in (losses or {}).items() if math.isfinite(value)}
        left = None if seconds_left is None else seconds_left + self._later_seconds(elapsed + seconds_left)
        fraction = self._before() + SHARES[self._stage] * min(max(share, 0.0), 1.0)
        self._emit(events.Progress(self._stage, round(fraction, 4), step, steps, finite, left))

    def warn(self, message: str) -> None:
        """Say something to know about the result, once."""
        if message not in self.warnings:
            self.warnings.append(message)
            self._emit(events.Warning(message))

    def check_stop(self) -> None:
        """Stop here if the job was cancelled.

        Raises
        ------
        Cancelled
            It was.
        """
        if self.should_stop():
            raise Cancelled

    def _close(self) -> None:
        self.seconds[self._stage] = self._clock() - self._began

    def _before(self) -> float:
        stages = list(SHARES)
        return sum(SHARES[stage] for stage in stages[: stages.index(self._stage)])

    def _later_seconds(self, stage_seconds: float) -> float:
        later = 1.0 - self._before() - SHARES[self._stage]
        return stage_seconds * later / SHARES[self._stage]
