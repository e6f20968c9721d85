"""FreeSurfer's MGH and MGZ files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from nibabel.freesurfer.mghformat import DATA_OFFSET, MGHHeader, header_dtype

from LongitudinalINRLib.imaging.checks import check_grid, check_shape
from LongitudinalINRLib.imaging.formats.payload import MOST_PADDING_BYTES, is_padding, take
from LongitudinalINRLib.imaging.formats.refusals import bad_header, no_orientation, not_an_image
from LongitudinalINRLib.imaging.formats.source import SourceFile, check_sha256
from LongitudinalINRLib.imaging.formats.stored import Stored, plain_stream, read_voxels
from LongitudinalINRLib.imaging.volume import Volume

MOST_FOOTER_BYTES = 1 << 22

LARGEST_DIRECTION_ERROR = 1e-2
LARGEST_TAG = 1000
_PARAMETERS = np.dtype((">f4", 5))
_SENSIBLE = (1e-6, 1e6)


def load(path: Path, sha256: str | None = None) -> tuple[Volume, list[str]]:
    """Read a file, compressed or not; see :func:`LongitudinalINRLib.imaging.formats.nifti.load`.

    Raises
    ------
    InputError
        If the file cannot be read whole, holds several frames, does not say where it lies, or is not the one
        with the given SHA-256.
    """
    name = path.name
    with SourceFile(path) as file:
        stream, compressed = plain_stream(file)
        start = bytes(take(stream, header_dtype.itemsize))
        stored = _stored(start, name)
        check_shape(stored.shape, name)
        check_grid(stored.shape[:3], stored.affine, name)
        voxels = read_voxels(stream, stored, file.size, start, compressed, _is_footer, MOST_FOOTER_BYTES)
        check_sha256(name, file.sha256, sha256)
    return Volume(voxels.reshape(stored.shape[:3], order="F"), stored.affine), []


def _stored(start: bytes, name: str) -> Stored:
    version = int.from_bytes(start[:4], "big")
    if version != 1:
        raise not_an_image(name, "a FreeSurfer file", f"a file that begins with {start[:4]!r}")
    header = MGHHeader(start, check=False)
    fields = np.frombuffer(start, header_dtype)[0]  # as they are: nibabel puts in what it finds missing
    if fields["goodRASFlag"] <= 0:
        raise no_orientation(name, "a header with its RAS flag set", "the flag is not set: sides are unknown")
    try:
        dtype = np.dtype(header.get_data_dtype())
    except KeyError:
        raise bad_header(name, f"the type {fields['type']}", "a type of voxels that is known") from None
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(fields["Mdc"], axis=1)
        if not (np.abs(lengths - 1) <= LARGEST_DIRECTION_ERROR).all() or not (fields["delta"] > 0).all():
            raise bad_header(
                name,
                f"sizes {fields['delta'].tolist()}, directions of lengths {lengths.tolist()}",
                "positive voxel sizes and directions of length 1",
            )
        affine = np.array(header.get_affine(), np.float64)
    shape = tuple(int(n) for n in fields["dims"])
    return Stored(shape, dtype, affine, DATA_OFFSET)


def _is_footer(footer: bytes) -> bool:
    """Tell whether these are times and angles of a sequence with tags behind them, not voxels left over."""
    if is_padding(footer):
        return len(footer) <= MOST_PADDING_BYTES
    known = footer[: _PARAMETERS.itemsize].ljust(_PARAMETERS.itemsize, b"\0")
    with np.errstate(invalid="ignore"):
        sizes = np.abs(np.frombuffer(known, _PARAMETERS)[0])
    tag = int.from_bytes(footer[_PARAMETERS.itemsize :][:4], "big")
    return tag <= LARGEST_TAG and bool(
        ((sizes == 0) | ((sizes >= _SENSIBLE[0]) & (sizes <= _SENSIBLE[1]))).all()
    )
