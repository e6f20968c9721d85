"""NRRD and MetaImage files: a header in words, with the voxels behind it or in a file of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.checks import check_grid, check_shape
from LongitudinalINRLib.imaging.formats import metaheader, metaimage, nrrd, nrrdheader
from LongitudinalINRLib.imaging.formats.payload import Inflated, finish, skip
from LongitudinalINRLib.imaging.formats.refusals import longer, truncated
from LongitudinalINRLib.imaging.formats.source import SourceFile, check_sha256, data_file_path, joined_sha256
from LongitudinalINRLib.imaging.formats.stored import Packed, Stored, read_voxels
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import NRRD_SUFFIXES


def load(path: Path, sha256: str | None = None) -> tuple[Volume, list[str]]:
    """Read an NRRD or MetaImage file, frames of length one squeezed.

    Parameters
    ----------
    path : Path
        The file, or the header beside a file of voxels.
    sha256 : str, optional
        What the bytes that are read must have, of header and voxels together as `source.sha256_of_source`.

    Raises
    ------
    InputError
        If the file cannot be read whole, holds colours or several frames, does not say where it lies, or is
        not the one with the given SHA-256.
    """
    header_of, meaning_of = (
        (nrrdheader.read, nrrd.meaning)
        if path.name.lower().endswith(NRRD_SUFFIXES)
        else (metaheader.read, metaimage.meaning)
    )
    with SourceFile(path) as file:
        header = header_of(file)
        with np.errstate(all="ignore"):  # what is not finite is refused with the grid
            stored, packed = meaning_of(header)
        check_shape(stored.shape, path.name)
        check_grid(stored.shape[:3], stored.affine, path.name)
        if header.data_file is None:
            voxels = _voxels(file, stored, packed)
            digests = [file.sha256]
        else:
            finish(file)
            with SourceFile(data_file_path(path, header.data_file)) as data:
                voxels = _voxels(data, stored, packed)
                digests = [file.sha256, data.sha256]
    check_sha256(path.name, joined_sha256(digests), sha256)
    return Volume(voxels.reshape(stored.shape[:3], order="F"), stored.affine), stored.warnings


def _voxels(file: SourceFile, stored: Stored, packed: Packed) -> NDArray[np.generic]:
    """Read the voxels from where a file stands."""
    held = file.left
    if packed.stored_bytes is not None and packed.stored_bytes != held:
        fault = truncated if held < packed.stored_bytes else longer
        raise fault(file.name, f"{packed.stored_bytes} compressed bytes, as its header says", f"{held} bytes")
    if packed.kind is not None:
        return read_voxels(Inflated(file, packed.kind), stored, held, compressed=True)
    before = held - stored.end if packed.skip < 0 else packed.skip
    if before < 0 or before > held:
        raise truncated(file.name, f"{stored.end} bytes, as its header says", f"{held} bytes")
    skip(file, before)
    return read_voxels(file, stored, held - before)
