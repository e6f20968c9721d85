"""Volumes into files, whole or not at all."""

from __future__ import annotations

from gzip import GzipFile
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK as sitk
from isal.igzip import IGzipFile
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRLib.imaging.itk import to_itk, transform_to_itk
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import NIFTI_SUFFIXES

_COMPRESSION, _COMPRESSION_OF_MASKS = 1, 6
"""Maps of floats hardly shrink beyond the first level, which takes ISA-L an eighth of zlib's time; masks and
labels halve at zlib's sixth, in a twentieth of a second; the eighth takes five times as long for 7 % less."""

_SCANNER_CODE = 1
_LARGEST_QFORM_ERROR_MM = 1e-2


def write_volume(volume: Volume, path: str | Path, place: Place = writing) -> None:
    """Write a volume whole or not at all.

    Parameters
    ----------
    volume : Volume
        Floats are stored as float32, masks as uint8 and whole numbers as the first of uint8, int16 and int32
        that holds them, never scaled. A last axis of three is a displacement in RAS mm: in NIfTI it becomes
        (I, J, K, 1, 3) with the intent code for displacements, which ITK turns to LPS when it reads the file.
    path : str or Path
        Ends in ``.nii``, ``.nii.gz``, ``.nrrd`` or ``.mha``; replaced if it exists.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).

    Raises
    ------
    InputError
        If the file cannot be written, for example because the disk is full; nothing is left behind.
    """
    path = Path(path)
    stored = volume.with_array(_storable(volume.array))
    try:
        with place(path) as part:
            if path.name.endswith(NIFTI_SUFFIXES):
                _save_nifti(_nifti(stored), part)
            else:
                sitk.WriteImage(to_itk(stored), str(part), useCompression=True)
    except (OSError, RuntimeError) as error:
        raise InputError(
            "cannot-write",
            f"{path.name} could not be written.",
            expected=f"a folder that can be written to and has space for {stored.array.nbytes / 1e6:.0f} MB",
            found=str(error).strip().splitlines()[-1],
            advice=f"Free space on the disk of {path.parent}, or choose another output folder.",
        ) from error


def as_nifti(volume: Volume) -> nib.Nifti1Image:
    """Return a volume as an image in memory, of the content that `write_volume` writes."""
    return _nifti(volume.with_array(_storable(volume.array)))


def write_transform(matrix: NDArray[np.float64], path: str | Path) -> None:
    """Write an alignment as an ITK transform file, the form that 3D Slicer and ANTs read.

    Parameters
    ----------
    matrix : ndarray, shape (4, 4)
        Baseline RAS mm to follow-up RAS mm; in the file LPS to LPS, the direction in which ITK resamples.
    path : str or Path
        Ends in ``.tfm``.
    """
    path = Path(path)
    with writing(path) as part:
        sitk.WriteTransform(transform_to_itk(matrix), str(part))


def _storable(array: NDArray[np.generic]) -> NDArray[np.generic]:
    if array.dtype.kind == "f":
        return array.astype(np.float32, copy=False)
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    lowest, highest = int(array.min()), int(array.max())
    for kind in (np.uint8, np.int16, np.int32):
        if np.iinfo(kind).min <= lowest and highest <= np.iinfo(kind).max:
            return array.astype(kind, copy=False)
    raise ValueError(f"labels from {lowest} to {highest} do not fit into 32 bits")


def _save_nifti(image: nib.Nifti1Image, path: Path) -> None:
    """Write through files that are closed even when the disk is full; the same bytes on the same machine."""
    floats = image.get_data_dtype().kind == "f"
    kind, level = (IGzipFile, _COMPRESSION) if floats else (GzipFile, _COMPRESSION_OF_MASKS)
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with kind("", "wb", level, file, mtime=0) as compressed:
                image.to_stream(compressed)
        else:
            image.to_stream(file)


def _nifti(volume: Volume) -> nib.Nifti1Image:
    array = volume.array[..., np.newaxis, :] if volume.array.ndim == 4 else volume.array
    image = nib.Nifti1Image(array, volume.affine)
    image.header.set_xyzt_units(xyz="mm")
    if array.ndim == 5:
        image.header.set_intent("displacement vector")
    image.set_sform(volume.affine, code=_SCANNER_CODE)
    image.set_qform(volume.affine, code=_SCANNER_CODE)
    if np.abs(image.get_qform() - volume.affine).max() > _LARGEST_QFORM_ERROR_MM:
        image.set_qform(None, code=0)  # a quaternion cannot hold shear: better none than one that disagrees
    return image
