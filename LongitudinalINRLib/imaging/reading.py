"""Scans and labels from files of any supported kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.checks import check_affine, check_values
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.imaging.dicom.series import load_dicom
from LongitudinalINRLib.imaging.formats import headed, nifti
from LongitudinalINRLib.imaging.formats.source import open_regular
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import FREESURFER_SUFFIXES, ITK_SUFFIXES, NIFTI_SUFFIXES, SCAN_SUFFIXES


def read_volume(path: str | Path, sha256: str | None = None) -> tuple[Volume, list[str]]:
    """Read a scan and check that it can be used.

    Parameters
    ----------
    path : str or Path
        NIfTI, MGH, NRRD or MetaImage file, a folder with one DICOM series, or `FOLDER#SERIES`.
    sha256 : str, optional
        What `source.sha256_of_source` returned for the file before: the voxels come from these very bytes.

    Returns
    -------
    volume : Volume
        Voxel values as float32 and the affine to RAS mm.
    warnings : list of str
        What the person should know about the file, for example that sform and qform disagree.

    Raises
    ------
    InputError
        If there is no such file, it is not one three-dimensional scan with finite, varying voxels, or it is
        not the one with the given SHA-256.
    """
    path = Path(path)
    volume, warnings = load(path, sha256)
    with np.errstate(over="ignore"):  # beyond float32 becomes infinite, which the next check reports
        volume = volume.with_array(volume.array.astype(np.float32, copy=False))
    check_values(volume, path.name)
    return volume, warnings


def read_labels(path: str | Path, sha256: str | None = None) -> tuple[Volume, list[str]]:
    """Read a segmentation or a mask.

    Parameters
    ----------
    path : str or Path
        Any file that :func:`read_volume` takes, with whole numbers as voxels.
    sha256 : str, optional
        As for :func:`read_volume`.

    Returns
    -------
    labels : Volume
        Label numbers as int32.
    warnings : list of str
        As for :func:`read_volume`.

    Raises
    ------
    InputError
        If the file cannot be used, a voxel is not a whole number or is negative, or no voxel has a label.
    """
    path = Path(path)
    volume, warnings = load(path, sha256)
    stored = volume.array
    with np.errstate(invalid="ignore", over="ignore"):
        labels = stored.astype(np.int32)
    different = int((labels != stored).sum())
    if different:
        raise InputError(
            "labels-not-integers",
            f"{path.name} is not a segmentation.",
            expected="a whole number in every voxel",
            found=f"{different} voxels with another value, for example {stored[labels != stored][0]:g}",
            advice="Give the label map itself, resampled with nearest neighbours, or a thresholded map.",
        )
    if labels.min() < 0:
        raise InputError(
            "labels-negative",
            f"{path.name} is not a segmentation.",
            expected="0 for the background and positive numbers for the regions",
            found=f"a voxel with {labels.min()}",
            advice="Give the label map itself; set what has no region to 0.",
        )
    if not labels.any():
        raise InputError(
            "labels-empty",
            f"{path.name} is empty.",
            expected="at least one voxel with a label",
            found="0 in every voxel",
            advice="Check that this is the right file.",
        )
    return volume.with_array(labels), warnings


def read_displacement(path: str | Path, sha256: str | None = None) -> Volume:
    """Read a displacement map written by this program.

    Parameters
    ----------
    path : str or Path
        NIfTI file of shape (I, J, K, 1, 3).
    sha256 : str, optional
        As for :func:`read_volume`.

    Returns
    -------
    Volume
        Displacement in RAS mm, shape (I, J, K, 3), float32.

    Raises
    ------
    InputError
        If there is no such file or it holds something else.
    """
    return nifti.load_vectors(Path(path), sha256)


def load(path: Path, sha256: str | None = None) -> tuple[Volume, list[str]]:
    """Read an image of any kind, its grid checked and its values as they are stored.

    Raises
    ------
    InputError
        If there is no such file, it is not one three-dimensional image, or it is not the one with the given
        SHA-256.
    """
    name = path.name.lower()
    if name.endswith(NIFTI_SUFFIXES + FREESURFER_SUFFIXES):
        return nifti.load(path, sha256)
    if name.endswith(ITK_SUFFIXES):
        return headed.load(path, sha256)
    if series_place(path):
        volume, warnings = load_dicom(path, sha256)
        check_affine(volume, path.name)
        return volume, warnings
    open_regular(path).close()
    raise InputError(
        "file-kind",
        f"{path.name} is of a kind that is not read.",
        expected="a file ending in " + ", ".join(SCAN_SUFFIXES) + ", or a DICOM folder",
        found=f"a file ending in {path.suffix or 'nothing'}",
        advice="Convert it to NIfTI; for DICOM give the folder, not one file.",
    )
