"""The stored maps at the points of a surface: small enough to be interpolated in time for every picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRModule.display.brain_mesh import Mesh
from LongitudinalINRModule.result.map_interpolation import interpolate
from LongitudinalINRModule.result.quantities import QUANTITIES

DEPTHS_MM = (1.0, 2.0, 3.0)
"""Below the surface, over which values are averaged: the cortex, and not what lies outside the brain."""


@dataclass(frozen=True, eq=False)
class VertexMaps:
    """Values of maps at the points of a surface.

    Parameters
    ----------
    months : tuple of float
        Stored ones, ascending.
    values : dict of str to ndarray, shape (months, N), float32
        By the map's name; |J| among them.
    """

    months: tuple[float, ...]
    values: Mapping[str, NDArray[np.float32]]

    def at(self, map_name: str, months: float) -> NDArray[np.float32]:
        """Return a map at any month, interpolated as whole maps are; shape (N,)."""
        out = np.empty(self.values["jacobian"].shape[1], np.float32)
        interpolate(self._stored, self.values, self.months, map_name, months, out)
        return out

    def _stored(self, map_name: str, index: int) -> NDArray[np.float32]:
        return self.values[map_name][index]


def sample_maps(
    mesh: Mesh,
    affine: NDArray[np.float64],
    brain: NDArray[np.bool_],
    months: Sequence[float],
    maps: Mapping[str, Sequence[NDArray[np.float32]]],
) -> VertexMaps:
    """Sample every stored map once, by weights that are the same for all of them.

    Parameters
    ----------
    mesh : Mesh
        The surface.
    affine : ndarray, shape (4, 4)
        Voxel (I, J, K) to RAS mm.
    brain : ndarray of bool, shape (K, J, I)
        What was measured; nothing else counts, and where there is none around a map tells of no change.
    months : sequence of float
        Stored ones.
    maps : dict of str to sequence of ndarray, shape (K, J, I)
        One for each month.
    """
    voxels, weights = trilinear_weights(mesh, affine, brain)
    unseen = weights.sum(axis=1) == 0.0
    values = {
        name: np.stack([np.einsum("nc,nc->n", stored.ravel()[voxels], weights) for stored in each])
        for name, each in maps.items()
    }
    for name, each in values.items():
        each[:, unseen] = QUANTITIES[name].centre
    return VertexMaps(tuple(months), values)


def trilinear_weights(
    mesh: Mesh, affine: NDArray[np.float64], brain: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return which voxels count at each point of a surface, and how much; shape (N, 8 for each depth) both.

    The voxels are numbers into the flattened array. Weights add up to 1 over voxels of the brain, and to 0
    where there is none around.
    """
    to_voxel = np.linalg.inv(affine)
    size = np.array(brain.shape[::-1])
    voxels, weights = [], []
    for depth_mm in DEPTHS_MM:
        points = mesh.points - depth_mm * mesh.normals
        index = points @ to_voxel[:3, :3].T + to_voxel[:3, 3]
        corner = np.clip(np.floor(index).astype(np.int64), 0, np.maximum(size - 2, 0))
        share = np.clip(index - corner, 0.0, 1.0)
        for offset in np.ndindex(2, 2, 2):
            i, j, k = np.minimum(corner + offset, size - 1).T
            voxels.append((k * size[1] + j) * size[0] + i)
            weights.append(np.prod(np.where(offset, share, 1.0 - share), axis=1))
    numbers = np.stack(voxels, axis=1)
    counted = np.stack(weights, axis=1) * brain.ravel()[numbers]
    total = counted.sum(axis=1, keepdims=True)
    return numbers, (counted / np.where(total > 0, total, 1.0)).astype(np.float32)
