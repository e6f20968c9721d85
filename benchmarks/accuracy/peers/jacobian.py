"""|J| of a displacement on a grid: one way for all methods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.peers.pair import Displacement


def displacement_gradient(displacement: Displacement, affine: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return du/dx by central differences, one-sided at the faces of the grid.

    Parameters
    ----------
    displacement : ndarray, shape (I, J, K, 3)
        RAS mm, at the voxels.
    affine : ndarray, shape (4, 4)
        Voxel index to RAS mm; any flips and obliquity.

    Returns
    -------
    ndarray, shape (I, J, K, 3, 3)
        [component, axis], both RAS.
    """
    by_index = np.stack(np.gradient(displacement, axis=(0, 1, 2)), axis=-1)
    return np.asarray(by_index @ np.linalg.inv(affine[:3, :3]).astype(np.float32), dtype=np.float32)


def jacobian_determinant(displacement: Displacement, affine: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return |J| of x + u(x), shape (I, J, K); parameters as for `displacement_gradient`."""
    deformation = np.eye(3, dtype=np.float32) + displacement_gradient(displacement, affine)
    return np.asarray(np.linalg.det(deformation), dtype=np.float32)
