"""How fast a series changes: faster than any disease means that its times are in another unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.words import MONTHS_PER_YEAR


@dataclass(frozen=True)
class Pace:
    """How much two scans of a series differ.

    Parameters
    ----------
    from_months, to_months : float
        When they were taken.
    change : float
        Root mean square over the brain of the difference of log |J|: 0.01 is a typical change of 1 %.
    """

    from_months: float
    to_months: float
    change: float

    @property
    def per_year(self) -> float:
        """The change in a year at this pace."""
        return self.change * MONTHS_PER_YEAR / (self.to_months - self.from_months)


def fastest_pace(
    months: Sequence[float], log_jacobians: NDArray[np.float64], smallest_change: float
) -> Pace | None:
    """Return the fastest pace between any two scans that differ notably, or None where none do.

    Parameters
    ----------
    months : sequence of float
        Of the follow-ups, ascending in time.
    log_jacobians : ndarray, shape (F, N)
        log |J| of each follow-up at the same points; the baseline's is zero.
    smallest_change : float
        A smaller change is noise: over a short time it would look like a race.
    """
    at = np.vstack([np.zeros(log_jacobians.shape[1]), log_jacobians])
    paces = [
        Pace(one, other, float(np.sqrt(np.mean(np.square(at[j] - at[i])))))
        for (i, one), (j, other) in combinations(enumerate([0.0, *months]), 2)
    ]
    notable = [pace for pace in paces if pace.change >= smallest_change]
    return max(notable, key=lambda pace: pace.per_year, default=None)
