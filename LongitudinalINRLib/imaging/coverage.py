"""Where scans hold data: not where the skull was stripped off, nor beyond a field of view."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume

STRIPPED_SHARE = 0.1
"""Of the voxels of a scan that are exactly 0: no air of a scanner is."""


def held_data(scan: Volume) -> NDArray[np.bool_] | None:
    """Return where a scan holds data; None if everywhere.

    Where the skull was stripped off there is 0, and the border of a strip lies where a program put it, not
    where the brain ends. Zeros enclosed by data are data.
    """
    held = scan.array != 0
    if np.count_nonzero(held) > (1 - STRIPPED_SHARE) * held.size:
        return None
    for box in ndimage.find_objects(
        held.view(np.uint8)
    ):  # one, or none of a scan of zeros; beyond it is nothing to fill
        held[box] = ndimage.binary_fill_holes(held[box])
    return np.asarray(held)


def sampling_region(
    mask: Volume, scans: Iterable[tuple[Volume, NDArray[np.float64]]], margin_mm: float
) -> NDArray[np.bool_]:
    """Widen the brain mask, but not into what was stripped off a scan or lies outside its field of view.

    Parameters
    ----------
    mask : Volume
        Brain on the baseline's grid.
    scans : iterable of (Volume, ndarray of shape (4, 4))
        Every scan, and the matrix from baseline RAS mm to its own. A voxel that is exactly 0 has no data.
    margin_mm : float
        How far the region reaches beyond the mask.

    Returns
    -------
    ndarray of bool, shape of mask
        Holds the mask whole.
    """
    brain = mask.array.astype(bool)
    outside_mm = ndimage.distance_transform_edt(~brain, sampling=mask.voxel_sizes_mm)
    region = np.asarray(outside_mm <= margin_mm)
    for scan, matrix in scans:
        region &= resample(scan.with_array(scan.array != 0), mask, matrix, order="nearest").array
    return np.asarray(region | brain)
