"""DICOM folders, by SimpleITK."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.checks import check_shape
from LongitudinalINRLib.imaging.itk import from_itk
from LongitudinalINRLib.imaging.volume import Volume

LARGEST_SLICE_GAP_DEVIATION = 0.1
_POSITION_TAG = "0020|0032"


def load_dicom(folder: Path) -> tuple[Volume, list[str]]:
    """Read the one DICOM series of a folder, slices in the order of their positions.

    Raises
    ------
    InputError
        If the folder holds no series or several, or slices are missing or doubled.
    """
    series = sitk.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))
    if len(series) != 1:
        raise InputError(
            "dicom-series",
            f"The folder {folder.name} does not hold exactly one DICOM series.",
            expected="one series",
            found=f"{len(series)} series",
            advice="Put the files of one scan into a folder of their own.",
        )
    reader = sitk.ImageSeriesReader()
    files = reader.GetGDCMSeriesFileNames(str(folder), series[0])
    try:
        if len(files) == 1:
            return _single_volume(sitk.ReadImage(files[0]), folder.name), []
        reader.SetFileNames(files)
        reader.MetaDataDictionaryArrayUpdateOn()
        image = reader.Execute()
    except RuntimeError as error:
        raise InputError(
            "not-an-image",
            f"The DICOM series in {folder.name} cannot be read whole.",
            expected="slices of one size",
            found=str(error).strip().splitlines()[-1],
            advice="Copy the series again, or convert it to NIfTI with dcm2niix.",
        ) from error
    _check_slices(reader, image, len(files), folder.name)
    return _single_volume(image, folder.name), []


def _check_slices(reader: sitk.ImageSeriesReader, image: sitk.Image, slices: int, name: str) -> None:
    """Refuse a stack with a hole: ITK would close it and shift everything beyond."""
    if not all(reader.HasMetaDataKey(i, _POSITION_TAG) for i in range(slices)):
        return
    positions_mm = np.array([_position_mm(reader.GetMetaData(i, _POSITION_TAG)) for i in range(slices)])
    normal = np.reshape(image.GetDirection(), (3, 3))[:, 2]
    gaps_mm = np.diff(positions_mm @ normal)
    if np.abs(gaps_mm - np.median(gaps_mm)).max() > LARGEST_SLICE_GAP_DEVIATION * abs(np.median(gaps_mm)):
        raise InputError(
            "dicom-slices",
            f"The slices in {name} are not evenly spaced.",
            expected=f"every slice {np.median(gaps_mm):.3g} mm from the next",
            found=f"distances from {gaps_mm.min():.3g} to {gaps_mm.max():.3g} mm",
            advice="Copy the whole series: slices are missing or belong to several scans.",
        )


def _position_mm(tag: str) -> list[float]:
    return [float(number) for number in tag.split("\\")]


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
