"""Whether a fitted series can be believed: what each scan leaves unexplained, how plausible the change is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from LongitudinalINRLib.analysis.points import PointEvaluator, Values
from LongitudinalINRLib.analysis.scores import SMALLEST_JACOBIAN
from LongitudinalINRLib.core.intensity_model import drift_basis, unexplained
from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.smoothing import smooth

POINTS = 40_000
SMOOTHING_MM = 1.5
"""Both scans are smoothed by this: noise leaves, misplaced anatomy stays."""

DRIFT_DEGREE = 2
IMPLAUSIBLE_FACTOR = 1.25
"""Tissue that grew or shrank by more than this factor between two scans of a study is rare: ventricles do."""


@dataclass(frozen=True)
class ScanQuality:
    """How a follow-up looks after the fit.

    Parameters
    ----------
    months : float
        When it was taken.
    unexplained_share : float
        Share of its variance that the baseline, deformed, does not explain up to a smooth gain and offset.
    implausible_share : float
        Share of the brain that changed by more than a quarter.
    """

    months: float
    unexplained_share: float
    implausible_share: float


@dataclass(frozen=True)
class SeriesQuality:
    """How the follow-ups of a series look after the fit.

    Parameters
    ----------
    scans : tuple of ScanQuality
        Ascending in time.
    course : tuple of float
        The main course of change at each follow-up: what the pattern of change that the scans share most
        amounts to, as a root mean square of log |J|; its last value is not negative.
    """

    scans: tuple[ScanQuality, ...]
    course: tuple[float, ...]


def series_quality(model: FittedModel, problem: FitProblem) -> SeriesQuality:
    """Look at a sample of points of the brain, the same at every call.

    Parameters
    ----------
    model : FittedModel
        The fit.
    problem : FitProblem
        What was fitted.
    """
    points_mm = BrainSampler(problem, torch.Generator().manual_seed(0)).points(POINTS)
    evaluator = PointEvaluator(model)
    on_points = points_mm.cpu().numpy().astype(np.float64)
    log_jacobians = np.log(
        np.maximum([evaluator.jacobian(on_points, month) for month in problem.months], SMALLEST_JACOBIAN)
    )
    shares = _unexplained_shares(model, problem, points_mm)
    implausible = (np.abs(log_jacobians) > np.log(IMPLAUSIBLE_FACTOR)).mean(axis=1)
    scans = [
        ScanQuality(month, float(share), float(beyond))
        for month, share, beyond in zip(problem.months, shares, implausible, strict=True)
    ]
    return SeriesQuality(tuple(scans), main_course(log_jacobians))


def main_course(log_jacobians: Values) -> tuple[float, ...]:
    """Return the time course of the pattern of change that a series shares most.

    Parameters
    ----------
    log_jacobians : ndarray, shape (F, N)
        log |J| of each follow-up at the same points.

    Returns
    -------
    tuple of float
        The first principal component, without centring: the change at month 0 is zero. In units of a root
        mean square over the points.
    """
    patterns, sizes, _ = np.linalg.svd(log_jacobians, full_matrices=False)
    course = patterns[:, 0] * sizes[0] / np.sqrt(log_jacobians.shape[1])
    return tuple((course if course[-1] >= 0 else -course).tolist())


def turned_back(course: Sequence[float]) -> float:
    """Return how much of a course that starts at zero is undone: the smaller of its ups and its downs."""
    steps = np.diff([0.0, *course])
    return float(min(steps[steps > 0].sum(), -steps[steps < 0].sum()))


def months_that_would_fit(months: Sequence[float], course: Sequence[float]) -> dict[float, float]:
    """Return, for each scan that alone makes a course turn back, the month at which it would not.

    Parameters
    ----------
    months, course : sequence of float
        Of the follow-ups, ascending in time.

    Returns
    -------
    dict of float to float
        By the scan's present month: where the straight lines between the other scans, month 0 included,
        reach its value. Scans whose value the others never reach are left out.
    """
    fitting = {}
    for number, month in enumerate(months):
        others = [0.0, *(m for m in months if m != month)]
        rest = [0.0, *(c for k, c in enumerate(course) if k != number)]
        if len(rest) > 2 and turned_back(rest[1:]) == 0 and rest[0] < course[number] < rest[-1]:
            fitting[month] = float(np.interp(course[number], rest, others))
    return fitting


def _unexplained_shares(model: FittedModel, problem: FitProblem, points_mm: Tensor) -> list[float]:
    fixed, seen = trilinear(smooth(problem.baseline, SMOOTHING_MM), points_mm)
    basis = drift_basis(points_mm, fixed, DRIFT_DEGREE)
    shares = []
    for scan in problem.follow_ups:
        moved_mm = model.warp(points_mm, scan.months)
        followed, inside = trilinear(smooth(scan.image, SMOOTHING_MM), moved_mm)
        weight = (inside & seen).to(followed.dtype)
        left = unexplained(basis, followed[None], weight[None])[0]
        mean = (weight * followed).sum() / weight.sum().clamp_min(1)
        variance = (weight * (followed - mean)).square().sum()
        shares.append(float(left.square().sum() / variance) if variance > 0 else 1.0)
    return shares
