"""NIfTI files: header and voxels from the same bytes, read once and to their end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from nibabel.volumeutils import apply_read_scaling
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.checks import check_grid, check_shape
from LongitudinalINRLib.imaging.formats import mgh, niftiheader
from LongitudinalINRLib.imaging.formats.payload import take
from LongitudinalINRLib.imaging.formats.source import SourceFile, check_sha256
from LongitudinalINRLib.imaging.formats.stored import Stored, check_scalar, plain_stream, read_voxels
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import FREESURFER_SUFFIXES

LARGEST_DISPLACEMENT_MM = 1000.0


def load(path: Path, sha256: str | None = None) -> tuple[Volume, list[str]]:
    """Read a file with its stored scaling applied, one frame of a 4D file squeezed.

    Parameters
    ----------
    path : Path
        NIfTI or, by its name, FreeSurfer file; compressed or not.
    sha256 : str, optional
        What the bytes that are read must have.

    Raises
    ------
    InputError
        If the file cannot be read whole, holds colours or several frames, does not say where it lies, or is
        not the one with the given SHA-256.
    """
    if path.name.lower().endswith(FREESURFER_SUFFIXES):
        return mgh.load(path, sha256)
    voxels, stored = _read(path, sha256, _check_scan)
    return Volume(voxels.reshape(stored.shape[:3], order="F"), stored.affine), stored.warnings


def load_vectors(path: Path, sha256: str | None = None) -> Volume:
    """Read a displacement map written by :func:`LongitudinalINRLib.imaging.writing.write_volume`.

    Raises
    ------
    InputError
        If the file is not a whole NIfTI displacement map of shape (I, J, K, 1, 3) with finite vectors, or is
        not the one with the given SHA-256.
    """
    voxels, stored = _read(path, sha256, _check_displacement)
    with np.errstate(over="ignore"):  # what becomes infinite is refused next
        vectors = voxels[..., 0, :].astype(np.float32, copy=False)
    unusable = vectors.size - int(
        (np.abs(vectors) <= LARGEST_DISPLACEMENT_MM).sum()
    )  # NaN is not less either
    if unusable:
        raise InputError(
            "displacement-values",
            f"{path.name} holds displacements that cannot be.",
            expected=f"finite displacements of at most {LARGEST_DISPLACEMENT_MM:g} mm",
            found=f"{unusable} components that are not",
            advice="Make the map again.",
        )
    return Volume(vectors, stored.affine)


def _read(
    path: Path, sha256: str | None, check: Callable[[niftiheader.Header, str], None]
) -> tuple[NDArray[np.generic], Stored]:
    """Read the header, have it checked before memory is taken, and read the scaled voxels."""
    name = path.name
    with SourceFile(path) as file:
        stream, compressed = plain_stream(file)
        start = bytes(take(stream, 4))
        start = bytes(take(stream, niftiheader.header_size(start, name), start))
        header = niftiheader.parse(start, name)
        check(header, name)
        stored, scaling = niftiheader.stored(header, name), niftiheader.scaling(header, name)
        check_grid(stored.shape[:3], stored.affine, name)
        voxels = read_voxels(stream, stored, file.size, start, compressed)
        check_sha256(name, file.sha256, sha256)
    if scaling is not None:
        with np.errstate(over="ignore"):  # what becomes infinite is refused with the values
            voxels = apply_read_scaling(voxels, *scaling)
    return voxels, stored


def _check_scan(header: niftiheader.Header, name: str) -> None:
    check_shape(niftiheader.shape(header, name), name)
    check_scalar(niftiheader.voxel_type(header, name), name)


def _check_displacement(header: niftiheader.Header, name: str) -> None:
    shape, dtype = niftiheader.shape(header, name), niftiheader.voxel_type(header, name)
    intent = int(header["intent_code"])
    if shape[3:] == (1, 3) and intent == niftiheader.DISPLACEMENT_INTENT and dtype.kind == "f":
        return check_shape(shape[:3], name)
    raise InputError(
        "not-a-displacement",
        f"{name} is not a displacement map.",
        expected=f"I x J x K x 1 x 3 floats with the intent code {niftiheader.DISPLACEMENT_INTENT}",
        found=" x ".join(str(n) for n in shape) + f" of type {dtype}, intent code {intent}",
        advice="Give a displacement map written by this program.",
    )
