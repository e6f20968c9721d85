"""NIfTI and FreeSurfer files, by nibabel."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import cast

import nibabel as nib
import numpy as np
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError, SpatialImage
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.checks import check_shape
from LongitudinalINRLib.imaging.volume import Volume

LARGEST_FORM_DISAGREEMENT_MM = 0.1
_MM_PER_UNIT = {"meter": 1000.0, "micron": 0.001}
_UNREADABLE = (OSError, EOFError, ValueError, zlib.error, ImageFileError, HeaderDataError)


def load(path: Path) -> tuple[Volume, list[str]]:
    """Read a file with its stored scaling applied, one frame of a 4D file squeezed.

    Raises
    ------
    InputError
        If the file cannot be read whole, holds colours or several frames, or does not say where it lies.
    """
    image = _open(path)
    if image.get_data_dtype().names or image.get_data_dtype().kind not in "biuf":
        raise InputError(
            "image-colour",
            f"{path.name} holds colours or complex numbers.",
            expected="one number a voxel",
            found=f"voxels of type {image.get_data_dtype()}",
            advice="Give the original scan, not a picture made from it.",
        )
    check_shape(image.shape, path.name)
    affine, warnings = _affine(image, path.name)
    return Volume(_voxels(image, path).reshape(image.shape[:3]), affine), warnings


def load_vectors(path: Path) -> Volume:
    """Read a displacement map written by :func:`LongitudinalINRLib.imaging.writing.write_volume`.

    Raises
    ------
    InputError
        If the file is not a NIfTI displacement map of shape (I, J, K, 1, 3).
    """
    image = _open(path)
    if image.shape[3:] != (1, 3):
        raise InputError(
            "not-a-displacement",
            f"{path.name} is not a displacement map.",
            expected="I x J x K x 1 x 3 voxels",
            found=" x ".join(str(n) for n in image.shape) + " voxels",
            advice="Give a displacement map written by this program.",
        )
    affine, _ = _affine(image, path.name)
    return Volume(_voxels(image, path)[..., 0, :].astype(np.float32), affine)


def _open(path: Path) -> SpatialImage:
    try:
        return cast(SpatialImage, nib.load(path, mmap=False))
    except _UNREADABLE as error:
        raise InputError(
            "not-an-image",
            f"{path.name} is not an image that can be read.",
            expected="a NIfTI or FreeSurfer file",
            found=str(error),
            advice="Check that the file opens in a viewer; convert it again if it does not.",
        ) from error


def _voxels(image: SpatialImage, path: Path) -> NDArray[np.generic]:
    try:
        return np.asanyarray(image.dataobj)
    except _UNREADABLE as error:
        raise InputError(
            "file-truncated",
            f"{path.name} ends before its last voxel or is damaged.",
            expected=" x ".join(str(n) for n in image.shape) + " voxels, as its header says",
            found=str(error) or "the end of the file",
            advice="Copy or download the file again.",
        ) from error


def _affine(image: SpatialImage, name: str) -> tuple[NDArray[np.float64], list[str]]:
    """Take the affine in mm: the sform before the qform, with a warning where they disagree."""
    affine = np.array(image.affine, dtype=np.float64)
    if not isinstance(image, nib.Nifti1Pair):
        return affine, []
    header, warnings = image.header, []
    if header["sform_code"] == 0 and header["qform_code"] == 0:
        raise InputError(
            "no-orientation",
            f"{name} does not say where its voxels lie.",
            expected="a NIfTI header with an sform or a qform",
            found="neither (both codes are 0): left and right cannot be told apart",
            advice="Convert the scan again from its DICOM files with a tool that keeps the orientation.",
        )
    if header["sform_code"] > 0 and header["qform_code"] > 0 and not _forms_agree(image):
        warnings.append(
            f"{name}: its sform and qform place the voxels differently; the sform is used. "
            "Check left and right in a viewer."
        )
    unit = header.get_xyzt_units()[0]
    if unit in _MM_PER_UNIT:
        affine = np.diag([_MM_PER_UNIT[unit]] * 3 + [1.0]) @ affine
        warnings.append(f"{name}: its header gives lengths in {unit}s; they were converted to mm.")
    return affine, warnings


def _forms_agree(image: nib.Nifti1Pair) -> bool:
    try:
        qform = image.header.get_qform()
    except (ValueError, HeaderDataError):  # a quaternion that is not one
        return False
    grid = np.broadcast_to(np.float32(0), image.shape[:3])
    return Volume(grid, image.header.get_sform()).same_grid(Volume(grid, qform), LARGEST_FORM_DISAGREEMENT_MM)
