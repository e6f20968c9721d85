"""The elements of a DICOM file, one after the other. Needs the standard library alone."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from LongitudinalINRLib.errors import Cancelled, InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import Elements, damaged

ShouldStop = Callable[[], bool] | None

LARGEST_HEADER_BYTES = 64 << 20
_LARGEST_VALUE_BYTES = 4096
_DEEPEST_SEQUENCE = 16
_READS_BETWEEN_STOPS = 1000
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LONG_KINDS = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
_SHORT_KINDS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
"""Value representations of DICOM PS3.5, section 6.2. ITK takes others for lengths, and memory by these."""


class Layout(NamedTuple):
    """How elements are stored: struct's sign of the byte order, and whether each names its kind."""

    order: str
    explicit: bool


EXPLICIT = Layout("<", True)
IMPLICIT = Layout("<", False)
BIG_ENDIAN = Layout(">", True)


def check_stop(should_stop: ShouldStop) -> None:
    """Raise `Cancelled` if the person asked to stop."""
    if should_stop is not None and should_stop():
        raise Cancelled


class Parser:
    """Goes through the elements of one file, and keeps those that are asked for."""

    def __init__(self, stream: BinaryIO, path: Path, should_stop: ShouldStop):
        self._stream = stream
        self._path = path
        self._should_stop = should_stop
        self._bytes = os.fstat(stream.fileno()).st_size
        self._at = stream.tell()
        self._reads = 0

    def meta(self) -> Elements:
        """Read the file's own group, which tells how the rest is stored."""
        return self._elements(self._bytes, EXPLICIT, 0, is_meta=True)

    def data_set(self, layout: Layout) -> Elements:
        """Read the data set up to its voxels."""
        return self._elements(self._bytes, layout, 0)

    def _elements(self, end: int, layout: Layout, depth: int, is_meta: bool = False) -> Elements:
        """Read elements up to a place, to the end of the item, or to the voxels."""
        found = Elements(self._path.name, layout.order)
        while self._at < end:
            start, tag = self._at, self._tag(layout)
            if (is_meta and tag >> 16 != 2) or (depth == 0 and tag == tags.PIXEL_DATA):
                self._go(start)
                break
            kind, length = self._kind_and_length(tag, layout)
            if tag == _ITEM_END and depth:
                break
            if tag in found.values or tag in found.sequences:
                raise damaged(self._path.name, f"{tags.described(tag)} twice")
            if length == _UNDEFINED and kind in (b"OB", b"OW"):
                self._skip_fragments()
            elif length == _UNDEFINED or (tag in tags.SEQUENCES and kind in (b"", b"SQ", b"UN")):
                items = self._items(length, IMPLICIT if kind == b"UN" else layout, depth + 1)
                if tag in tags.SEQUENCES:
                    found.sequences[tag] = items
            elif tag in tags.VALUES:
                found.values[tag] = self._value(tag, length)
            else:
                self._go(self._at + length)
        self._check_within(end)
        return found

    def _items(self, length: int, layout: Layout, depth: int) -> list[Elements]:
        if depth > _DEEPEST_SEQUENCE:
            raise damaged(self._path.name, "sequences nested without end")
        end = self._bytes if length == _UNDEFINED else self._end(length)
        items = []
        while self._at < end:
            tag = self._tag(layout)
            _, item_length = self._kind_and_length(tag, layout)
            if tag == _SEQUENCE_END:
                break
            if tag != _ITEM:
                raise damaged(self._path.name, "a sequence without its end")
            item_end = end if item_length == _UNDEFINED else self._end(item_length)
            items.append(self._elements(item_end, layout, depth))
        self._check_within(end)
        return items

    def _check_within(self, end: int) -> None:
        if self._at > end:
            raise damaged(
                self._path.name, f"an element that reaches {self._at - end} bytes out of its sequence"
            )

    def _tag(self, layout: Layout) -> int:
        if self._at > LARGEST_HEADER_BYTES:
            raise damaged(self._path.name, f"a header of more than {LARGEST_HEADER_BYTES >> 20} MiB")
        group, number = struct.unpack(layout.order + "HH", self._read(4))
        return int(group << 16 | number)

    def _kind_and_length(self, tag: int, layout: Layout) -> tuple[bytes, int]:
        """Read what follows an element's tag: its kind, where that is told, and its length in bytes."""
        if tag >> 16 == 0xFFFE or not layout.explicit:
            return b"", self._length(layout, "I")
        kind = self._read(2)
        if kind in _LONG_KINDS:
            self._read(2)
            return kind, self._length(layout, "I")
        if kind not in _SHORT_KINDS:
            raise damaged(self._path.name, f"an element of no known kind at byte {self._at - 2}")
        return kind, self._length(layout, "H")

    def _length(self, layout: Layout, kind: str) -> int:
        return int(struct.unpack(layout.order + kind, self._read(struct.calcsize(kind)))[0])

    def _value(self, tag: int, length: int) -> bytes:
        if length > _LARGEST_VALUE_BYTES:
            raise damaged(self._path.name, f"{length} bytes in {tags.described(tag)}")
        return self._read(length)

    def pixel_bytes(self, layout: Layout, compressed: bool) -> int | None:
        """Return the length of the voxels, whose end must lie in the file; None where there are none."""
        if self._at == self._bytes:
            return None
        _, length = self._kind_and_length(self._tag(layout), layout)
        if (length == _UNDEFINED) != compressed:
            raise damaged(self._path.name, "voxels stored otherwise than the transfer syntax says")
        if not compressed:
            self._go(self._at + length)
            return length
        start = self._at
        self._skip_fragments()
        return self._at - start

    def _skip_fragments(self) -> None:
        """Go to the end of compressed voxels."""
        tag = _ITEM
        while tag == _ITEM:
            group, number, length = struct.unpack("<HHI", self._read(8))
            tag = group << 16 | number
            self._go(self._at + length)
        if tag != _SEQUENCE_END:
            raise damaged(self._path.name, "compressed voxels without their end")

    def _read(self, count: int) -> bytes:
        self._reads += 1
        if self._reads % _READS_BETWEEN_STOPS == 0:
            check_stop(self._should_stop)
        self._at = self._end(count)
        content = self._stream.read(count)
        if len(content) < count:
            raise damaged(self._path.name, "a file that is being changed")
        return content

    def _go(self, place: int) -> None:
        self._end(place - self._at)
        self._stream.seek(place)
        self._at = place

    def _end(self, count: int) -> int:
        if self._at + count > self._bytes:
            raise InputError(
                "file-truncated",
                f"{self._path.name} ends early.",
                expected=f"at least {self._at + count} bytes, as its header says",
                found=f"{self._bytes} bytes",
                advice="Copy or export the series again.",
            )
        return self._at + count
