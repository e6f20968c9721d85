"""Points and the matrices that move them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def transformed(matrix: Floats, points: Floats) -> Floats:
    """Apply a homogeneous matrix, shape (4, 4), to points of shape (3, ...).

    Examples
    --------
    >>> transformed(np.diag([2.0, 2.0, 2.0, 1.0]), np.array([[1.0], [2.0], [3.0]])).ravel().tolist()
    [2.0, 4.0, 6.0]
    """
    flat = matrix[:3, :3] @ points.reshape(3, -1) + matrix[:3, 3:]
    return np.asarray(flat.reshape(points.shape))


def inverted(matrix: Floats) -> Floats:
    """Return the inverse of a matrix."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def voxel_places_mm(shape: tuple[int, int, int], affine: Floats) -> Floats:
    """Return where the voxels of a grid lie, RAS mm, shape (3, I, J, K)."""
    return transformed(affine, np.asarray(np.indices(shape), dtype=np.float64))


def longest_move_mm(matrix: Floats, shape: tuple[int, int, int], affine: Floats) -> float:
    """Return how far a homogeneous matrix moves the point of a grid that it moves most."""
    corners = np.array(np.meshgrid(*[(0.0, n - 1.0) for n in shape], indexing="ij")).reshape(3, -1)
    places = transformed(affine, corners)
    return float(np.linalg.norm(transformed(matrix, places) - places, axis=0).max())
