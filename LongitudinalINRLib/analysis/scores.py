"""Scores of |J| against a known truth: of whole maps, or at a sample of voxels that stands for them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.points import Values
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.words import SMALLEST_JACOBIAN

SMALLEST_REGION_ML = 0.5
"""Smaller regions do not enter the region error: a few voxels at the border decide about them."""

_LEAST_VARIANCE = 1e-12
"""Of log |J|; below it nothing varies."""


@dataclass(frozen=True)
class Score:
    """How far |J| at one month is from the truth.

    Parameters
    ----------
    months : float
        The month since baseline.
    region_error_points : float or None
        Mean over regions of at least 0.5 mL of the absolute error of the volume change, in percentage points;
        None where there is no such region.
    rmse_log_jacobian : float
        Root of the mean squared error of log |J| over the mask.
    correlation : float or None
        Pearson's, of log |J| with the true one; None where either does not vary.
    slope : float or None
        Of found against true log |J|: below 1 is shrinkage towards no change; None where the truth does not
        vary.
    folded_share : float
        Of the voxels of the mask, those with |J| <= 0.
    found_percent, true_percent : dict of int to float
        Volume change by label, for the regions that count.
    """

    months: float
    region_error_points: float | None
    rmse_log_jacobian: float
    correlation: float | None
    slope: float | None
    folded_share: float
    found_percent: dict[int, float] = field(default_factory=dict)
    true_percent: dict[int, float] = field(default_factory=dict)


def score(
    months: float, found: Values, true: Values, regions: RegionSet, sample: NDArray[np.int64] | None = None
) -> Score:
    """Score |J| at the voxels of a mask, or at some that stand for all of them.

    Parameters
    ----------
    months : float
        The month that the values are of.
    found, true : ndarray, shape (N,) or (S,)
        |J| at the voxels of ``regions``, or at the sample.
    regions : RegionSet
        The mask and its regions.
    sample : ndarray, shape (S,), optional
        Positions in ``regions.voxels``.
    """
    weights = sample_weights(regions, sample)
    log_found, log_true = log_jacobian(found), log_jacobian(true)
    covariance = np.cov(log_found, log_true, aweights=weights, ddof=0)
    varies = covariance[1, 1] > _LEAST_VARIANCE
    both = min(covariance[0, 0], covariance[1, 1]) > _LEAST_VARIANCE
    changes = [100.0 * (regions.means(values, sample) - 1.0) for values in (found, true)]
    counted = counted_regions(regions)
    errors = np.abs(changes[0] - changes[1])[counted]
    by_label = [{regions.labels[r]: float(change[r]) for r in counted} for change in changes]
    return Score(
        months,
        float(errors.mean()) if counted else None,
        float(np.sqrt(np.average((log_found - log_true) ** 2, weights=weights))),
        float(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])) if both else None,
        float(covariance[0, 1] / covariance[1, 1]) if varies else None,
        float(np.average(found <= 0, weights=weights)),
        *by_label,
    )


def counted_regions(regions: RegionSet) -> list[int]:
    """Return the positions of the regions that are large enough to count; never the whole mask's."""
    volumes_ml = regions.counts * regions.grid.voxel_volume_ml
    return [r for r in range(1, len(volumes_ml)) if volumes_ml[r] >= SMALLEST_REGION_ML]


def sample_weights(regions: RegionSet, sample: NDArray[np.int64] | None) -> Values:
    """Return how many voxels of the mask each voxel of a sample stands for; one each without a sample."""
    codes = regions.codes if sample is None else regions.codes[sample]
    size, sampled = (np.bincount(c, minlength=len(regions.labels)) for c in (regions.codes, codes))
    return np.asarray(size[codes] / sampled[codes])


def log_jacobian(jacobian: Values) -> Values:
    """Return log |J| of values of any shape.

    Folded ones count as `SMALLEST_JACOBIAN`; ``folded_share`` says how many there are.
    """
    return np.asarray(np.log(np.maximum(jacobian, SMALLEST_JACOBIAN)))
