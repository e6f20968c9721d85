"""NRRD and MetaImage files, by SimpleITK."""

from __future__ import annotations

from pathlib import Path

import SimpleITK as sitk

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.checks import check_shape
from LongitudinalINRLib.imaging.itk import from_itk
from LongitudinalINRLib.imaging.volume import Volume


def load(path: Path) -> tuple[Volume, list[str]]:
    """Read an NRRD or MetaImage file, one frame of a 4D file squeezed.

    Raises
    ------
    InputError
        If the file cannot be read whole, or holds colours or several frames.
    """
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise InputError(
            "not-an-image",
            f"{path.name} is not an image that can be read whole.",
            expected="an NRRD or MetaImage file",
            found=str(error).strip().splitlines()[-1],
            advice="Check that the file opens in a viewer; copy or convert it again if it does not.",
        ) from error
    warnings = []
    if path.suffix.lower() in (".nrrd", ".nhdr") and "NRRD_space" not in image.GetMetaDataKeys():
        warnings.append(
            f"{path.name}: its header names no space; LPS is assumed. Check left and right in a viewer."
        )
    return _single_volume(image, path.name), warnings


def _single_volume(image: sitk.Image, name: str) -> Volume:
    if image.GetNumberOfComponentsPerPixel() > 1 or "complex" in image.GetPixelIDTypeAsString():
        raise InputError(
            "image-colour",
            f"{name} holds colours or vectors.",
            expected="one number a voxel",
            found=f"voxels of type {image.GetPixelIDTypeAsString()}",
            advice="Give the original scan, not a picture made from it.",
        )
    check_shape(image.GetSize(), name)
    return from_itk(image[:, :, :, 0] if image.GetDimension() == 4 else image)
