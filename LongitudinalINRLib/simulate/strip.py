"""A skull strip whose border lies a little differently in every scan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.simulate.randomness import smooth_field
from LongitudinalINRLib.simulate.space import Floats, voxel_places_mm

_CLOSING_MM = 4.0
_LENGTH_MM = 10.0


def jittered_strip(
    brain: NDArray[np.bool_], affine: Floats, jitter_mm: float, random: np.random.Generator
) -> NDArray[np.bool_]:
    """Return a mask of the labelled brain, sulci filled, whose border is smoothly off.

    Parameters
    ----------
    brain : ndarray of bool, shape (I, J, K)
        What is labelled.
    affine : ndarray, shape (4, 4)
        Voxel index to RAS mm.
    jitter_mm : float
        Standard deviation by which the border lies farther out or in; out by 4 mm at most.
    random : numpy Generator

    Returns
    -------
    ndarray of bool, shape (I, J, K)
    """
    sizes_mm = np.linalg.norm(affine[:3, :3], axis=0)
    wide = ndimage.distance_transform_edt(~brain, sampling=sizes_mm) <= _CLOSING_MM
    wide = np.asarray(ndimage.binary_fill_holes(wide))
    depth_mm = ndimage.distance_transform_edt(wide, sampling=sizes_mm)
    offset_mm = jitter_mm * smooth_field(voxel_places_mm(depth_mm.shape, affine), _LENGTH_MM, random)
    return np.asarray(depth_mm > np.maximum(_CLOSING_MM - offset_mm, 0.0))
