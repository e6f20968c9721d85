"""The learning rate over the steps: rise, hold, fall; and when holding no longer pays."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

WARM_UP_STEPS = 20


@dataclass(frozen=True)
class Schedule:
    """Learning-rate factor of each step.

    The rate rises over the first steps, holds, and falls along a half cosine over the last ones. The fall can
    begin early, once holding no longer pays.

    Parameters
    ----------
    steps : int
        Length of the fit.
    fall_steps : int
        Steps of the fall.
    """

    steps: int
    fall_steps: int

    @property
    def latest_fall(self) -> int:
        """Step at which the fall must begin."""
        return max(0, self.steps - self.fall_steps)

    def factor(self, step: int, fall_from: int) -> float:
        """Return the factor of a step when the fall begins at `fall_from`."""
        rise = min(1.0, (step + 1) / WARM_UP_STEPS)
        into_fall = (step - fall_from) / max(1, self.fall_steps)
        if into_fall <= 0:
            return rise
        return rise * 0.5 * (1 + math.cos(math.pi * min(1.0, into_fall)))


@dataclass
class Plateau:
    """Notices that the loss has stopped falling: the means of two successive windows hardly differ.

    Parameters
    ----------
    window_steps : int
        Length of a window.
    least_gain : float
        Fall of the mean per window that is worth going on for.
    totals : list of float
        Losses since the images last changed; at most two windows.
    """

    window_steps: int
    least_gain: float
    totals: list[float] = field(default_factory=list)

    def add(self, total: float) -> None:
        """Take note of the loss of a step."""
        self.totals = [*self.totals, total][-2 * self.window_steps :]

    @property
    def reached(self) -> bool:
        """Whether two full windows differ by less than the least gain worth waiting for."""
        window = self.window_steps
        if window == 0 or len(self.totals) < 2 * window:
            return False
        before, after = self.totals[:window], self.totals[window:]
        return (sum(before) - sum(after)) / window < self.least_gain
