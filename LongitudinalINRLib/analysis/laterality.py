"""Whether a follow-up shows left and right exchanged: brains are nearly symmetric, but not wholly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.problem import FitProblem, Image
from LongitudinalINRLib.core.smoothing import smooth

EDGE_MM = 2.0
FINE_MM, COARSE_MM = 2.0, 8.0
"""Folds and ventricles lie between these two smoothings; noise lies below, the scanner's shading above."""

PLANE_SMOOTHING_MM = 4.0
POINTS = 20_000
_PLANE_TRIALS = 120
_FEWEST_VOXELS = 8
_SHIFT_UNIT_MM = 20.0
_FIRST_TRIALS = np.array([[0.0, 0.0, 0.0], [0.2, 0.0, 0.0], [0.0, 0.2, 0.0], [0.0, 0.0, 0.25]])
"""Tilts of the plane forwards and upwards, as tangents, and its shift."""


@dataclass(frozen=True)
class Plane:
    """The plane that halves a brain: the points x with normal . x = offset_mm.

    Parameters
    ----------
    normal : Tensor, shape (3,)
        To the right, of length one.
    offset_mm : float
        From the origin of RAS mm along the normal.
    """

    normal: Tensor
    offset_mm: float

    def mirrored(self, points_mm: Tensor) -> Tensor:
        """Return the points on the other side, shape (N, 3)."""
        distance = points_mm @ self.normal - self.offset_mm
        return points_mm - 2.0 * distance[:, None] * self.normal


@dataclass(frozen=True)
class Sides:
    """How a follow-up's sides agree with the baseline's.

    Parameters
    ----------
    symmetric : float
        Correlation of what both sides share: near 1 for the same brain in the same contrast.
    antisymmetric : float
        Correlation of that by which the sides differ: positive for the same brain, near 0 for a symmetric one
        or another person, negative where left and right are exchanged.
    """

    symmetric: float
    antisymmetric: float


def compare_sides(problem: FitProblem) -> tuple[Sides, ...]:
    """Compare the sides of each aligned follow-up with those of the baseline.

    Parameters
    ----------
    problem : FitProblem
        Aligned scans. An alignment does not undo a flip: it turns and shifts, and a mirrored brain fits well.
    """
    points_mm = _points_mm(problem)
    baseline = coarsened(problem.baseline, EDGE_MM)
    plane = middle_plane(baseline, points_mm)
    across_mm = plane.mirrored(points_mm)
    fixed = _Halves(baseline, points_mm, across_mm)
    found = []
    for scan in problem.follow_ups:
        moving = _Halves(coarsened(scan.image, EDGE_MM), points_mm, across_mm)
        seen = fixed.seen & moving.seen
        found.append(
            Sides(
                _correlation(fixed.shared[seen], moving.shared[seen]),
                _correlation(fixed.different[seen], moving.different[seen]),
            )
        )
    return tuple(found)


def middle_plane(baseline: Image, points_mm: Tensor) -> Plane:
    """Find the plane about which a brain resembles its mirror image most, from that of its header on.

    Parameters
    ----------
    baseline : Image
        Coarse voxels do.
    points_mm : Tensor, shape (N, 3)
        Of the brain, RAS mm.
    """
    image = smooth(baseline, PLANE_SMOOTHING_MM)
    values, _ = trilinear(image, points_mm)
    centre = points_mm.mean(0)

    def plane_of(parameters: NDArray[np.float64]) -> Plane:
        normal = torch.cat((torch.ones(1), torch.from_numpy(parameters[:2]).to(torch.float32)))
        normal /= torch.linalg.vector_norm(normal)
        return Plane(normal, float(centre @ normal + parameters[2] * _SHIFT_UNIT_MM))

    def unlikeness(parameters: NDArray[np.float64]) -> float:
        across, seen = trilinear(image, plane_of(parameters).mirrored(points_mm))
        return -_correlation(values[seen], across[seen])

    # Nelder and Mead: three numbers, and interpolated correlation is not smooth in them.
    options = {"maxfev": _PLANE_TRIALS, "initial_simplex": _FIRST_TRIALS, "xatol": 2e-3, "fatol": 1e-5}
    found = minimize(unlikeness, _FIRST_TRIALS[0], method="Nelder-Mead", options=options)
    return plane_of(found.x)


def coarsened(image: Image, edge_mm: float) -> Image:
    """Average voxels into ones of about the given edge."""
    spacing_mm = torch.linalg.vector_norm(torch.linalg.inv(image.world_to_voxel)[:3, :3], dim=0).tolist()
    factors = [
        max(1, min(round(edge_mm / step), size // _FEWEST_VOXELS))
        for step, size in zip(spacing_mm, image.values.shape, strict=True)
    ]
    values = torch.nn.functional.avg_pool3d(image.values[None, None], factors)[0, 0]
    to_coarse = torch.eye(4, dtype=torch.float64)
    for axis, factor in enumerate(factors):
        to_coarse[axis, axis] = 1.0 / factor
        to_coarse[axis, 3] = (1.0 - factor) / (2.0 * factor)
    return Image(values, to_coarse @ image.world_to_voxel)


class _Halves:
    """What the two sides of a brain share at some points, and by what they differ."""

    def __init__(self, image: Image, points_mm: Tensor, across_mm: Tensor):
        fine, coarse = smooth(image, FINE_MM), smooth(image, COARSE_MM)
        details = Image(fine.values - coarse.values, image.world_to_voxel)
        here, seen_here = trilinear(details, points_mm)
        there, seen_there = trilinear(details, across_mm)
        self.seen = seen_here & seen_there
        self.shared, self.different = here + there, here - there


def _points_mm(problem: FitProblem) -> Tensor:
    voxels = problem.mask.cpu().nonzero()
    voxels = voxels[:: max(1, len(voxels) // POINTS)].to(torch.float64)
    to_world = problem.voxel_to_world.cpu()
    return (voxels @ to_world[:3, :3].T + to_world[:3, 3]).to(torch.float32)


def _correlation(one: Tensor, other: Tensor) -> float:
    if not len(one):
        return 0.0
    one, other = one - one.mean(), other - other.mean()
    norm = torch.sqrt(one.square().sum() * other.square().sum())
    return float((one * other).sum() / norm) if norm > 0 else 0.0
