"""Scores of an estimate against the truth, at a sample of voxels that represents every region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.prepared import Prepared
from LongitudinalINRLib.analysis.monotonicity import SignTally, sampled_months
from LongitudinalINRLib.analysis.scores import SMALLEST_REGION_ML, log_jacobian

Values = NDArray[np.float64]
SIGN_VOXELS_PER_REGION = 250


class Estimate(Protocol):
    """What a method found about a subject."""

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| at baseline points (N, 3) in RAS mm, shape (N,)."""

    def rate(self, points_mm: Values, months: float) -> Values:
        """Return d|J|/dt per month there, shape (N,)."""


@dataclass(frozen=True)
class Score:
    """How far an estimate of one month is from the truth.

    Parameters
    ----------
    months : float
        The month.
    region_error_points : float
        Mean over regions of at least 0.5 mL of the absolute error of the volume change, in percentage points.
    rmse_log_jacobian : float
        Over the brain.
    correlation : float or None
        Of log |J|, over the brain; None where the truth does not vary.
    slope : float or None
        Of found against true log |J|: below 1 is shrinkage towards no change.
    folded_share : float
        Of the voxels scored, those with |J| <= 0.
    found_percent, true_percent : dict of int to float
        Volume change by label, for the regions that count.
    """

    months: float
    region_error_points: float
    rmse_log_jacobian: float
    correlation: float | None
    slope: float | None
    folded_share: float
    found_percent: dict[int, float] = field(default_factory=dict)
    true_percent: dict[int, float] = field(default_factory=dict)


def score(subject: Prepared, estimate: Estimate, month: float) -> Score:
    """Score an estimate at a month with a known truth."""
    regions, sample = subject.regions, subject.sample
    found = estimate.jacobian(regions.points_mm(sample), month)
    true = subject.true_jacobian(month)
    means_found, means_true = regions.means(found, sample), regions.means(true, sample)
    large = counted_regions(subject)
    weight = sample_weights(subject)
    log_found, log_true = log_jacobian(found), np.log(true)
    covariance = np.cov(log_found, log_true, aweights=weight)
    varies = covariance[1, 1] > 1e-12
    return Score(
        month,
        float(100.0 * np.abs(means_found - means_true)[large].mean()),
        float(np.sqrt(np.average((log_found - log_true) ** 2, weights=weight))),
        float(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])) if varies else None,
        float(covariance[0, 1] / covariance[1, 1]) if varies else None,
        float(np.average(found <= 0, weights=weight)),
        {regions.labels[r]: float(100.0 * (means_found[r] - 1.0)) for r in large},
        {regions.labels[r]: float(100.0 * (means_true[r] - 1.0)) for r in large},
    )


def counted_regions(subject: Prepared) -> list[int]:
    """Return the positions of the regions that are large enough to count; never the whole brain's."""
    volumes_ml = subject.regions.counts * subject.regions.grid.voxel_volume_ml
    return [r for r in range(1, len(volumes_ml)) if volumes_ml[r] >= SMALLEST_REGION_ML]


def sample_weights(subject: Prepared, sample: NDArray[np.int64] | None = None) -> Values:
    """Return how many voxels of the brain each scored voxel stands for."""
    regions = subject.regions
    codes = regions.codes[subject.sample if sample is None else sample]
    size, sampled = (np.bincount(c, minlength=len(regions.labels)) for c in (regions.codes, codes))
    return np.asarray(size[codes] / sampled[codes])


def sign_consistency(subject: Prepared, estimate: Estimate, months: Sequence[float]) -> float:
    """Return the mean over the brain of each voxel's share of months with its majority sign of d|J|/dt."""
    sample = subject.regions.even_sample(SIGN_VOXELS_PER_REGION)
    shares = voxel_sign_consistency(subject.regions.points_mm(sample), estimate, months)
    defined = np.isfinite(shares)
    return float(np.average(shares[defined], weights=sample_weights(subject, sample)[defined]))


def voxel_sign_consistency(points_mm: Values, estimate: Estimate, months: Sequence[float]) -> Values:
    """Return each voxel's share of months with its majority sign, up to the last; NaN where none counts."""
    tally = SignTally(len(points_mm))
    for month in sampled_months(months):
        tally.add(estimate.rate(points_mm, month))
    return tally.consistency()
