"""What a header says about the voxels in a file, and these voxels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.payload import (
    GZIP,
    MOST_PADDING_BYTES,
    Inflated,
    Stream,
    check_size,
    finish,
    is_padding,
    take,
)
from LongitudinalINRLib.imaging.formats.source import SourceFile

_GZIP_MARK = b"\x1f\x8b"


@dataclass(frozen=True)
class Stored:
    """How the voxels of a file are stored.

    Parameters
    ----------
    shape : tuple of int
        Along the axes, the first one running fastest.
    dtype : dtype
        Of one stored voxel, with its byte order.
    affine : ndarray, shape (4, 4)
        Voxel index to RAS mm.
    offset : int
        Bytes before the first voxel.
    warnings : list of str
        What the person should know about the header.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    affine: NDArray[np.float64]
    offset: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Number of bytes up to the end of the last voxel."""
        return self.offset + prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True)
class Packed:
    """How the bytes of the voxels are packed in a file.

    Parameters
    ----------
    kind : int or None
        `payload.GZIP` or `payload.ZLIB`; none if they are stored as they are.
    skip : int
        Bytes before them; -1 if they are the last ones of the file.
    stored_bytes : int or None
        Size of the compressed bytes, where the header says it.
    """

    kind: int | None
    skip: int = 0
    stored_bytes: int | None = None


def check_scalar(dtype: np.dtype[np.generic], name: str) -> None:
    """Refuse voxels that are not one real number.

    Raises
    ------
    InputError
        ``image-colour``.
    """
    if dtype.names or dtype.kind not in "biuf":
        raise image_colour(name, f"voxels of type {dtype}")


def image_colour(name: str, found: str) -> InputError:
    """Return the refusal of colours, vectors and complex numbers."""
    return InputError(
        "image-colour",
        f"{name} holds colours, vectors or complex numbers.",
        expected="one number a voxel",
        found=found,
        advice="Give the original scan, not a picture made from it.",
    )


def read_voxels(
    stream: Stream,
    stored: Stored,
    held_bytes: int,
    start: bytes = b"",
    compressed: bool = False,
    is_footer: Callable[[bytes], bool] = is_padding,
    most_footer_bytes: int = MOST_PADDING_BYTES,
) -> NDArray[np.generic]:
    """Read the voxels and the stream to its end.

    Parameters
    ----------
    stream : Stream
        Where the voxels are.
    stored : Stored
        How they are stored.
    held_bytes : int
        Size of the file, or of what follows its header, as it is stored.
    start : bytes
        What was read from the stream before.
    compressed : bool
        Whether the stream is decompressed from the file.
    is_footer, most_footer_bytes
        What may follow, see :func:`LongitudinalINRLib.imaging.formats.payload.finish`.

    Returns
    -------
    ndarray
        In the machine's byte order; the bytes of the file themselves where they allow it.
    """
    check_size(held_bytes, stored.end, compressed, stream.name, most_footer_bytes)
    content = take(stream, stored.end, start)
    finish(stream, is_footer, most_footer_bytes)
    voxels: NDArray[np.generic] = np.ndarray(stored.shape, stored.dtype, content, stored.offset, order="F")
    if voxels.flags.aligned and voxels.dtype.isnative:
        return voxels
    return voxels.astype(voxels.dtype.newbyteorder("="))


def plain_stream(file: SourceFile) -> tuple[Stream, bool]:
    """Return the bytes of a file, decompressed if they are compressed whatever its name says, and whether."""
    if file.peek(len(_GZIP_MARK)) == _GZIP_MARK:
        return Inflated(file, GZIP), True
    return file, False
