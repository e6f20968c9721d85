"""What a volume must satisfy before anything is computed from it."""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume

LARGEST_VOXEL_EDGE_RATIO = 30.0
SMALLEST_UNIT_DETERMINANT = 0.01


def check_shape(shape: tuple[int, ...], name: str) -> None:
    """Refuse what is not one three-dimensional image.

    Parameters
    ----------
    shape : tuple of int
        Size of the stored array, frames of length one included.
    name : str
        What the person calls this image.

    Raises
    ------
    InputError
        For 2D images and for several frames or vector components.
    """
    found = " x ".join(str(n) for n in shape) + " voxels"
    if len(shape) < 3 or 1 in shape[:3]:
        raise InputError(
            "image-2d",
            f"{name} is a two-dimensional image.",
            expected="a three-dimensional scan with at least two voxels along each axis",
            found=found,
            advice="Give the whole volume, not a single slice of it.",
        )
    if any(n != 1 for n in shape[3:]):
        raise InputError(
            "image-4d",
            f"{name} holds more than one image.",
            expected="a three-dimensional scan",
            found=found,
            advice="Extract one frame into a file of its own and give that.",
        )


def check_affine(volume: Volume, name: str) -> None:
    """Refuse a geometry in which distances and volumes have no meaning.

    Raises
    ------
    InputError
        For an affine that is not finite or singular, and for voxel edges that differ by orders of magnitude.
    """
    edges_mm = volume.voxel_sizes_mm
    usable = bool(np.isfinite(volume.affine).all() and (edges_mm > 0).all())
    if not usable or abs(np.linalg.det(volume.affine[:3, :3] / edges_mm)) < SMALLEST_UNIT_DETERMINANT:
        raise InputError(
            "affine-singular",
            f"The affine of {name} does not span three dimensions.",
            expected="three voxel axes in different directions, each with a length in mm",
            found=np.array2string(volume.affine[:3], precision=4, separator=", ").replace("\n", ""),
            advice="Convert the scan again from its DICOM files, or repair its header.",
        )
    if edges_mm.max() / edges_mm.min() > LARGEST_VOXEL_EDGE_RATIO:
        raise InputError(
            "voxel-sizes",
            f"The voxel sizes of {name} differ by orders of magnitude.",
            expected=f"edges within a factor of {LARGEST_VOXEL_EDGE_RATIO:g} of each other",
            found=" x ".join(f"{edge:.4g}" for edge in edges_mm) + " mm",
            advice="Check the header: the units of one axis are probably wrong.",
        )


def check_values(volume: Volume, name: str) -> None:
    """Refuse voxels that cannot be compared: not finite, empty or all the same.

    Raises
    ------
    InputError
        Naming which of these it is.
    """
    unusable = int(volume.array.size - np.isfinite(volume.array).sum())
    if unusable:
        raise InputError(
            "voxels-not-finite",
            f"{name} has voxels that are not numbers.",
            expected="finite voxel values",
            found=f"{unusable} voxels that are NaN or infinite",
            advice="Replace them, for example by 0, with the tool that wrote the scan.",
        )
    lowest, highest = float(volume.array.min()), float(volume.array.max())
    if lowest == highest:
        raise InputError(
            "image-empty" if lowest == 0 else "image-constant",
            f"{name} is {'empty' if lowest == 0 else 'constant'}.",
            expected="a scan with contrast",
            found=f"the value {lowest:g} in every voxel",
            advice="Check that this is the right file and that it was converted whole.",
        )
