"""Each group's mean change over time: the line of the model, and what was seen, so that a curve shows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.statistics.contrasts import LEVEL, percent
from LongitudinalINRLib.cohort.statistics.region_model import RegionModel
from LongitudinalINRLib.cohort.statistics.rows import TrajectoryPoint

Values = NDArray[np.float64]

MODEL, OBSERVED = "model", "observed"
EVERY_MONTHS = 3.0
BIN_MONTHS = 6.0
"""Follow-ups nearest to the same multiple of this, of at least one, are taken together."""

FEWEST_OBSERVED = 3


def line_of_model(model: RegionModel) -> Iterator[TrajectoryPoint]:
    """Yield the mean change of each group by month, up to its last follow-up, with the pointwise band."""
    from scipy.stats import t

    far = float(t.ppf((1 + LEVEL) / 2, model.degrees))
    errors = np.sqrt(np.diag(model.covariance))
    for group, name in enumerate(model.groups):
        last = 12.0 * float(model.last_years[group])
        for months in (*np.arange(0.0, last, EVERY_MONTHS).tolist(), last):
            mean, half = model.mean[group] * months / 12.0, far * errors[group] * months / 12.0
            yield TrajectoryPoint(
                name,
                model.region,
                model.label,
                months,
                percent(mean),
                percent(mean - half),
                percent(mean + half),
                MODEL,
                model.people[group],
            )


def observed_means(
    model: RegionModel, member: NDArray[np.int64], groups: tuple[str, ...], years: Values, log_ratio: Values
) -> Iterator[TrajectoryPoint]:
    """Yield the mean of the follow-ups of each group about every sixth month, with its 95 % interval.

    Neither weights nor covariates: what is seen, where there are at least three people.

    Parameters
    ----------
    model : RegionModel
        Of the region.
    member : ndarray of int, shape (N,)
        Group of each row.
    groups : tuple of str
        Names of the groups.
    years, log_ratio : ndarray, shape (N,)
        When, and what was found.
    """
    from scipy.stats import t

    bins = np.maximum(np.round(12.0 * years / BIN_MONTHS), 1).astype(np.int64)
    for group, name in enumerate(groups):
        for each in np.unique(bins[member == group]):
            chosen = (member == group) & (bins == each)
            count = int(chosen.sum())
            if count < FEWEST_OBSERVED or name not in model.groups:
                continue
            mean = float(log_ratio[chosen].mean())
            half = float(t.ppf((1 + LEVEL) / 2, count - 1) * log_ratio[chosen].std(ddof=1) / np.sqrt(count))
            yield TrajectoryPoint(
                name,
                model.region,
                model.label,
                float(12.0 * years[chosen].mean()),
                percent(mean),
                percent(mean - half),
                percent(mean + half),
                OBSERVED,
                count,
            )
