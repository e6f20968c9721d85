"""A DICOM folder as a volume: positions from the headers, voxels by SimpleITK."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.folder import find_series
from LongitudinalINRLib.imaging.dicom.headers import Header, open_regular
from LongitudinalINRLib.imaging.dicom.parser import ShouldStop, check_stop
from LongitudinalINRLib.imaging.dicom.slices import Slice
from LongitudinalINRLib.imaging.dicom.stack import Stack, stack_of
from LongitudinalINRLib.imaging.volume import Volume

_CHUNK_BYTES = 1 << 20


def load_dicom(
    folder: Path, sha256: str | None = None, should_stop: ShouldStop = None
) -> tuple[Volume, list[str]]:
    """Read the one DICOM series of a folder, slices in the order of their positions.

    Parameters
    ----------
    folder : Path
        Holds the files of one scan, its subfolders not searched; or `FOLDER#SERIES`, one series of those in a
        folder and below it.
    sha256 : str, optional
        What :func:`series_digest` returned: other files are refused.
    should_stop : callable, optional
        Asked before every file, and often within large ones.

    Returns
    -------
    volume : Volume
        Voxel values with the stored rescaling applied, and the affine to RAS mm, with the shear of a stack
        whose slices are displaced along themselves.
    warnings : list of str
        What the person should know about the series.

    Raises
    ------
    InputError
        The folder does not hold exactly one series of evenly spaced, parallel slices, or is damaged.
    Cancelled
        The person asked to stop.
    """
    if sha256 is None:
        return _load(folder, should_stop)
    _refuse_changed(folder, sha256, should_stop)
    loaded = _load(folder, should_stop)
    _refuse_changed(folder, sha256, should_stop)
    return loaded


def series_digest(folder: Path, should_stop: ShouldStop = None) -> str:
    """Return the SHA-256 of the sorted SHA-256 of the files of a folder's one series.

    Raises
    ------
    InputError
        As :func:`load_dicom`, as far as the headers tell, before any voxel is read.
    Cancelled
        The person asked to stop.
    """
    headers, _, _ = _headers(folder, should_stop)
    digests = sorted(_file_digest(header.path, should_stop) for header in headers)
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _headers(folder: Path, should_stop: ShouldStop) -> tuple[list[Header], Stack, list[str]]:
    headers, warnings = find_series(folder, should_stop)
    stack = stack_of(headers, folder.name)
    return headers, stack, warnings + stack.warnings


def _load(folder: Path, should_stop: ShouldStop) -> tuple[Volume, list[str]]:
    _, stack, warnings = _headers(folder, should_stop)
    return Volume(_voxels(stack, should_stop), stack.affine), warnings


def _refuse_changed(folder: Path, sha256: str, should_stop: ShouldStop) -> None:
    if series_digest(folder, should_stop) != sha256:
        raise InputError(
            "input-changed",
            f"The files in {folder.name} are not those that they were.",
            expected="the series as it was when it was first read",
            found="files that were changed, added or taken away",
            advice="Put the files back, or start a new job in another folder.",
        )


def _file_digest(path: Path, should_stop: ShouldStop) -> str:
    digest = hashlib.sha256()
    stream = open_regular(path)
    if stream is None:
        raise _unreadable(path, "no file any more")
    with stream:
        while chunk := stream.read(_CHUNK_BYTES):
            check_stop(should_stop)
            digest.update(chunk)
    return digest.hexdigest()


def _voxels(stack: Stack, should_stop: ShouldStop) -> NDArray[np.generic]:
    """Read every file once and put its frames where they belong."""
    places: dict[Path, list[tuple[int, Slice]]] = {}
    for index, slice_ in enumerate(stack.slices):
        places.setdefault(slice_.path, []).append((index, slice_))
    voxels: NDArray[np.generic] | None = None
    for path, slices in places.items():
        check_stop(should_stop)
        frames = _frames(path)
        if voxels is None:
            voxels = np.empty(stack.shape, frames.dtype)
        columns, rows, _ = stack.shape
        if frames.shape != (len(slices), rows, columns) or frames.dtype != voxels.dtype:
            raise _unreadable(path, f"{frames.shape} voxels of type {frames.dtype}")
        for index, slice_ in slices:
            voxels[:, :, index] = frames[slice_.frame].T
    assert voxels is not None  # a stack has slices
    return voxels


def _frames(path: Path) -> NDArray[np.generic]:
    """Return the images of one file, shape (frames, rows, columns)."""
    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(str(path))
    try:
        array = sitk.GetArrayFromImage(reader.Execute())
    except RuntimeError as error:
        raise _unreadable(path, str(error).strip().splitlines()[-1]) from error
    return array[None] if array.ndim == 2 else array


def _unreadable(path: Path, found: str) -> InputError:
    return InputError(
        "not-an-image",
        f"The voxels of {path.name} cannot be read.",
        expected="a DICOM file that can be read whole",
        found=found,
        advice="Copy the series again, or convert it to NIfTI with dcm2niix.",
    )
