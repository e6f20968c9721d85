"""A volume: an array and the affine that says where its voxels lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Volume:
    """A 3D image in space.

    Parameters
    ----------
    array : ndarray, shape (I, J, K) or (I, J, K, C)
        Voxel values; a last axis only for vector maps such as the displacement.
    affine : ndarray, shape (4, 4)
        Voxel index to RAS mm, float64.
    """

    array: NDArray[np.generic]
    affine: NDArray[np.float64]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along each of the three axes."""
        i, j, k = self.array.shape[:3]
        return i, j, k

    @property
    def voxel_sizes_mm(self) -> NDArray[np.float64]:
        """Length of each voxel edge in mm, shape (3,)."""
        return np.asarray(np.linalg.norm(self.affine[:3, :3], axis=0))

    @property
    def voxel_volume_ml(self) -> float:
        """Volume of one voxel in mL."""
        return float(abs(np.linalg.det(self.affine[:3, :3])) / 1000.0)

    def with_array(self, array: NDArray[np.generic]) -> Volume:
        """Return another image on the same grid."""
        return Volume(array, self.affine)

    def same_grid(self, other: Volume, tolerance_mm: float = 1e-3) -> bool:
        """Tell whether every voxel of both lies at the same place, within a tolerance at the corners."""
        if self.shape != other.shape:
            return False
        corners = np.array(np.meshgrid(*[(0, n - 1) for n in self.shape], indexing="ij")).reshape(3, -1)
        shift = (self.affine - other.affine)[:3] @ np.vstack([corners, np.ones(corners.shape[1])])
        return bool(np.abs(shift).max() <= tolerance_mm)
