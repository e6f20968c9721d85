"""How far a median of a few subjects may be from that of many like them: the percentile bootstrap [1]_.

References
----------
.. [1] Efron, Tibshirani, "An introduction to the bootstrap", Chapman & Hall, 1993, chapter 13.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 5000
LEVEL = 0.95
SEED = 0


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the interval of the median over subjects; the same values give the same interval.

    Parameters
    ----------
    values : sequence of float
        One of each subject; differences of two methods on the same subjects for a paired comparison. Below
        three subjects nothing can be said: the interval is without bounds.
    """
    known = np.asarray(values, dtype=np.float64)
    if len(known) < 3:
        return -np.inf, np.inf
    drawn = np.random.default_rng(SEED).integers(len(known), size=(RESAMPLES, len(known)))
    low, high = np.quantile(np.median(known[drawn], axis=1), [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return float(low), float(high)
