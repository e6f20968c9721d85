"""The head around the brain: skull and scalp, which in an adult neither grow nor shrink."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.brain import EDGE_MM, find_head, height_mm, isotropic
from LongitudinalINRLib.imaging.itk import from_itk, to_itk
from LongitudinalINRLib.imaging.morphology import closed, depth_mm, dilated
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume

_HULL_MM = 10.0
_NEAREST_MM, _FARTHEST_MM = 4.0, 30.0
"""From the brain: nearer, its own edge shows, which atrophy moves; farther are ears, nose and neck."""

_LOWEST_MM = 40.0
"""Under the middle of the brain: the jaw, which moves against the skull, lies lower."""

_AIR_MM = 4.0
_SMALLEST_SHARE = 0.1
"""Of the brain's volume: what dura and muscle may leave of a skull that was stripped, is less."""


def skull_points_mm(baseline: Volume, mask: Volume) -> NDArray[np.float64]:
    """Return points in skull and scalp, and on the surface of the head.

    Parameters
    ----------
    baseline : Volume
        The scan.
    mask : Volume
        Brain on its grid, with or without sulci and ventricles.

    Returns
    -------
    ndarray, shape (N, 3)
        RAS mm, one in each cube of 2 mm, at random in it, so that no scan is read on its own grid; the same
        scan gives the same points, and one without a skull gives none.
    """
    grid = from_itk(isotropic(sitk.Cast(to_itk(baseline), sitk.sitkFloat32)))
    values = grid.array.astype(np.float32, copy=False)
    brain = resample(mask, grid, order="nearest").array.astype(bool)
    if not brain.any():
        return np.zeros((0, 3))
    hull = np.asarray(ndimage.binary_fill_holes(closed(brain, _HULL_MM, EDGE_MM)))
    away_mm, height = depth_mm(~hull, EDGE_MM), height_mm(grid)
    around = (away_mm > _NEAREST_MM) & (away_mm <= _FARTHEST_MM)
    around &= height > height[hull].mean() - _LOWEST_MM
    head = find_head(values)
    if (head & around).sum() < _SMALLEST_SHARE * hull.sum():
        return np.zeros((0, 3))
    voxels = np.argwhere(dilated(head, _AIR_MM, EDGE_MM) & around)
    places = voxels + np.random.default_rng(0).uniform(-0.5, 0.5, voxels.shape)
    return np.asarray(places @ grid.affine[:3, :3].T + grid.affine[:3, 3])
