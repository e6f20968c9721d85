"""Scores of an estimate against the truth, at a sample of voxels that represents every region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.prepared import Prepared
from LongitudinalINRLib.analysis import scores
from LongitudinalINRLib.analysis.monotonicity import SignTally, sampled_months
from LongitudinalINRLib.analysis.scores import Score, sample_weights

Values = NDArray[np.float64]
SIGN_VOXELS_PER_REGION = 250


class Estimate(Protocol):
    """What a method found about a subject."""

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| at baseline points (N, 3) in RAS mm, shape (N,)."""

    def rate(self, points_mm: Values, months: float) -> Values:
        """Return d|J|/dt per month there, shape (N,)."""


def score(subject: Prepared, estimate: Estimate, month: float) -> Score:
    """Score an estimate at a month with a known truth, as ``evaluate`` scores a fit."""
    sample = subject.sample
    found = estimate.jacobian(subject.regions.points_mm(sample), month)
    return scores.score(month, found, subject.true_jacobian(month), subject.regions, sample)


def sign_consistency(subject: Prepared, estimate: Estimate, months: Sequence[float]) -> float:
    """Return the mean over the brain of each voxel's share of months with its majority sign of d|J|/dt."""
    sample = subject.regions.even_sample(SIGN_VOXELS_PER_REGION)
    shares = voxel_sign_consistency(subject.regions.points_mm(sample), estimate, months)
    defined = np.isfinite(shares)
    return float(np.average(shares[defined], weights=sample_weights(subject.regions, sample)[defined]))


def voxel_sign_consistency(points_mm: Values, estimate: Estimate, months: Sequence[float]) -> Values:
    """Return each voxel's share of months with its majority sign, up to the last; NaN where none counts."""
    tally = SignTally(len(points_mm))
    for month in sampled_months(months):
        tally.add(estimate.rate(points_mm, month))
    return tally.consistency()
