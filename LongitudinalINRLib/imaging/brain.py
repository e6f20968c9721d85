"""Where the brain lies in a head: thresholds and morphology in mm, without a template or a trained network.

The steps are the classical ones: find the head, take what has the brightness of brain at some depth under the
skin, erode it until the bridges through the skull base and along the vessels break, keep the part in the
middle, and let it grow back. They run on isotropic voxels of 2 mm.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.itk import from_itk, shrunk, to_itk
from LongitudinalINRLib.imaging.morphology import (
    Mask,
    closed,
    component_with_most,
    depth_mm,
    dilated,
    eroded,
)
from LongitudinalINRLib.imaging.volume import Volume

EDGE_MM = 2.0
_AIR_SHARE = 0.1  # of the way from the 2nd to the 98th percentile, as in BET
_HEAD_CLOSING_MM = 12.0
_BRAIN_HEIGHT_MM = 175.0
_MIDDLE_HEIGHT_MM = 110.0
_MIDDLE_DEPTH_MM = 25.0
_FLUID = 0.4  # of the middle's median: darker is cerebrospinal fluid
_DARKEST_TISSUE = 0.8  # of the 15th percentile of the rest, which is grey matter
_BRIGHTEST_TISSUE = 1.25  # of the 95th percentile, which is white matter
_SCALP_MM = 6.0
_SKULL_MM = 14.0
_SULCUS_MM = 3.0
_SULCUS_UNDER_SKULL_MM = 2.0
_BRIDGE_MM = 7.0
_REGROWTH_MM = 9.0
_STUMP_MM = 6.0
_HULL_MM = 10.0


def find_brain(volume: Volume) -> tuple[Mask, bool]:
    """Find the brain, sulci and ventricles included.

    Parameters
    ----------
    volume : Volume
        T1-weighted scan of a head, or of a brain without its skull.

    Returns
    -------
    mask : ndarray of bool
        On the grid of the scan; empty where no brain could be told apart.
    has_skull : bool
        Whether scalp and skull were found around it.
    """
    image = sitk.Cast(to_itk(volume), sitk.sitkFloat32)
    coarse = isotropic(image)
    grid = from_itk(coarse)
    values = grid.array.astype(np.float32, copy=False)
    head = find_head(values)
    depth = depth_mm(head, EDGE_MM)
    height = height_mm(grid)
    below_top = height > height[head].max() - _BRAIN_HEIGHT_MM
    middle = (depth > _MIDDLE_DEPTH_MM) & (height > height[head].max() - _MIDDLE_HEIGHT_MM)
    if not middle.any():
        return np.zeros(volume.shape, dtype=bool), False
    has_skull = _has_skull(values, depth, middle)
    brain = _separated(values, np.where(below_top, depth, 0.0), middle, has_skull)
    fraction = sitk.GetImageFromArray(brain.transpose(2, 1, 0).astype(np.float32))
    fraction.CopyInformation(coarse)
    fine = sitk.Resample(
        fraction, image, sitk.Transform(), sitk.sitkLinear, useNearestNeighborExtrapolator=True
    )
    return from_itk(fine > 0.5).array.astype(bool), has_skull


def find_head(values: NDArray[np.float32]) -> Mask:
    """Separate the largest object from the air around it and fill it.

    Parameters
    ----------
    values : ndarray, shape (I, J, K)
        On isotropic voxels of 2 mm.
    """
    low, high = np.percentile(values[values > values.min()], [2, 98])
    head = ndimage.binary_opening(values > low + _AIR_SHARE * (high - low))
    labels, _ = ndimage.label(head)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    head = closed(labels == sizes.argmax(), _HEAD_CLOSING_MM, EDGE_MM) if sizes.any() else head
    for axis in range(3):  # slice by slice, because a field of view that cuts the head leaves its inside open
        head = np.stack([ndimage.binary_fill_holes(plane) for plane in np.moveaxis(head, axis, 0)], axis)
    return np.asarray(head)


def _separated(
    values: NDArray[np.float32], depth: NDArray[np.float64], middle: Mask, has_skull: bool
) -> Mask:
    """Take the tissue in the middle out of what surrounds it."""
    tissues = values[middle & (values > _FLUID * np.median(values[middle]))]
    grey, white = np.percentile(tissues, [15, 95])
    scalp_mm, skull_mm, sulcus_mm = (0.0, 0.0, _SULCUS_MM)
    if has_skull:
        scalp_mm, skull_mm, sulcus_mm = (_SCALP_MM, _SKULL_MM, _SULCUS_UNDER_SKULL_MM)
    not_fat = (values < _BRIGHTEST_TISSUE * white) & (depth > scalp_mm)
    tissue = not_fat & (values > _DARKEST_TISSUE * grey)
    # Closing lets erosion pass over sulci; near the surface it would close the gap that is the skull.
    tissue |= closed(tissue, sulcus_mm, EDGE_MM) & not_fat & (depth > skull_mm)
    core = component_with_most(eroded(tissue, _BRIDGE_MM, EDGE_MM), middle)
    regrown = dilated(core, _REGROWTH_MM, EDGE_MM) & tissue
    smooth = component_with_most(eroded(regrown, _STUMP_MM, EDGE_MM), middle)
    smooth = dilated(smooth, _STUMP_MM + EDGE_MM / 2, EDGE_MM) & not_fat
    return np.asarray(ndimage.binary_fill_holes(closed(smooth, _HULL_MM, EDGE_MM)))


def _has_skull(values: NDArray[np.float32], depth: NDArray[np.float64], middle: Mask) -> bool:
    """Look for scalp (bright) over skull (dark) on the way in; without them, brightness only rises."""
    typical = float(np.median(values[middle]))

    def median_between(near_mm: float, far_mm: float) -> float:
        shell = values[(depth > near_mm) & (depth <= far_mm)]
        return float(np.median(shell)) / typical

    outer = max(median_between(near, near + 2) for near in (0.0, 2.0, 4.0))
    inner = min(median_between(near, near + 2) for near in (4.0, 6.0, 8.0, 10.0, 12.0))
    return outer > 1.05 * inner or median_between(8.0, 10.0) < 0.55


def height_mm(volume: Volume) -> NDArray[np.float64]:
    """Return how far up each voxel lies, in RAS mm."""
    i, j, k = np.ogrid[tuple(slice(n) for n in volume.shape)]
    row = volume.affine[2]
    return np.asarray(row[0] * i + row[1] * j + (row[2] * k + row[3]))


def isotropic(image: sitk.Image) -> sitk.Image:
    """Bring an image onto voxels of `EDGE_MM`."""
    image = shrunk(image, EDGE_MM)
    spacing, size = np.array(image.GetSpacing()), np.array(image.GetSize())
    first_centre = (EDGE_MM / spacing - 1) / 2
    grid = sitk.ResampleImageFilter()
    grid.SetSize([max(1, round(extent)) for extent in size * spacing / EDGE_MM])
    grid.SetOutputSpacing([EDGE_MM] * 3)
    grid.SetOutputDirection(image.GetDirection())
    grid.SetOutputOrigin(image.TransformContinuousIndexToPhysicalPoint(first_centre.tolist()))
    grid.SetUseNearestNeighborExtrapolator(True)
    return cast(sitk.Image, grid.Execute(image))
