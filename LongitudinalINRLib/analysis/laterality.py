"""Whether a follow-up shows left and right exchanged: brains are nearly symmetric, but no two sides are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
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
_LARGEST_TILT = 0.5
_PLANE_STEPS = 120


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


def sides(problem: FitProblem) -> tuple[Sides, ...]:
    """Compare the sides of each aligned follow-up with those of the baseline."""
    points_mm = _lattice_mm(problem)
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
    """Find the plane about which a brain resembles its mirror image most, from the plane of RAS on."""
    image = smooth(baseline, PLANE_SMOOTHING_MM)
    values, _ = trilinear(image, points_mm)
    centre = points_mm.mean(0)

    def plane_of(parameters: np.ndarray) -> Plane:
        turn_z, turn_y, shift_mm = parameters.tolist()
        normal = torch.tensor([1.0, turn_z, turn_y])
        normal /= torch.linalg.vector_norm(normal)
        return Plane(normal, float(centre @ normal) + 20.0 * shift_mm)

    def unlike(parameters: np.ndarray) -> float:
        across, seen = trilinear(image, plane_of(parameters).mirrored(points_mm))
        return -_correlation(values[seen], across[seen]) if seen.any() else 0.0

    start = np.array([[0, 0, 0], [0.2, 0, 0], [0, 0.2, 0], [0, 0, 0.25]], float)
    found = minimize(
        unlike,
        start[0],
        method="Nelder-Mead",
        options={"maxfev": _PLANE_STEPS, "initial_simplex": start, "xatol": 2e-3, "fatol": 1e-5},
    )
    return plane_of(found.x)


def coarsened(image: Image, edge_mm: float) -> Image:
    """Average voxels into ones of about the given edge."""
    spacing_mm = torch.linalg.vector_norm(torch.linalg.inv(image.world_to_voxel)[:3, :3], dim=0).tolist()
    factors = [max(1, round(edge_mm / step)) for step in spacing_mm]
    values = torch.nn.functional.avg_pool3d(image.values[None, None], factors)[0, 0]
    to_coarse = torch.eye(4, dtype=torch.float64)
    for axis, factor in enumerate(factors):
        to_coarse[axis, axis] = 1.0 / factor
        to_coarse[axis, 3] = (1.0 - factor) / (2.0 * factor)
    return Image(values, to_coarse @ image.world_to_voxel)


class _Halves:
    def __init__(self, image: Image, points_mm: Tensor, across_mm: Tensor):
        fine, coarse = smooth(image, FINE_MM), smooth(image, COARSE_MM)
        details = Image(fine.values - coarse.values, image.world_to_voxel)
        here, seen_here = trilinear(details, points_mm)
        there, seen_there = trilinear(details, across_mm)
        self.seen = seen_here & seen_there
        self.shared, self.different = here + there, here - there


def _lattice_mm(problem: FitProblem) -> Tensor:
    voxels = problem.mask.cpu().nonzero()
    voxels = voxels[:: max(1, len(voxels) // POINTS)].to(torch.float64)
    to_world = problem.voxel_to_world.cpu()
    return (voxels @ to_world[:3, :3].T + to_world[:3, 3]).to(torch.float32)


def _correlation(one: Tensor, other: Tensor) -> float:
    one, other = one - one.mean(), other - other.mean()
    norm = torch.sqrt(one.square().sum() * other.square().sum())
    return float((one * other).sum() / norm) if norm > 0 else 0.0
