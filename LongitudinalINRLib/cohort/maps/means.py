"""Mean change of each group, voxel by voxel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.maps.store import LOG_JACOBIAN, YEARLY, ChangeStore
from LongitudinalINRLib.words import MONTHS_PER_YEAR

LEAST_SHARE = 0.99
"""Of people who have to have data at a voxel that belongs to the analysis."""


@dataclass(frozen=True, eq=False)
class Mean:
    """The mean of log|J| of some people, and how many have data, each of shape (V,)."""

    log_jacobian: NDArray[np.float32]
    count: NDArray[np.int32]

    @property
    def percent(self) -> NDArray[np.float32]:
        """Change in percent: of the geometric mean of |J|."""
        return np.asarray(100.0 * np.expm1(self.log_jacobian), np.float32)


def mean_of(store: ChangeStore, participants: Sequence[str], months: float | None) -> Mean:
    """Return the mean of people.

    Parameters
    ----------
    store : ChangeStore
        Everybody's change.
    participants : sequence of str
        Who.
    months : float or None
        When; None for the change a year. A month that the store does not hold follows from that, as if change
        were even.
    """
    stored = months is not None and months in store.months
    factor = 1.0 if stored or months is None else months / MONTHS_PER_YEAR
    means, counts = [], []
    name, month = (LOG_JACOBIAN, months) if stored else (YEARLY, None)
    for _, values in store.blocks(participants, name, month):
        has_data = np.isfinite(values)
        count = has_data.sum(axis=0)
        total = np.where(has_data, values, 0.0).sum(axis=0, dtype=np.float64)
        means.append(factor * total / np.maximum(count, 1))
        counts.append(count)
    return Mean(np.concatenate(means).astype(np.float32), np.concatenate(counts).astype(np.int32))
