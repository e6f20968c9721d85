"""What the header of a DICOM file says, read without its voxels. Needs the standard library alone.

ITK's dictionary leaves out what an enhanced multi-frame file says of each frame, and its reader makes up a
position where there is none: positions are read here.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import Elements
from LongitudinalINRLib.imaging.dicom.parser import BIG_ENDIAN, EXPLICIT, IMPLICIT, Parser, ShouldStop

_LAYOUTS = {
    "1.2.840.10008.1.2": IMPLICIT,
    "1.2.840.10008.1.2.1": EXPLICIT,
    "1.2.840.10008.1.2.2": BIG_ENDIAN,
}
_COMPRESSED = {"1.2.840.10008.1.2.5"} | {
    f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 57, 70, 80, 81, 90, 91)
}


@dataclass(frozen=True)
class Header:
    """The header of one file; `pixel_bytes` is None where it has no voxels."""

    path: Path
    elements: Elements
    file_bytes: int
    pixel_bytes: int | None
    compressed: bool


def read_header(path: Path, should_stop: ShouldStop = None) -> Header | None:
    """Read a file up to its voxels.

    Returns
    -------
    Header or None
        None for what is not a DICOM file: no regular file, or without DICOM's mark at byte 128.

    Raises
    ------
    InputError
        The file cannot be opened, its header is damaged or ends early, or its coding is not known.
    """
    stream = open_regular(path)
    if stream is None:
        return None
    with stream:
        if stream.read(132)[128:] != b"DICM":
            return None
        return _parsed(Parser(stream, path, should_stop), path, os.fstat(stream.fileno()).st_size)


def open_regular(path: Path) -> BinaryIO | None:
    """Open a regular file; a pipe, a device or a broken link gives None, and is never waited for.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):
            return None
        raise InputError(
            "file-unreadable",
            f"{path.name} cannot be read.",
            expected="files that can all be read",
            found=error.strerror or str(error),
            advice="Check the rights to read it, or copy the series again.",
        ) from error
    stream = os.fdopen(descriptor, "rb")
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return stream
    stream.close()
    return None


def _parsed(parser: Parser, path: Path, file_bytes: int) -> Header:
    meta = parser.meta()
    syntax = meta.text(tags.TRANSFER_SYNTAX)
    compressed = syntax in _COMPRESSED
    layout = EXPLICIT if compressed else _LAYOUTS.get(syntax)
    if layout is None:
        raise InputError(
            "dicom-storage",
            f"{path.name} is stored in a way that is not read.",
            expected="uncompressed, JPEG, JPEG 2000, JPEG-LS or RLE",
            found=f"the transfer syntax {syntax or '(none)'}",
            advice="Convert the series to NIfTI with dcm2niix, or export it uncompressed.",
        )
    elements = parser.data_set(layout)
    elements.values |= meta.values
    return Header(path, elements, file_bytes, parser.pixel_bytes(layout, compressed), compressed)
