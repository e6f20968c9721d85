"""The fits that rates, sign consistency and ventricle maps are read from: weights of the monotonic term."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.experiments.experiment import Setting
from benchmarks.accuracy.experiments.structures import sample_of
from benchmarks.accuracy.fitting import Fitted
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import Values
from LongitudinalINRLib.analysis.monotonicity import sampled_months

OWN = SubjectSpec("rates", "five scans in 26 months", 132, months=(0.0, 6.0, 12.0, 18.0, 26.0))
WITHOUT, USUAL, ACTING, STRONG = 0.0, 0.1, 10.0, 100.0
GAMMAS = (WITHOUT, USUAL, ACTING, STRONG)
SOFT_IDENTITY = 1e5
OUR_TIME, PUBLISHED_TIME = "ours", "published"
VARIANTS = (
    *((OUR_TIME, gamma) for gamma in GAMMAS),
    *((PUBLISHED_TIME, gamma) for gamma in (WITHOUT, ACTING)),
)
"""Whose way to let time enter, and the weight."""


def fit_with(setting: Setting, subject: Prepared, gamma: float, time: str = OUR_TIME) -> Fitted:
    """Fit all scans of a subject with a weight of the monotonic term.

    Parameters
    ----------
    setting : Setting
        Decides all other settings.
    subject : Prepared
        Whom.
    gamma : float
        The weight.
    time : {"ours", "published"}
        How it enters. Published: a network that is free at the baseline but for a penalty, time in years, a
        piecewise linear activation.
    """
    months = subject.follow_up_months
    config = replace(setting.config, weights=replace(setting.config.weights, gamma=gamma))
    label = f"gamma-{gamma:g}"
    if time == PUBLISHED_TIME:
        weights = replace(config.weights, lambda_=SOFT_IDENTITY)
        config = replace(
            config, identity="soft", time_unit="years", time_activation="leaky-relu", weights=weights
        )
        label += "-published-time"
    return setting.fitted(subject, label, months, config)


@dataclass(frozen=True, eq=False)
class Course:
    """Rates at voxels of every structure, month by month.

    Parameters
    ----------
    months : list of float, length T
        Monthly from the baseline to the last scan.
    sample : ndarray, shape (N,)
        Positions of the voxels within the subject's regions.
    rates : ndarray, shape (T, N)
        d|J|/dt per month.
    """

    months: list[float]
    sample: NDArray[np.int64]
    rates: Values


def course_of(subject: Prepared, fit: Fitted) -> Course:
    """Follow voxels of every structure through the months."""
    sample = sample_of(subject.regions)
    points_mm = subject.regions.points_mm(sample)
    months = sampled_months(subject.follow_up_months)
    return Course(months, sample, np.stack([fit.rate(points_mm, month) for month in months]))
