"""Whether a fitted series can be believed: what each scan leaves unexplained, how plausible the change is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from LongitudinalINRLib.analysis.course import course_of, main_course
from LongitudinalINRLib.analysis.pace import Pace, fastest_pace
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.scores import log_jacobian
from LongitudinalINRLib.core.intensity_model import drift_basis, unexplained
from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.problem import FitProblem, Image
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.smoothing import smooth

POINTS = 40_000
EVERY_NTH_POINT, MONTHS_TRIED = 4, 13
"""The search for the month that explains a scan best is coarse: it only has to tell a wrong month."""

SMOOTHING_MM = 1.5
"""Both scans are smoothed by this: noise leaves, misplaced anatomy stays."""

DRIFT_DEGREE = 2
SMALLEST_NOTABLE_CHANGE = 0.02
"""Root mean square of log |J|: two visits 81 days apart, in slices of 3 mm, seem to differ by 0.016."""

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
    best_month : float
        Month, of some from the baseline to the last scan, at which the deformation explains the scan best.
    share_at_best_month : float
        What it would leave unexplained there.
    """

    months: float
    unexplained_share: float
    implausible_share: float
    best_month: float
    share_at_best_month: float


@dataclass(frozen=True)
class SeriesQuality:
    """How the follow-ups of a series look after the fit.

    Parameters
    ----------
    scans : tuple of ScanQuality
        Ascending in time.
    course : tuple of float
        The main course of the fitted change at each follow-up: what the pattern of change that the scans
        share most amounts to, as a root mean square of log |J|; its last value is not negative.
    seen_course : tuple of float
        The same of the scans themselves, as a share of the range of intensities: a fit is smooth in time and
        can hide a wrong order.
    fastest : Pace, optional
        The fastest pace between any two scans that differ notably.
    """

    scans: tuple[ScanQuality, ...]
    course: tuple[float, ...]
    seen_course: tuple[float, ...]
    fastest: Pace | None


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
    log_jacobians = log_jacobian(np.stack([evaluator.jacobian(on_points, month) for month in problem.months]))
    implausible = (np.abs(log_jacobians) > np.log(IMPLAUSIBLE_FACTOR)).mean(axis=1)
    baseline = smooth(problem.baseline, SMOOTHING_MM)
    fine, coarse = (_Comparison(model, baseline, p) for p in (points_mm, points_mm[::EVERY_NTH_POINT]))
    scans = []
    for scan, beyond in zip(problem.follow_ups, implausible, strict=True):
        image = smooth(scan.image, SMOOTHING_MM)
        tried = {scan.months, *np.linspace(0.0, max(problem.months), MONTHS_TRIED).tolist()}
        by_month = {month: coarse.unexplained_share(image, month) for month in sorted(tried)}
        best = min(by_month, key=lambda month: by_month[month])
        share = fine.unexplained_share(image, scan.months)
        scans.append(ScanQuality(scan.months, share, float(beyond), best, by_month[best]))
    fastest = fastest_pace(problem.months, log_jacobians, SMALLEST_NOTABLE_CHANGE)
    return SeriesQuality(tuple(scans), main_course(log_jacobians), course_of(problem), fastest)


class _Comparison:
    """What a deformation leaves unexplained of scans, at some points.

    Parameters
    ----------
    model : FittedModel
        The deformation.
    baseline : Image
        What explains the scans.
    points_mm : Tensor, shape (N, 3)
        Baseline RAS mm.
    """

    def __init__(self, model: FittedModel, baseline: Image, points_mm: Tensor):
        fixed, self._seen = trilinear(baseline, points_mm)
        self._basis = drift_basis(points_mm, fixed, DRIFT_DEGREE)
        self._model = model
        self._points_mm = points_mm

    def unexplained_share(self, image: Image, months: float) -> float:
        """Return the share of a scan's variance that is left if it was taken at a month."""
        followed, inside = trilinear(image, self._model.warp(self._points_mm, months))
        weight = (inside & self._seen).to(followed.dtype)
        left = unexplained(self._basis, followed[None], weight[None])[0]
        mean = (weight * followed).sum() / weight.sum().clamp_min(1)
        variance = (weight * (followed - mean)).square().sum()
        return float((weight * left.square()).sum() / variance) if variance > 0 else 1.0
