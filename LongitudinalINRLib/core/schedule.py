"""The learning rate over the steps: rise, hold, fall."""

from __future__ import annotations

import math
from dataclasses import dataclass

WARM_UP_STEPS = 20


@dataclass(frozen=True)
class Schedule:
    """Learning-rate factor of each step.

    The rate rises over the first steps, holds, and falls along a half cosine over the last ones.

    Parameters
    ----------
    steps : int
        Length of the fit.
    fall_steps : int
        Steps of the fall.
    """

    steps: int
    fall_steps: int

    def factor(self, step: int) -> float:
        """Return the factor of a step."""
        rise = min(1.0, (step + 1) / WARM_UP_STEPS)
        into_fall = (step - max(0, self.steps - self.fall_steps)) / max(1, self.fall_steps)
        if into_fall <= 0:
            return rise
        return rise * 0.5 * (1 + math.cos(math.pi * min(1.0, into_fall)))
