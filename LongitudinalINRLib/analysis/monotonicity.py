"""Whether tissue keeps shrinking or keeps growing: the signs of d|J|/dt over the months."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.points import Values

RATE_FLOOR_PERCENT_PER_YEAR = 0.1
"""Slower changes than this have no sign: they are left out."""


def sampled_months(observed_months: Sequence[float]) -> list[float]:
    """Return the months whose signs count: monthly from the first to the last scan, both included."""
    last = max(observed_months)
    return sorted({*map(float, range(math.floor(last) + 1)), float(last)})


class SignTally:
    """Counts, voxel by voxel, in how many months the volume grew and in how many it shrank.

    Parameters
    ----------
    voxels : int
        How many voxels are followed.
    """

    def __init__(self, voxels: int):
        self._growing = np.zeros(voxels, np.int32)
        self._shrinking = np.zeros(voxels, np.int32)

    def add(self, rate_per_month: Values) -> None:
        """Count one month.

        Parameters
        ----------
        rate_per_month : ndarray, shape (N,)
            d|J|/dt of every voxel at that month.
        """
        percent_per_year = 1200.0 * rate_per_month
        self._growing += percent_per_year >= RATE_FLOOR_PERCENT_PER_YEAR
        self._shrinking += percent_per_year <= -RATE_FLOOR_PERCENT_PER_YEAR

    def consistency(self) -> Values:
        """Return the share of counted months with the majority sign, shape (N,); NaN where none counts."""
        counted = self._growing + self._shrinking
        majority = np.maximum(self._growing, self._shrinking)
        share = np.full(len(counted), np.nan)
        np.divide(majority, counted, out=share, where=counted > 0)
        return share

    def changes_sign(self) -> NDArray[np.bool_]:
        """Tell of every voxel whether it grew in one month and shrank in another, shape (N,)."""
        return np.asarray((self._growing > 0) & (self._shrinking > 0))
