"""Model coordinates of space: one isotropic scale, so that a mm is a mm in every direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Domain:
    """The box that the network sees as [-1, 1] along its longest axis.

    Parameters
    ----------
    centre_mm : tuple of 3 float
        Centre of the baseline's field of view, RAS mm.
    half_extent_mm : float
        Longest half-extent of the field of view; the model's unit of length. With one scale for the three
        axes the Jacobian determinant in model coordinates is the one in mm.
    """

    centre_mm: tuple[float, float, float]
    half_extent_mm: float

    @classmethod
    def around(cls, shape: Sequence[int], voxel_to_world: Tensor) -> Domain:
        """Return the domain of a grid of `shape` voxels with the given (4, 4) voxel-to-RAS affine."""
        last = torch.tensor(shape, dtype=torch.float64) - 1
        affine = voxel_to_world.to(torch.float64).cpu()
        centre = affine[:3, :3] @ (last / 2) + affine[:3, 3]
        extents_mm = torch.linalg.vector_norm(affine[:3, :3], dim=0) * (last + 1)
        r, a, s = centre.tolist()
        return cls((r, a, s), float(extents_mm.max()) / 2)

    def to_model(self, points_mm: Tensor) -> Tensor:
        """Map RAS mm points, shape (..., 3), to model coordinates."""
        centre = torch.tensor(self.centre_mm, dtype=points_mm.dtype, device=points_mm.device)
        return (points_mm - centre) / self.half_extent_mm

    def to_mm(self, vectors: Tensor) -> Tensor:
        """Turn displacements in model units, shape (..., 3), into mm."""
        return vectors * self.half_extent_mm
