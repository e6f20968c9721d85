"""The boundary to ITK: its images and transforms live in LPS mm, ours in RAS mm."""

from __future__ import annotations

from typing import cast

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.volume import Volume

FEWEST_VOXELS_ALONG_AXIS = 12
RAS_FROM_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def to_itk(volume: Volume) -> sitk.Image:
    """Hand a volume to ITK; a displacement, with its last axis of three, becomes a vector image in LPS mm."""
    array = volume.array.astype(np.uint8) if volume.array.dtype == bool else volume.array
    if array.ndim == 4:
        array = array * np.diag(RAS_FROM_LPS)[:3].astype(array.dtype)
    spatial_reversed = array.transpose(2, 1, 0, *range(3, array.ndim))
    image = sitk.GetImageFromArray(spatial_reversed, isVector=array.ndim > 3)
    affine = RAS_FROM_LPS @ volume.affine
    spacing = volume.voxel_sizes_mm
    image.SetOrigin(affine[:3, 3].tolist())
    image.SetSpacing(spacing.tolist())
    image.SetDirection((affine[:3, :3] / spacing).ravel().tolist())
    return image


def from_itk(image: sitk.Image) -> Volume:
    """Take a scalar three-dimensional image back from ITK."""
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * np.asarray(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    array = np.ascontiguousarray(sitk.GetArrayViewFromImage(image).transpose(2, 1, 0))
    return Volume(array, RAS_FROM_LPS @ affine)


def shrunk(image: sitk.Image, edge_mm: float) -> sitk.Image:
    """Average voxels into ones of about the given edge, axis by axis: anisotropic voxels become even."""
    factors = [
        max(1, min(round(edge_mm / spacing), size // FEWEST_VOXELS_ALONG_AXIS))
        for spacing, size in zip(image.GetSpacing(), image.GetSize(), strict=True)
    ]
    return cast(sitk.Image, sitk.BinShrink(image, factors))


def transform_to_itk(matrix: NDArray[np.float64]) -> sitk.AffineTransform:
    """Express a 4x4 map of RAS mm points as an ITK transform of LPS mm points."""
    lps = RAS_FROM_LPS @ matrix @ RAS_FROM_LPS
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(lps[:3, :3].ravel().tolist())
    transform.SetTranslation(lps[:3, 3].tolist())
    return transform


def transform_from_itk(transform: sitk.Transform) -> NDArray[np.float64]:
    """Read a linear ITK transform as a 4x4 map of RAS mm points."""
    matrix = np.eye(4)
    matrix[:3, 3] = transform.TransformPoint((0.0, 0.0, 0.0))
    for axis in range(3):
        unit = np.eye(3)[axis].tolist()
        matrix[:3, axis] = np.subtract(transform.TransformPoint(unit), matrix[:3, 3])
    return np.asarray(RAS_FROM_LPS @ matrix @ RAS_FROM_LPS)
