"""The brains that the people of a simulated cohort are likenesses of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.builtin import builtin_subject
from LongitudinalINRLib.simulate.checks import checked_anatomy
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import inverted, transformed

Brain = tuple[Volume, Volume]

MARGIN_MM = 16.0
_SAME_SIZE = 0.01


def builtin_brain(voxel_mm: float) -> Brain:
    """Return the built-in average brain and its regions.

    Raises
    ------
    InputError
        nilearn, which carries it, is not installed.
    """
    return cropped(*builtin_subject(voxel_mm))


def read_brain(t1: Path, labels: Path, voxel_mm: float) -> Brain:
    """Read a T1-weighted scan and its segmentation, stripped to what is labelled, in cubic voxels.

    Raises
    ------
    InputError
        One of them cannot be read, they do not share a grid, or hold nothing.
    """
    scan, regions = checked_anatomy(read_volume(t1)[0], read_labels(labels)[0])
    inside = ndimage.binary_fill_holes(regions.array != 0)
    stripped = scan.with_array(np.where(inside, scan.array, 0).astype(np.float32))
    return cropped(*_in_voxels(stripped, regions, voxel_mm))


def cropped(t1: Volume, labels: Volume, margin_mm: float = MARGIN_MM) -> Brain:
    """Return the part of a grid that holds the head and a margin: empty voxels cost time."""
    head = (t1.array != 0) | (labels.array != 0)
    margins = np.ceil(margin_mm / t1.voxel_sizes_mm).astype(int)
    places = np.argwhere(head)
    low, high = places.min(axis=0) - margins, places.max(axis=0) + margins + 1
    affine = t1.affine.copy()
    affine[:3, 3] = transformed(t1.affine, low[:, None].astype(np.float64))[:, 0]
    return Volume(_box(t1.array, low, high), affine), Volume(_box(labels.array, low, high), affine)


def _box(values: NDArray[np.generic], low: NDArray[np.intp], high: NDArray[np.intp]) -> NDArray[np.generic]:
    """Cut a box out of an array; where it reaches beyond, 0."""
    size = np.array(values.shape)
    outside = [(int(max(-a, 0)), int(max(b - n, 0))) for a, b, n in zip(low, high, size, strict=True)]
    within = tuple(
        slice(int(a), int(b)) for a, b in zip(np.maximum(low, 0), np.minimum(high, size), strict=True)
    )
    return np.pad(values[within], outside)


def _in_voxels(t1: Volume, labels: Volume, voxel_mm: float) -> Brain:
    if np.abs(t1.voxel_sizes_mm - voxel_mm).max() < _SAME_SIZE:
        return t1, labels
    lattice = Lattice.over(t1, voxel_mm, margin=0)
    index = transformed(inverted(t1.affine), lattice.nodes_mm())
    regions = ndimage.map_coordinates(labels.array, index, order=0, mode="constant")
    averaged = lattice.average(t1.array.astype(np.float64)).astype(np.float32)
    mostly = lattice.average((t1.array != 0).astype(np.float64)) > 0.5
    return Volume(np.where(mostly, averaged, 0.0).astype(np.float32), lattice.affine), Volume(
        regions, lattice.affine
    )
