"""Bytes out of files, compressed or not: no more than was announced, and to the end of the stream.

A gzip file carries a checksum at its end; whoever stops at the last voxel never sees it. What a header claims
is compared with the size of the file before memory is taken. Needs the standard library alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol

from LongitudinalINRLib.imaging.formats.refusals import damaged, longer, truncated

GZIP, ZLIB = 31, 15
"""What zlib calls the two kinds of streams."""

LARGEST_DEFLATE_RATIO = 1032
MOST_PADDING_BYTES = 4096

_CHUNK_BYTES = 1 << 20
_COMPRESSED_OVERHEAD_BYTES = 1 << 16


class Stream(Protocol):
    """Something with a name that bytes can be read from; fewer than asked for are not the end, none are."""

    name: str

    def read(self, count: int) -> bytes:
        """Return the next bytes."""
        ...


class Inflated:
    """The decompressed bytes of a stream, members joined; every checksum is verified.

    Parameters
    ----------
    file : Stream
        Compressed bytes, from where the stream begins to the end of the file.
    kind : int
        `GZIP` or `ZLIB`.
    start : bytes
        Compressed bytes that were taken from the file before.
    """

    def __init__(self, file: Stream, kind: int, start: bytes = b""):
        self.name = file.name
        self._file = file
        self._kind = kind
        self._input = start
        self._member = zlib.decompressobj(kind)

    def read(self, count: int) -> bytes:
        """Return the next decompressed bytes, none at the end.

        Raises
        ------
        InputError
            ``file-damaged`` or ``file-truncated``.
        """
        while not self._member.eof or self._next_member():
            self._input = self._input or self._file.read(_CHUNK_BYTES)
            ended = not self._input
            try:
                content = self._member.decompress(self._input, count)
            except zlib.error as error:
                raise damaged(self.name, str(error)) from error
            self._input = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if content:
                return content
            if ended and not self._member.eof:
                raise truncated(self.name, "compressed data with its checksum at the end", "an earlier end")
        return b""

    def _next_member(self) -> bool:
        """Skip zeros; tell whether more compressed data follows."""
        while not (rest := self._input.lstrip(b"\0")):
            self._input = self._file.read(_CHUNK_BYTES)
            if not self._input:
                return False
        if self._kind != GZIP:
            raise damaged(self.name, "other bytes after the end of the compressed data")
        self._input, self._member = rest, zlib.decompressobj(self._kind)
        return True


def check_size(stored_bytes: int, claimed_bytes: int, compressed: bool, name: str, trailing: int) -> None:
    """Refuse a file that cannot hold what its header claims, or that holds far more.

    Parameters
    ----------
    stored_bytes : int
        Size of the file, or of its part with the voxels.
    claimed_bytes : int
        Size by the header, decompressed.
    compressed : bool
        Whether the bytes are compressed.
    name : str
        What the person calls this file.
    trailing : int
        So many bytes may follow what was claimed.

    Raises
    ------
    InputError
        ``file-truncated`` or ``file-longer``.
    """
    most_held = stored_bytes * LARGEST_DEFLATE_RATIO if compressed else stored_bytes
    expected = f"{claimed_bytes} bytes, as its header says"
    if most_held < claimed_bytes:
        raise truncated(name, expected, f"at most {most_held} in a file of {stored_bytes} bytes")
    most_stored = claimed_bytes + trailing
    if compressed:  # what cannot be compressed grows by less than a hundredth
        most_stored += most_stored // 100 + _COMPRESSED_OVERHEAD_BYTES
    if stored_bytes > most_stored:
        raise longer(name, expected, f"{stored_bytes} bytes{' of compressed data' if compressed else ''}")


def take(stream: Stream, count: int, start: bytes = b"") -> bytearray:
    """Return so many bytes of a stream, some of which were read before.

    Raises
    ------
    InputError
        ``file-truncated`` if the stream ends earlier.
    """
    content = bytearray(count)
    filled = len(start)
    content[:filled] = start
    while filled < count:
        part = stream.read(min(count - filled, _CHUNK_BYTES))
        if not part:
            raise truncated(stream.name, f"{count} bytes, as its header says", f"{filled} bytes")
        content[filled : filled + len(part)] = part
        filled += len(part)
    return content


def skip(stream: Stream, count: int) -> None:
    """Pass over so many bytes of a stream, which are known to be there."""
    while count > 0 and (part := stream.read(min(count, _CHUNK_BYTES))):
        count -= len(part)


def is_padding(footer: bytes) -> bool:
    """Tell whether there are only zeros: some writers fill up a block."""
    return not footer.strip(b"\0")


def finish(
    stream: Stream,
    is_footer: Callable[[bytes], bool] = is_padding,
    most_bytes: int = MOST_PADDING_BYTES,
) -> None:
    """Read a stream to its end, so that its checksum and hash are those of the whole.

    Parameters
    ----------
    stream : Stream
        Read up to its last voxel.
    is_footer : callable
        Tells whether the bytes that follow belong there.
    most_bytes : int
        So many may follow.

    Raises
    ------
    InputError
        ``file-longer``, or what the stream raises.
    """
    footer = b""
    while part := stream.read(_CHUNK_BYTES):
        footer += part
        if len(footer) > most_bytes:
            break
    if len(footer) > most_bytes or not is_footer(footer):
        expected = "nothing after the last voxel that the header announces"
        raise longer(stream.name, expected, f"{len(footer)} bytes or more")
