"""How each follow-up looks beside the baseline before any fit: its sharpness, its noise, its contrast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from LongitudinalINRLib.analysis.contrast import curved_share
from LongitudinalINRLib.analysis.sharpness import detail_and_grain
from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.problem import FitProblem, Image
from LongitudinalINRLib.core.sampling import BrainSampler

PATCHES, FEWEST_PATCHES = 500, 40
PATCH_VOXELS, CUBE_VOXELS = 10, 3
RIM_VOXELS = 1
"""Left out of the brain: where the skull was taken off, one scan may end before the other."""

SMALLEST_BRAIN_SHARE = 0.6
"""Of a patch; a smaller piece of brain says little about detail."""

_WITHIN = 0.95
_FEWEST_CUBES = 1000


@dataclass(frozen=True)
class Appearance:
    """How a follow-up looks beside the baseline.

    Parameters
    ----------
    months : float
        When it was taken.
    detail_ratio : float
        Power of its fine detail over that of the baseline's: 1 for the same sharpness.
    grain_ratio : float
        Amplitude of its finest grain, which is noise for the most part, over that of the baseline's.
    curved_share : float
        Share of its contrast that a curve between the intensities explains beyond smooth gains and offsets.
    """

    months: float
    detail_ratio: float
    grain_ratio: float
    curved_share: float


def compare_appearance(problem: FitProblem) -> tuple[Appearance, ...]:
    """Compare each aligned follow-up with the baseline, at the same places at every call.

    Both scans are read from their own voxels at points off both grids, so that interpolation blurs them
    alike.

    Parameters
    ----------
    problem : FitProblem
        Aligned scans.

    Returns
    -------
    tuple of Appearance
        Empty where the brain is too small for a comparison; a scan that shows too little of it is left out.
    """
    points_mm, inside = _patches(problem)
    fixed, seen = trilinear(problem.baseline, points_mm)
    found = []
    for scan in problem.follow_ups:
        moving, followed = trilinear(scan.image, points_mm)
        patches = _Patches(points_mm, fixed, moving, inside * (seen & followed))
        if patches.enough:
            detail, grain = detail_and_grain(*patches.windowed())
            found.append(Appearance(scan.months, detail, grain, curved_share(*patches.cubes())))
    return tuple(found)


class _Patches:
    """Two scans at the lattice points of small cubes of the brain."""

    def __init__(self, points_mm: Tensor, fixed: Tensor, moving: Tensor, inside: Tensor):
        chosen = inside.mean(1) >= SMALLEST_BRAIN_SHARE
        self._points_mm = points_mm[chosen]
        self._fixed, self._moving, self._inside = fixed[chosen], moving[chosen], inside[chosen]
        self._within = self._mean(self._inside) > _WITHIN

    @property
    def enough(self) -> bool:
        """Whether there is enough brain to compare."""
        return len(self._fixed) >= FEWEST_PATCHES and int(self._within.sum()) >= _FEWEST_CUBES

    def windowed(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return the two scans and the weights as patches, each of shape (P, E, E, E)."""
        edge = torch.hann_window(PATCH_VOXELS + 2, periodic=False)[1:-1]
        window = edge[:, None, None] * edge[:, None] * edge
        shape = (-1, PATCH_VOXELS, PATCH_VOXELS, PATCH_VOXELS)
        return self._fixed.reshape(shape), self._moving.reshape(shape), self._inside.reshape(shape) * window

    def cubes(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return the means of the two scans over small cubes, their variances, and the cubes' places."""
        spread = torch.zeros(())
        for values in (self._fixed, self._moving):
            spread = spread + self._mean(values.square()) - self._mean(values).square()
        places = torch.stack([self._mean(axis) for axis in self._points_mm.unbind(-1)], dim=-1)
        means = (self._mean(self._fixed), self._mean(self._moving), spread, places)
        fixed, moving, spread, places = (values[self._within] for values in means)
        return fixed, moving, spread, places

    def _mean(self, values: Tensor) -> Tensor:
        patches = values.reshape(-1, 1, PATCH_VOXELS, PATCH_VOXELS, PATCH_VOXELS)
        return torch.nn.functional.avg_pool3d(patches, CUBE_VOXELS).reshape(-1)


def _patches(problem: FitProblem) -> tuple[Tensor, Tensor]:
    """Return the points of patches, RAS mm, shape (P, E^3, 3), and whether each lies in the brain."""
    mask = problem.mask.cpu().numpy().astype(np.uint8)
    inner = ndimage.minimum_filter(mask, 2 * RIM_VOXELS + 1, mode="nearest")
    brain = torch.from_numpy(inner).to(torch.float32)
    points_mm = BrainSampler(problem, torch.Generator().manual_seed(0)).patches(PATCHES, PATCH_VOXELS, True)
    inside, _ = trilinear(Image(brain, problem.baseline.world_to_voxel), points_mm)
    return points_mm, inside
