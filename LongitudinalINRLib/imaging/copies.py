"""Whether two volumes are one scan saved twice: in another file, type, scale or axis order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.volume import Volume

MOST_VOXELS, FEWEST_VOXELS = 30_000, 100
MIDDLE_PERCENTILES = (2.0, 98.0)
LARGEST_DIFFERENCE = 3e-4
"""Share of the variance of ranks: copies of 8 bits reach 0.0001, scans with noise of 0.5 % each 0.001."""


def is_copy(one: Volume, other: Volume) -> bool:
    """Tell whether two volumes hold the same voxels up to a rising curve of brightness and rounding.

    Where the headers put the voxels does not matter. Two scans of one head never agree like this: each has
    its own noise.

    Parameters
    ----------
    one, other : Volume
        Shape (I, J, K) each, in any axis order, one perhaps flipped left to right.
    """
    return any(_agree(one.array, array) for array in _orders(one, other) if array.shape == one.array.shape)


def _orders(one: Volume, other: Volume) -> Iterator[NDArray[np.generic]]:
    """Yield the voxels of the other in its own order, in that of the one, and both flipped left to right."""
    left_right = int(np.abs(one.affine[0, :3] / one.voxel_sizes_mm).argmax())
    for array in (other.array, _in_order_of(one, other)):
        yield array
        yield np.flip(array, left_right)


def _in_order_of(one: Volume, other: Volume) -> NDArray[np.generic]:
    """Permute and flip the axes of the other to go along those of the one."""
    along = (one.affine[:3, :3] / one.voxel_sizes_mm).T @ (other.affine[:3, :3] / other.voxel_sizes_mm)
    axes = np.abs(along).argmax(axis=1)
    if len(set(axes.tolist())) < 3:  # half way between two axes: there is no order to bring it into
        return other.array
    backwards = tuple(axis for axis in range(3) if along[axis, axes[axis]] < 0)
    return np.flip(other.array.transpose(axes), backwards)


def _agree(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    step = one.size // MOST_VOXELS | 1
    pair = np.stack([one.flat[::step], other.flat[::step]]).astype(np.float64)
    tissue = _middle(pair[:, (pair > pair.min(axis=1, keepdims=True)).all(axis=0)])
    if tissue.shape[1] < FEWEST_VOXELS or not tissue.std(axis=1).all():
        return bool(np.array_equal(one, other))
    return bool(1.0 - np.corrcoef([_ranks(values) for values in tissue])[0, 1] ** 2 < LARGEST_DIFFERENCE)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ranks of values, equal ones sharing their mean; to import scipy.stats takes a second."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place])


def _middle(pair: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out what either image has clipped, as saving in 8 bits often does."""
    if not pair.size:
        return pair
    low, high = np.percentile(pair, MIDDLE_PERCENTILES, axis=1)
    inside = (pair > low[:, None]) & (pair < high[:, None])
    return np.asarray(pair[:, inside.all(axis=0)])
