"""A lattice coarser than the voxels: where a smooth field is evaluated, and how it is carried to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from scipy.interpolate import make_interp_spline
from torch import Tensor

from LongitudinalINRLib.imaging.volume import Volume

DEGREE = 7
MARGIN_NODES = 6
"""Nodes evaluated around the voxels: what the spline makes of the repeated ones beyond has faded to two
hundredths there."""

SLAB_ROWS = 16

SMALLEST_WEIGHT = 1e-12
"""Far nodes weigh less: nothing that can be seen, but single precision would hold many of them as denormal
numbers, which processors multiply a hundred times slower."""


class Carried(NamedTuple):
    """A field at some voxels.

    Parameters
    ----------
    voxels : Tensor, shape (N,)
        Flat indices into the grid.
    values : Tensor, shape (C, N)
        The field.
    slopes : Tensor, shape (C, 3, N), optional
        Its derivatives along the grid's axes, per voxel.
    """

    voxels: Tensor
    values: Tensor
    slopes: Tensor | None


class _Slab(NamedTuple):
    """A part of the grid around some of the wanted voxels; it begins and ends where they do.

    Parameters
    ----------
    rows : list of slice
        Along each axis, counted from the first wanted voxel of all.
    within : Tensor, shape (N,)
        Flat indices of the wanted voxels in the slab.
    voxels : Tensor, shape (N,)
        The same in the grid.
    """

    rows: list[slice]
    within: Tensor
    voxels: Tensor

    def at_voxels(self, field: Tensor) -> Tensor:
        """Return of a field on the whole slab, (C, I, JK), what it is at the wanted voxels, (C, N)."""
        return field.flatten(1).index_select(1, self.within.to(field.device))


class Lattice:
    """Carries a smooth field from a coarse lattice to the voxels of a mask by splines of degree 7.

    Interpolation is a product with one matrix an axis, for the values and for the derivatives, which are
    those of the spline. Only nodes near the mask are evaluated; those farther off repeat the nearest.

    Parameters
    ----------
    mask : Volume
        bool; which voxels are wanted. Not empty.
    step_mm : float
        Between the nodes.
    """

    def __init__(self, mask: Volume, step_mm: float):
        self._mask = mask
        self.step_mm = step_mm
        wanted = np.argwhere(mask.array)
        lowest, highest = wanted.min(0), wanted.max(0)
        self._nodes = [
            _nodes(int(low), int(top), step_mm / size)
            for low, top, size in zip(lowest, highest, mask.voxel_sizes_mm, strict=True)
        ]
        rows = [np.arange(low, top + 1) for low, top in zip(lowest, highest, strict=True)]
        axes = [_spline(nodes, at) for nodes, at in zip(self._nodes, rows, strict=True)]
        self._values, self._slopes = [axis[0] for axis in axes], [axis[1] for axis in axes]
        self._slabs = list(_slabs(mask.array.astype(bool), lowest))
        near = self._near(wanted)
        self._evaluated = np.argwhere(near)
        self._source = _nearest_evaluated(near)

    @property
    def points_mm(self) -> NDArray[np.float64]:
        """Where the field is to be evaluated, RAS mm, shape (P, 3)."""
        at = [axis[index] for axis, index in zip(self._nodes, self._evaluated.T, strict=True)]
        affine = self._mask.affine
        return np.asarray(np.stack(at, -1) @ affine[:3, :3].T + affine[:3, 3])

    def carried(self, field: Tensor, with_slopes: bool) -> Iterator[Carried]:
        """Yield a field at the voxels, slab by slab.

        Parameters
        ----------
        field : Tensor, shape (P, C)
            Values at `points_mm`.
        with_slopes : bool
            Whether its derivatives are wanted.
        """
        grid = field.T[:, self._source].reshape(-1, *map(len, self._nodes))
        of_i, of_j, of_k = (
            (values.to(field), slopes.to(field))
            for values, slopes in zip(self._values, self._slopes, strict=True)
        )
        # Carried along k at once, along j and i a slab at a time: all at once would fill half a gigabyte.
        in_k = grid @ of_k[0].T
        slope_k = grid @ of_k[1].T if with_slopes else None
        for slab in self._slabs:
            i, j, k = slab.rows
            (value_i, slope_i), (value_j, slope_j) = (m[i] for m in of_i), (m[j] for m in of_j)
            here = in_k[..., k]
            on_nodes = value_j @ here
            values = slab.at_voxels(value_i @ on_nodes.flatten(2))
            slopes = None
            if slope_k is not None:
                on_each = (slope_i, on_nodes), (value_i, slope_j @ here), (value_i, value_j @ slope_k[..., k])
                slopes = torch.stack([slab.at_voxels(m @ each.flatten(2)) for m, each in on_each], 1)
            yield Carried(slab.voxels, values, slopes)

    def _near(self, wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
        near = np.zeros([len(axis) for axis in self._nodes], np.bool_)
        steps = [axis[1] - axis[0] for axis in self._nodes]
        index = [
            np.rint((at - axis[0]) / step).astype(np.intp)
            for at, axis, step in zip(wanted.T, self._nodes, steps, strict=True)
        ]
        near[tuple(index)] = True
        return np.asarray(ndimage.maximum_filter(near, 2 * MARGIN_NODES + 1))


def _slabs(wanted: NDArray[np.bool_], lowest: NDArray[np.int64]) -> Iterator[_Slab]:
    """Yield slabs that hold all wanted voxels; rows of the matrices are counted from the lowest of them."""
    for start in range(int(lowest[1]), wanted.shape[1], SLAB_ROWS):
        at = np.argwhere(wanted[:, start : start + SLAB_ROWS])
        if len(at) == 0:
            continue
        at[:, 1] += start
        low, size = at.min(0), np.ptp(at, 0) + 1
        rows = [slice(first, first + count) for first, count in zip(low - lowest, size, strict=True)]
        within = np.ravel_multi_index(tuple((at - low).T), tuple(size))
        voxels = np.ravel_multi_index(tuple(at.T), wanted.shape)
        yield _Slab(rows, torch.from_numpy(within), torch.from_numpy(voxels))


def _nodes(low: int, high: int, step: float) -> NDArray[np.float64]:
    """Return nodes in voxel indices from `MARGIN_NODES` before the first voxel to as many after the last."""
    inner = int(np.ceil((high - low) / step))
    return np.asarray(low + step * np.arange(-MARGIN_NODES, inner + MARGIN_NODES + 1))


def _spline(nodes: NDArray[np.float64], at: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
    """Return the matrices from values at nodes to values and to slopes of their spline at voxels."""
    spline = make_interp_spline(nodes, np.eye(len(nodes)), k=DEGREE)
    matrices = (spline(at), spline.derivative()(at))
    values, slopes = (
        torch.from_numpy(np.where(np.abs(each) < SMALLEST_WEIGHT, 0.0, each)) for each in matrices
    )
    return values, slopes


def _nearest_evaluated(near: NDArray[np.bool_]) -> Tensor:
    """Return for every node the position, among the evaluated ones, of the nearest of them."""
    position = np.cumsum(near.ravel()).reshape(near.shape) - 1
    nearest = ndimage.distance_transform_edt(~near, return_distances=False, return_indices=True)
    return torch.from_numpy(position[tuple(nearest)].ravel())
