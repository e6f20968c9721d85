"""A coarse lattice that is fine enough for a smooth deformation, whatever the voxels of the scan are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.interpolate import make_interp_spline

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.space import Floats, inverted, transformed, voxel_places_mm


@dataclass(frozen=True, eq=False)
class Lattice:
    """Nodes along the axes of a scan's grid, reaching a little beyond its field of view.

    A field that was smoothed with a Gaussian of 1.5 spacings is known between the nodes, by cubic
    splines, to about one part in a thousand: so the flow is integrated here and not at every voxel.

    Parameters
    ----------
    shape : tuple of int
        Nodes along each axis.
    padded_shape : tuple of int
        Nodes of the periodic box the Poisson equation is solved in; the extra ones follow the last node.
    steps : ndarray, shape (3,)
        Voxels from one node to the next, along each axis.
    origin : ndarray, shape (3,)
        Voxel index of the first node.
    affine : ndarray, shape (4, 4)
        Node index to RAS mm.
    grid_shape : tuple of int
        Voxels along each axis of the scan.
    """

    shape: tuple[int, int, int]
    padded_shape: tuple[int, int, int]
    steps: Floats
    origin: Floats
    affine: Floats
    grid_shape: tuple[int, int, int]

    @classmethod
    def over(
        cls, grid: Volume, spacing_mm: float | Floats, padding_mm: float = 60.0, margin: int = 4
    ) -> Lattice:
        """Lay a lattice over a grid, about its middle: so the order of storage does not move the nodes.

        Parameters
        ----------
        grid : Volume
            The scan; only its shape and affine count.
        spacing_mm : float or ndarray, shape (3,)
            From node to node, along each axis of the grid.
        padding_mm : float
            Empty space between the periodic copies of the head.
        margin : int
            Nodes kept at least on either side of the field of view.
        """
        steps = spacing_mm / grid.voxel_sizes_mm
        # Rounding in a tilted affine must not add a node.
        shape = np.ceil((np.array(grid.shape) - 1) / steps - 1e-6).astype(int) + 1 + 2 * margin
        empty = np.ceil(padding_mm / (steps * grid.voxel_sizes_mm)).astype(int)
        padded = [next_fast_len(int(n), real=True) for n in shape + empty]
        origin = (np.array(grid.shape) - 1 - (shape - 1) * steps) / 2
        node_to_voxel = np.diag([*steps, 1.0])
        node_to_voxel[:3, 3] = origin
        i, j, k = (int(n) for n in shape)
        return cls(
            (i, j, k),
            (padded[0], padded[1], padded[2]),
            steps,
            origin,
            grid.affine @ node_to_voxel,
            grid.shape,
        )

    def nodes_mm(self) -> Floats:
        """Return the places of the nodes in RAS mm, shape (3, *shape)."""
        return voxel_places_mm(self.shape, self.affine)

    def to_index(self, points_mm: Floats) -> Floats:
        """Return the fractional node index of points in RAS mm, both of shape (3, ...)."""
        return transformed(inverted(self.affine), points_mm)

    def average(self, values: NDArray[np.floating]) -> Floats:
        """Average voxel values over the cell around each node, 0 outside the field of view.

        Parameters
        ----------
        values : ndarray, shape `grid_shape`

        Returns
        -------
        ndarray, shape `shape`
        """
        return _along_axes([_overlaps(*axis) for axis in self._axes()], values)

    def average_of_part(
        self, values: NDArray[np.floating], part: tuple[slice, ...]
    ) -> tuple[tuple[slice, ...], Floats]:
        """Average voxel values as `average` does where they are 0 outside a part of the grid.

        Parameters
        ----------
        values : ndarray
            Of the voxels of the part.
        part : tuple of slice
            Of the grid.

        Returns
        -------
        reach : tuple of slice
            The nodes whose cells overlap the part.
        averages : ndarray
            At these nodes.
        """
        reach, matrices = [], []
        for axis, voxels in zip(self._axes(), part, strict=True):
            weights = _overlaps(*axis)[:, voxels]
            touched = np.flatnonzero(weights.any(axis=1))
            reach.append(slice(int(touched[0]), int(touched[-1]) + 1))
            matrices.append(weights[reach[-1]])
        return tuple(reach), _along_axes(matrices, values)

    def to_voxels(self, field: Floats) -> Floats:
        """Interpolate a field given at the nodes to the voxels by cubic splines, shape `grid_shape`."""
        return _along_axes([_spline_weights(*axis) for axis in self._axes()], field)

    def _axes(self) -> Iterator[tuple[int, int, float, float]]:
        return zip(self.grid_shape, self.shape, self.steps, self.origin, strict=True)


def _along_axes(matrices: list[Floats], values: NDArray[np.floating]) -> Floats:
    result = values
    for axis, matrix in enumerate(matrices):
        result = np.moveaxis(np.tensordot(matrix, result, axes=(1, axis)), 0, axis)
    return np.ascontiguousarray(result, dtype=np.float64)


def _spline_weights(voxels: int, nodes: int, step: float, origin: float) -> Floats:
    """Return how much each node counts at each voxel in cubic interpolation, shape (voxels, nodes)."""
    spline = make_interp_spline(np.arange(nodes), np.eye(nodes), k=3)
    return np.asarray(spline((np.arange(voxels) - origin) / step))


def _overlaps(voxels: int, nodes: int, step: float, origin: float) -> Floats:
    """Return the share of each node's cell that each voxel fills, shape (nodes, voxels)."""
    centres = origin + np.arange(nodes) * step
    low = np.maximum(centres[:, None] - step / 2, np.arange(voxels) - 0.5)
    high = np.minimum(centres[:, None] + step / 2, np.arange(voxels) + 0.5)
    return np.asarray(np.clip(high - low, 0.0, None) / step)
