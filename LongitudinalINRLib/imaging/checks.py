"""What a volume must satisfy before anything is computed from it.

The limits on sizes are wide: what lies beyond has a damaged header or lengths in another unit.
"""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.refusals import bad_header
from LongitudinalINRLib.imaging.volume import Volume

LARGEST_VOXEL_EDGE_RATIO = 30.0
SMALLEST_UNIT_DETERMINANT = 0.01
FEWEST_VOXELS_ALONG_AXIS = 4
"""The least that smoothing and registration work on."""

MOST_VOXELS = 2**28
"""Half a millimetre over twice the volume around a head; each takes some dozen bytes later on."""

SMALLEST_EDGE_MM = 0.05
LARGEST_EDGE_MM = 20.0
LARGEST_FIELD_OF_VIEW_MM = 2500.0
LARGEST_DISTANCE_MM = 10_000.0
"""From the origin of the scanner's coordinates to the first voxel, along each axis."""

LARGEST_VALUE = 1e12
SMALLEST_CONTRAST = 1e-12
"""Squares and sums of what lies between stay within single precision."""


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
        For 2D images, for several frames or vector components, and for sizes that cannot be those of a scan.
    """
    found = " x ".join(str(n) for n in shape) + " voxels"
    if any(n < 1 for n in shape):
        raise bad_header(name, found, "a positive number of voxels along each axis")
    if len(shape) < 3 or 1 in shape[:3]:
        raise InputError(
            "image-2d",
            f"{name} is a two-dimensional image.",
            expected="a three-dimensional scan",
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
    if min(shape[:3]) < FEWEST_VOXELS_ALONG_AXIS:
        raise InputError(
            "image-small",
            f"{name} has too few voxels.",
            expected=f"at least {FEWEST_VOXELS_ALONG_AXIS} voxels along each axis",
            found=found,
            advice="Give the whole scan, not a piece of it.",
        )
    if prod(shape) > MOST_VOXELS:
        raise InputError(
            "image-large",
            f"{name} has too many voxels.",
            expected=f"at most {MOST_VOXELS} voxels",
            found=found,
            advice="Cut it to the head, or resample it to larger voxels.",
        )


def check_affine(volume: Volume, name: str) -> None:
    """Refuse a volume by its grid, see :func:`check_grid`."""
    check_grid(volume.shape, volume.affine, name)


def check_grid(shape: tuple[int, ...], affine: NDArray[np.float64], name: str) -> None:
    """Refuse a geometry in which distances and volumes have no meaning, or that cannot be that of a scan.

    Parameters
    ----------
    shape : tuple of int
        Voxels along each of the three axes.
    affine : ndarray, shape (4, 4)
        Voxel index to RAS mm.
    name : str
        What the person calls this image.

    Raises
    ------
    InputError
        For an affine that is not finite or singular, for voxel edges that differ by orders of magnitude or
        are not those of a scan of a head, and for a place that no scanner has.
    """
    with np.errstate(all="ignore"):
        _check_axes(affine, name)
        edges_mm = np.linalg.norm(affine[:3, :3], axis=0)
        fields_mm = edges_mm * shape
        if not plausible_edges(edges_mm) or fields_mm.max() > LARGEST_FIELD_OF_VIEW_MM:
            raise InputError(
                "voxel-sizes",
                f"The voxel sizes of {name} are not those of a scan of a head.",
                expected=f"edges from {SMALLEST_EDGE_MM:g} to {LARGEST_EDGE_MM:g} mm, "
                f"and at most {LARGEST_FIELD_OF_VIEW_MM:g} mm in all",
                found=_by(edges_mm) + f" mm, and {fields_mm.max():.4g} mm in all",
                advice="Check the header: its lengths are probably in another unit than mm.",
            )
        if np.abs(affine[:3, 3]).max() > LARGEST_DISTANCE_MM:
            raise InputError(
                "affine-far",
                f"The voxels of {name} lie where no scanner has any.",
                expected=f"a first voxel within {LARGEST_DISTANCE_MM:g} mm of the origin along each axis",
                found="one at " + _by(affine[:3, 3]).replace(" x", ",") + " mm",
                advice="Convert the scan again from its DICOM files, or repair its header.",
            )


def plausible_edges(edges_mm: NDArray[np.float64]) -> bool:
    """Tell whether voxel edges can be those of a scan of a head; what is not a number cannot."""
    rounding = 1e-3
    smallest, largest = SMALLEST_EDGE_MM * (1 - rounding), LARGEST_EDGE_MM * (1 + rounding)
    return bool(((edges_mm >= smallest) & (edges_mm <= largest)).all())


def _check_axes(affine: NDArray[np.float64], name: str) -> None:
    edges_mm = np.linalg.norm(affine[:3, :3], axis=0)
    usable = bool(np.isfinite(affine).all() and (edges_mm > 0).all())
    if not usable or not abs(np.linalg.det(affine[:3, :3] / edges_mm)) >= SMALLEST_UNIT_DETERMINANT:
        raise InputError(
            "affine-singular",
            f"The affine of {name} does not span three dimensions.",
            expected="three voxel axes in different directions, each with a length in mm",
            found=np.array2string(affine[:3], precision=4, separator=", ").replace("\n", ""),
            advice="Convert the scan again from its DICOM files, or repair its header.",
        )
    if edges_mm.max() / edges_mm.min() > LARGEST_VOXEL_EDGE_RATIO:
        raise InputError(
            "voxel-sizes",
            f"The voxel sizes of {name} differ by orders of magnitude.",
            expected=f"edges within a factor of {LARGEST_VOXEL_EDGE_RATIO:g} of each other",
            found=_by(edges_mm) + " mm",
            advice="Check the header: the units of one axis are probably wrong.",
        )


def _by(numbers: NDArray[np.float64]) -> str:
    return " x ".join(f"{number:.4g}" for number in numbers)


def check_values(volume: Volume, name: str) -> None:
    """Refuse voxels that cannot be compared: not finite, empty, all the same, or out of any range.

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
    if max(-lowest, highest) > LARGEST_VALUE or highest - lowest < SMALLEST_CONTRAST:
        raise InputError(
            "voxels-range",
            f"The voxel values of {name} cannot be computed with.",
            expected=f"values of at most {LARGEST_VALUE:g} that differ by {SMALLEST_CONTRAST:g} or more",
            found=f"values from {lowest:g} to {highest:g}",
            advice="Check the slope and the intercept in its header, or convert the scan again.",
        )
