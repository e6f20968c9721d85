"""NIfTI files: header and voxels from the same bytes, read once and to their end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from nibabel.volumeutils import apply_read_scaling
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging import mgh, niftiheader
from LongitudinalINRLib.imaging.checks import check_grid, check_shape
from LongitudinalINRLib.imaging.payload import Stream, take
from LongitudinalINRLib.imaging.source import SourceFile, check_sha256
from LongitudinalINRLib.imaging.stored import Stored, check_scalar, plain_stream, read_voxels
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
    with SourceFile(path) as file:
        stream, compressed = plain_stream(file)
        header, start = _header(stream)
        check_shape(niftiheader.shape(header, path.name), path.name)
        stored = niftiheader.stored(header, path.name)
        check_scalar(stored.dtype, path.name)
        check_grid(stored.shape[:3], stored.affine, path.name)
        voxels = _scaled(stream, header, stored, file.size, start, compressed)
        check_sha256(path.name, file.sha256, sha256)
    return Volume(voxels.reshape(stored.shape[:3], order="F"), stored.affine), stored.warnings


def load_vectors(path: Path, sha256: str | None = None) -> Volume:
    """Read a displacement map written by :func:`LongitudinalINRLib.imaging.writing.write_volume`.

    Raises
    ------
    InputError
        If the file is not a whole NIfTI displacement map of shape (I, J, K, 1, 3) with finite vectors, or is
        not the one with the given SHA-256.
    """
    with SourceFile(path) as file:
        stream, compressed = plain_stream(file)
        header, start = _header(stream)
        _check_displacement(header, path.name)
        check_shape(niftiheader.shape(header, path.name)[:3], path.name)
        stored = niftiheader.stored(header, path.name)
        check_grid(stored.shape[:3], stored.affine, path.name)
        voxels = _scaled(stream, header, stored, file.size, start, compressed)
        check_sha256(path.name, file.sha256, sha256)
    with np.errstate(over="ignore"):  # what becomes infinite is refused next
        vectors = voxels[..., 0, :].astype(np.float32, copy=False)
    if not (np.abs(vectors) <= LARGEST_DISPLACEMENT_MM).all():  # nor is what is not a number
        raise InputError(
            "displacement-values",
            f"{path.name} holds displacements that cannot be.",
            expected=f"finite displacements of at most {LARGEST_DISPLACEMENT_MM:g} mm",
            found=f"{int((~(np.abs(vectors) <= LARGEST_DISPLACEMENT_MM)).sum())} components that are not",
            advice="Make the map again.",
        )
    return Volume(vectors, stored.affine)


def _header(stream: Stream) -> tuple[niftiheader.Header, bytes]:
    start = take(stream, 4)
    start = take(stream, niftiheader.header_size(bytes(start), stream.name), bytes(start))
    return niftiheader.parse(bytes(start), stream.name), bytes(start)


def _scaled(
    stream: Stream,
    header: niftiheader.Header,
    stored: Stored,
    held_bytes: int,
    start: bytes,
    compressed: bool,
) -> NDArray[np.generic]:
    scaling = niftiheader.scaling(header, stream.name)
    voxels = read_voxels(stream, stored, held_bytes, start, compressed)
    if scaling is None:
        return voxels
    with np.errstate(over="ignore"):  # what becomes infinite is refused with the values
        return apply_read_scaling(voxels, *scaling)


def _check_displacement(header: niftiheader.Header, name: str) -> None:
    shape, dtype = niftiheader.shape(header, name), niftiheader.voxel_type(header, name)
    intent = int(header["intent_code"])
    if shape[3:] == (1, 3) and intent == niftiheader.DISPLACEMENT_INTENT and dtype.kind == "f":
        return
    raise InputError(
        "not-a-displacement",
        f"{name} is not a displacement map.",
        expected=f"I x J x K x 1 x 3 floats with the intent code {niftiheader.DISPLACEMENT_INTENT}",
        found=" x ".join(str(n) for n in shape) + f" of type {dtype}, intent code {intent}",
        advice="Give a displacement map written by this program.",
    )
