"""Thick slices, as a scanner makes them: each the mean of the thin ones that it spans."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.volume import Volume


def thick_slices(volume: Volume, slice_mm: float) -> Volume:
    """Average slices along the axis that runs from the feet to the head.

    Parameters
    ----------
    volume : Volume
        With thin slices.
    slice_mm : float
        Thickness wanted; the nearest whole number of thin slices is taken.
    """
    axis, count = _axis_and_count(volume, slice_mm)
    if count == 1:
        return volume
    blocks = _blocks(volume.array, axis, count)
    return Volume(
        blocks.mean(axis=axis + 1, dtype=np.float64).astype(np.float32), _affine(volume, axis, count)
    )


def every_middle_slice(labels: Volume, slice_mm: float) -> Volume:
    """Keep the middle one of the slices that `thick_slices` would average: labels have no mean."""
    axis, count = _axis_and_count(labels, slice_mm)
    if count == 1:
        return labels
    kept = _blocks(labels.array, axis, count).take(count // 2, axis=axis + 1)
    return Volume(np.ascontiguousarray(kept), _affine(labels, axis, count))


def _axis_and_count(volume: Volume, slice_mm: float) -> tuple[int, int]:
    axis = int(np.abs(volume.affine[2, :3] / volume.voxel_sizes_mm).argmax())
    return axis, max(1, round(slice_mm / float(volume.voxel_sizes_mm[axis])))


def _blocks(array: NDArray[np.generic], axis: int, count: int) -> NDArray[np.generic]:
    whole = array.shape[axis] // count
    kept = array.take(range(whole * count), axis=axis)
    return kept.reshape(*array.shape[:axis], whole, count, *array.shape[axis + 1 :])


def _affine(volume: Volume, axis: int, count: int) -> NDArray[np.float64]:
    affine = np.array(volume.affine, dtype=np.float64)
    affine[:3, 3] += 0.5 * (count - 1) * affine[:3, axis]
    affine[:3, axis] *= count
    return affine
