"""Which way the change of a series goes, told from the aligned scans alone, and the months that fit it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from LongitudinalINRLib.core.intensity_model import drift_basis, unexplained
from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.problem import FitProblem, Image
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.smoothing import smooth

POINTS = 40_000
SMOOTHING_MM = 2.0
DRIFT_DEGREE = 2
_STEP_MM = 1.0


def course_of(problem: FitProblem) -> tuple[float, ...]:
    """Return how far each follow-up has gone along the change that the scans share most.

    Parameters
    ----------
    problem : FitProblem
        Aligned scans. No fit is needed, so none can smooth a wrong order away.

    Returns
    -------
    tuple of float
        As `main_course`, of intensities as a share of their range.
    """
    return main_course(_changes(problem))


def main_course(changes: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the time course of the pattern of change that a series shares most.

    Parameters
    ----------
    changes : ndarray, shape (F, N)
        By how much each follow-up differs from the baseline at the same points.

    Returns
    -------
    tuple of float
        The first principal component, without centring: the change at month 0 is zero. A root mean square
        over the points; the last one is not negative.
    """
    patterns, sizes, _ = np.linalg.svd(changes, full_matrices=False)
    course = patterns[:, 0] * sizes[0] / np.sqrt(changes.shape[1])
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


def exchanged_months(months: Sequence[float], course: Sequence[float]) -> tuple[float, float] | None:
    """Return the two months that make a course go one way, and most evenly, once they are exchanged.

    Parameters
    ----------
    months, course : sequence of float
        Of the follow-ups, ascending in time.
    """
    found = []
    for first, second in combinations(range(len(months)), 2):
        values = list(course)
        values[first], values[second] = values[second], values[first]
        values = [0.0, *values] if values[-1] >= 0 else [0.0, *(-value for value in values)]
        if turned_back(values[1:]) == 0:
            evenness = float(np.corrcoef([0.0, *months], values)[0, 1])
            found.append((evenness, (months[first], months[second])))
    return max(found)[1] if found else None


def _changes(problem: FitProblem) -> NDArray[np.float64]:
    """Return what neither shading nor a remaining shift and turn of the head explains, shape (F, N)."""
    points_mm = BrainSampler(problem, torch.Generator().manual_seed(0)).points(POINTS)
    baseline = smooth(problem.baseline, SMOOTHING_MM)
    fixed, seen = trilinear(baseline, points_mm)
    basis = torch.cat((drift_basis(points_mm, fixed, DRIFT_DEGREE), _motion_basis(baseline, points_mm)), -1)
    sampled = [trilinear(smooth(scan.image, SMOOTHING_MM), points_mm) for scan in problem.follow_ups]
    moving = torch.stack([values for values, _ in sampled])
    weight = torch.stack([(inside & seen).to(moving.dtype) for _, inside in sampled])
    # A point that one scan lacks would look like change in the others.
    weight = weight.amin(0, keepdim=True).expand_as(weight)
    if not weight.any():
        return np.zeros(weight.shape)
    return (weight * unexplained(basis, moving, weight)).cpu().numpy().astype(np.float64)


def _motion_basis(baseline: Image, points_mm: Tensor) -> Tensor:
    """Return how the baseline changes at points, to first order, as the head shifts and turns: (N, 6)."""
    steps = _STEP_MM * torch.eye(3, dtype=points_mm.dtype, device=points_mm.device)
    slopes = torch.stack(
        [trilinear(baseline, points_mm + s)[0] - trilinear(baseline, points_mm - s)[0] for s in steps], dim=-1
    )
    centred = points_mm - points_mm.mean(0)
    arms = centred / centred.square().mean().sqrt()
    return torch.cat((slopes, torch.linalg.cross(arms, slopes)), dim=-1)
