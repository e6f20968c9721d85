"""Volumes carried from one grid to another, interpolated once."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume

_EDGE_TOLERANCE_VOXELS = 1e-3
_LARGEST_LATTICE_ERROR_MM = 0.05


def resample(
    volume: Volume,
    like: Volume,
    matrix: NDArray[np.float64] | None = None,
    order: Literal["linear", "nearest"] = "linear",
    fill: float = 0.0,
) -> Volume:
    """Sample a volume at the voxels of another grid.

    Parameters
    ----------
    volume : Volume
        What is sampled, shape (I, J, K).
    like : Volume
        The grid of the result.
    matrix : ndarray, shape (4, 4), optional
        From RAS mm of ``like`` to RAS mm of ``volume``; the identity when not given. An alignment's matrix
        brings a follow-up onto the baseline grid; its inverse brings a baseline mask onto the follow-up's.
    order : {"linear", "nearest"}
        Linear gives float32; nearest keeps the values and their type and is meant for labels and masks.
    fill : float
        Value where ``volume`` has no voxels.

    Returns
    -------
    Volume
        On the grid of ``like``.
    """
    index = _voxel_to_voxel(volume, like, matrix)
    sampled = (_linear if order == "linear" else _nearest)(volume.array, index, like.shape)
    sampled[~_indices_inside(index, volume.shape, like.shape)] = fill
    return like.with_array(sampled)


def _linear(array: NDArray[Any], index: NDArray[np.float64], shape: tuple[int, int, int]) -> NDArray[Any]:
    """Interpolate in voxel indices, which ITK takes from last to first."""
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(index[2::-1, 2::-1].ravel().tolist())
    transform.SetTranslation(index[2::-1, 3].tolist())
    image = sitk.GetImageFromArray(array.astype(np.float32, copy=False))
    sampled = sitk.Resample(
        image, shape[::-1], transform, sitk.sitkLinear, (0.0,) * 3, (1.0,) * 3, np.eye(3).ravel().tolist()
    )
    return np.asarray(sitk.GetArrayFromImage(sampled))


def _nearest(array: NDArray[Any], index: NDArray[np.float64], shape: tuple[int, int, int]) -> NDArray[Any]:
    as_number = array.astype(np.uint8) if array.dtype == bool else array
    sampled = ndimage.affine_transform(
        as_number, index[:3, :3], index[:3, 3], output_shape=shape, order=0, mode="nearest"
    )
    return np.asarray(sampled.astype(array.dtype, copy=False))


def inside(volume: Volume, like: Volume, matrix: NDArray[np.float64] | None = None) -> Volume:
    """Tell which voxels of a grid lie in the field of view of a volume.

    Parameters
    ----------
    volume, like, matrix
        As for :func:`resample`.

    Returns
    -------
    Volume
        True where ``volume`` can be interpolated: between the centres of its outermost voxels.
    """
    return like.with_array(_indices_inside(_voxel_to_voxel(volume, like, matrix), volume.shape, like.shape))


def on_grid(labels: Volume, like: Volume, name: str = "The segmentation") -> Volume:
    """Bring labels onto a grid that has the same voxels, perhaps stored in another axis order.

    Parameters
    ----------
    labels : Volume
        Mask or label numbers.
    like : Volume
        The scan that the labels belong to.
    name : str
        What the person calls these labels.

    Raises
    ------
    InputError
        If the voxels of the two do not coincide: labels are never interpolated silently.
    """
    index = np.round(np.linalg.inv(labels.affine) @ like.affine)
    steps = np.abs(index[:3, :3])
    coincide = (
        (steps.sum(axis=0) == 1).all()
        and (steps.sum(axis=1) == 1).all()
        and np.prod(labels.shape) == np.prod(like.shape)
        and Volume(like.array, labels.affine @ index).same_grid(like, _LARGEST_LATTICE_ERROR_MM)
        and _indices_inside(index, labels.shape, like.shape).all()
    )
    if not coincide:
        raise InputError(
            "other-space",
            f"{name} is in another space than its scan.",
            expected=describe_grid(like),
            found=describe_grid(labels),
            advice="Resample it onto the scan with nearest neighbours, or segment this very scan.",
        )
    if (index == np.eye(4)).all():
        return like.with_array(np.ascontiguousarray(labels.array))
    exact = Volume(labels.array, like.affine @ np.linalg.inv(index))  # without the rounding of its header
    return resample(exact, like, order="nearest")


def _voxel_to_voxel(volume: Volume, like: Volume, matrix: NDArray[np.float64] | None) -> NDArray[np.float64]:
    world = like.affine if matrix is None else matrix @ like.affine
    return np.asarray(np.linalg.inv(volume.affine) @ world)


def _indices_inside(
    index: NDArray[np.float64], shape: tuple[int, int, int], like_shape: tuple[int, int, int]
) -> NDArray[np.bool_]:
    j, k = np.ogrid[: like_shape[1], : like_shape[2]]
    # Voxels of the volume at the grid's first slab; the next ones are a step further.
    slab = [row[1] * j + (row[2] * k + row[3]) for row in index[:3]]
    valid = np.ones(like_shape, dtype=bool)
    for i in range(like_shape[0]):
        for position, row, count in zip(slab, index[:3], shape, strict=True):
            at = position + row[0] * i
            valid[i] &= at >= -_EDGE_TOLERANCE_VOXELS
            valid[i] &= at <= count - 1 + _EDGE_TOLERANCE_VOXELS
    return valid


def describe_grid(volume: Volume) -> str:
    """Say in words where a grid lies, for a message."""
    centre = volume.affine[:3] @ np.append((np.array(volume.shape) - 1) / 2, 1)
    return (
        " x ".join(str(n) for n in volume.shape)
        + " voxels of "
        + " x ".join(f"{edge:.3g}" for edge in volume.voxel_sizes_mm)
        + " mm around RAS "
        + ", ".join(f"{mm:.1f}" for mm in centre)
        + " mm"
    )
