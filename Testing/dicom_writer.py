"""A tiny DICOM writer, so that tests can write files that no careful program would."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from LongitudinalINRLib.imaging.dicom import tags

IMPLICIT, EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
MR, ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1"
SOP_CLASS, MEDIA_INSTANCE, MODALITY = 0x00080016, 0x00020003, 0x00080060
_LONG = ("OB", "OW", "SQ", "UN")
_BINARY = {"US": "H", "UL": "I", "FD": "d"}

Elements = dict[int, tuple[str, Any]]
"""Kind and value of each element; a sequence's value is a list of Elements."""


def encoded(elements: Elements, syntax: str = EXPLICIT) -> bytes:
    """Return a data set as it is stored."""
    return b"".join(_element(tag, *elements[tag], syntax) for tag in sorted(elements))


def _element(tag: int, kind: str, value: Any, syntax: str) -> bytes:
    order = ">" if syntax == BIG_ENDIAN else "<"
    if kind == "SQ":
        items = (encoded(item, syntax) for item in value)
        body = b"".join(struct.pack(order + "HHI", 0xFFFE, 0xE000, len(item)) + item for item in items)
    elif kind in _BINARY and not isinstance(value, bytes):
        body = struct.pack(order + _BINARY[kind], value)
    elif isinstance(value, bytes):
        body = value
    else:
        numbers = value if isinstance(value, (list, tuple)) else [value]
        body = "\\".join(x if isinstance(x, str) else f"{x:.12g}" for x in numbers).encode()
        body += (b"\0" if kind == "UI" else b" ") * (len(body) % 2)
    start = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if syntax == IMPLICIT:
        return start + struct.pack("<I", len(body)) + body
    if kind in _LONG:
        return start + kind.encode() + struct.pack(order + "HI", 0, len(body)) + body
    return start + kind.encode() + struct.pack(order + "H", len(body)) + body


def write_file(path: Path, elements: Elements, syntax: str = EXPLICIT, stored: str | None = None) -> None:
    """Write a file; `stored` is how it is stored if that is not what it says."""
    meta: Elements = {
        0x00020001: ("OB", b"\0\1"),
        tags.MEDIA_SOP_CLASS: ("UI", elements[SOP_CLASS][1]),
        MEDIA_INSTANCE: ("UI", elements[tags.SOP_INSTANCE][1]),
        tags.TRANSFER_SYNTAX: ("UI", syntax),
    }
    group = encoded(meta)
    length = encoded({0x00020000: ("UL", len(group))})
    content = b"\0" * 128 + b"DICM" + length + group + encoded(elements, stored or syntax)
    path.write_bytes(content)


def _image(voxels: np.ndarray, sop_class: str, number: int, syntax: str) -> Elements:
    order = ">" if syntax == BIG_ENDIAN else "<"
    return {
        SOP_CLASS: ("UI", sop_class),
        tags.SOP_INSTANCE: ("UI", f"1.2.3.{number}"),
        MODALITY: ("CS", "MR"),
        tags.PATIENT_ID: ("LO", "anonymous"),
        tags.STUDY: ("UI", "1.2.4"),
        tags.SERIES: ("UI", "1.2.5"),
        tags.FRAME_OF_REFERENCE: ("UI", "1.2.6"),
        tags.SAMPLES: ("US", 1),
        tags.PHOTOMETRIC: ("CS", "MONOCHROME2"),
        tags.ROWS: ("US", voxels.shape[1]),
        tags.COLUMNS: ("US", voxels.shape[0]),
        tags.BITS_ALLOCATED: ("US", 16),
        tags.BITS_STORED: ("US", 16),
        tags.HIGH_BIT: ("US", 15),
        tags.SIGNED: ("US", 0),
        tags.PIXEL_DATA: ("OW", voxels.astype(order + "u2").tobytes(order="F")),
    }


def _plane(lps: np.ndarray) -> tuple[list[float], list[float]]:
    """Return orientation and voxel size (between rows, between columns) of an affine to LPS mm."""
    edges_mm = np.linalg.norm(lps[:3, :2], axis=0)
    return (lps[:3, :2] / edges_mm).T.ravel().tolist(), edges_mm[::-1].tolist()


def write_series(
    folder: Path,
    array: np.ndarray,
    lps: np.ndarray,
    change: Callable[[int, Elements], Any] = lambda index, elements: None,
    syntax: str = EXPLICIT,
    names: Sequence[int] | None = None,
    start: int = 0,
) -> None:
    """Write one classic file a slice, voxel (i, j, k) at `lps @ (i, j, k, 1)`.

    `change` takes the slice's index and its elements before they are written; `False` leaves the slice out.
    """
    folder.mkdir(exist_ok=True)
    orientation, spacing_mm = _plane(lps)
    for k in range(array.shape[2]):
        elements = _image(array[:, :, k], MR, start + k + 1, syntax)
        elements[tags.POSITION] = ("DS", (lps @ (0, 0, k, 1))[:3].tolist())
        elements[tags.ORIENTATION] = ("DS", orientation)
        elements[tags.PIXEL_SPACING] = ("DS", spacing_mm)
        if change(k, elements) is not False:
            write_file(folder / f"IM{start + (k if names is None else names[k]):04d}.dcm", elements, syntax)


def write_enhanced(
    path: Path,
    array: np.ndarray,
    lps: np.ndarray,
    change: Callable[[Elements], Any] = lambda elements: None,
    change_frame: Callable[[int, Elements], Any] = lambda index, groups: None,
    order: Sequence[int] | None = None,
    syntax: str = EXPLICIT,
) -> None:
    """Write one multi-frame file, its frames in any order; the changes as for :func:`write_series`."""
    path.parent.mkdir(exist_ok=True)
    orientation, spacing_mm = _plane(lps)
    order = range(array.shape[2]) if order is None else order
    frames = []
    for k in order:
        content: Elements = {tags.STACK_ID: ("SH", "1"), tags.TEMPORAL_INDEX: ("UL", 1)}
        groups: Elements = {
            tags.PLANE_POSITION: ("SQ", [{tags.POSITION: ("DS", (lps @ (0, 0, k, 1))[:3].tolist())}]),
            tags.FRAME_CONTENT: ("SQ", [content]),
        }
        change_frame(k, groups)
        frames.append(groups)
    elements = _image(array[:, :, list(order)], ENHANCED_MR, 1, syntax)
    elements[tags.FRAMES] = ("IS", len(frames))
    shared: Elements = {
        tags.PLANE_ORIENTATION: ("SQ", [{tags.ORIENTATION: ("DS", orientation)}]),
        tags.PIXEL_MEASURES: ("SQ", [{tags.PIXEL_SPACING: ("DS", spacing_mm)}]),
        tags.PIXEL_VALUE_TRANSFORMATION: (
            "SQ",
            [{tags.INTERCEPT: ("DS", 0), tags.SLOPE: ("DS", 1), 0x00281054: ("LO", "US")}],
        ),
    }
    elements[tags.SHARED_GROUPS] = ("SQ", [shared])
    elements[tags.PER_FRAME_GROUPS] = ("SQ", frames)
    change(elements)
    write_file(path, elements, syntax)
