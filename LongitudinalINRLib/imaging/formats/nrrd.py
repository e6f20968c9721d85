"""What the header of an NRRD file means."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.formats.payload import GZIP
from LongitudinalINRLib.imaging.formats.refusals import bad_header, no_orientation
from LongitudinalINRLib.imaging.formats.stored import Packed, Stored, image_colour
from LongitudinalINRLib.imaging.formats.textheader import TextHeader

_TYPES = {
    "i1": "signed char|int8|int8_t",
    "u1": "uchar|unsigned char|uint8|uint8_t",
    "i2": "short|short int|signed short|signed short int|int16|int16_t",
    "u2": "ushort|unsigned short|unsigned short int|uint16|uint16_t",
    "i4": "int|signed int|int32|int32_t",
    "u4": "uint|unsigned int|uint32|uint32_t",
    "i8": "longlong|long long|long long int|signed long long|signed long long int|int64|int64_t",
    "u8": "ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t",
    "f4": "float",
    "f8": "double",
}
_TYPE_OF_WORD = {word: code for code, words in _TYPES.items() for word in words.split("|")}
_ORDERS = {"little": "<", "big": ">"}
_ENCODINGS = {"raw": None, "gzip": GZIP, "gz": GZIP}
_RAS_FROM = {
    "left-posterior-superior": (-1, -1, 1),
    "left-anterior-superior": (-1, 1, 1),
    "right-anterior-superior": (1, 1, 1),
}
_SHORT_SPACES = {"lps": "left-posterior-superior", "las": "left-anterior-superior"}
_SHORT_SPACES["ras"] = "right-anterior-superior"
_MILLIMETRES = {"", "mm", "millimeter", "millimeters", "millimetre", "millimetres"}
_SPATIAL_KINDS = {"domain", "space", "none", "???"}
_MOST_AXES = 16
_VECTOR = re.compile(r"\(([^()]*)\)|none")


def meaning(header: TextHeader) -> tuple[Stored, Packed]:
    """Return how the voxels are stored and where they lie.

    Raises
    ------
    InputError
        For what is not read, cannot be right, or does not say where the voxels lie.
    """
    axes = header.whole_number("dimension")
    if not 1 <= axes <= _MOST_AXES:
        raise header.refused("dimension", f"1 to {_MOST_AXES}")
    shape = header.whole_numbers("sizes", axes)
    kept, warnings = _spatial_axes(header, shape), []
    if header.fields.get("space") is None:
        warnings.append(
            f"{header.name}: its header names no space; LPS is assumed. Check left and right in a viewer."
        )
    if axes < 3:
        affine = np.eye(4)  # refused by its shape
    elif _has_directions(header):
        affine = _oriented(header, kept, axes)
    else:
        affine = _along_axes(header, kept, axes)
    if "space origin" not in header.fields and _has_directions(header):
        warnings.append(f"{header.name}: its header names no origin; 0 is assumed.")
    spatial = tuple(shape[axis] for axis in kept)
    others = tuple(n for axis, n in enumerate(shape) if axis not in kept)
    return Stored((*spatial, *others), _dtype(header), affine, warnings=warnings), _packed(header)


def _dtype(header: TextHeader) -> np.dtype[np.generic]:
    code = _TYPE_OF_WORD.get(header.word("type").lower())
    if code is None:
        raise header.refused("type", "a type of numbers")
    order = header.fields.get("endian", "").lower()
    if order not in _ORDERS and (order or code[1] != "1"):
        raise header.refused("endian", "little or big")
    return np.dtype(_ORDERS.get(order, "<") + code)


def _packed(header: TextHeader) -> Packed:
    encoding = header.word("encoding").lower()
    if encoding not in _ENCODINGS:
        raise header.refused("encoding", "raw or gzip")
    if header.whole_number("line skip", "0") != 0:
        raise header.refused("line skip", "0")
    skip = header.whole_number("byte skip", "0")
    if skip < -1 or (skip != 0 and _ENCODINGS[encoding] is not None):
        raise header.refused("byte skip", "0, or for raw voxels -1 or more")
    return Packed(_ENCODINGS[encoding], skip)


def _has_directions(header: TextHeader) -> bool:
    return "space directions" in header.fields


def _spatial_axes(header: TextHeader, shape: tuple[int, ...]) -> list[int]:
    """Find the three axes that lie in space; others may be frames of length one, or come after them."""
    kinds = header.word("kinds", " ".join(["domain"] * len(shape))).lower().split()
    if len(kinds) != len(shape):
        raise header.refused("kinds", f"{len(shape)} kinds")
    directions = _directions(header, len(shape)) if _has_directions(header) else [()] * len(shape)
    kept = [
        axis
        for axis, (kind, direction) in enumerate(zip(kinds, directions, strict=True))
        if kind in _SPATIAL_KINDS and direction is not None
    ][:3]
    if len(kept) < min(len(shape), 3):
        raise no_orientation(
            header.name,
            "a direction for each of three axes",
            f"{len(kept)} axes in space: {header.fields.get('space directions', '')[:200]}",
        )
    inner = [size for axis, size in enumerate(shape) if axis not in kept and axis < max(kept, default=-1)]
    if any(size != 1 for size in inner):
        raise image_colour(header.name, f"{' x '.join(str(size) for size in inner)} numbers a voxel")
    return kept


def _directions(header: TextHeader, axes: int) -> list[tuple[float, ...] | None]:
    text = header.fields["space directions"]
    found = list(_VECTOR.finditer(text))
    if len(found) != axes or _VECTOR.sub("", text).strip():
        raise header.refused("space directions", f"{axes} vectors")
    return [None if match[1] is None else _vector(header, "space directions", match[1]) for match in found]


def _vector(header: TextHeader, field: str, text: str) -> tuple[float, ...]:
    try:
        return tuple(float(word) for word in text.split(","))
    except ValueError:
        raise header.refused(field, "vectors of numbers") from None


def _oriented(header: TextHeader, kept: list[int], axes: int) -> NDArray[np.float64]:
    """Return the affine to RAS mm, sheared where the directions are."""
    if "spacings" in header.fields and header.fields["spacings"].lower().replace("nan", "").strip():
        raise bad_header(header.name, "spacings and space directions", "one of them")
    flips = _flips(header)
    _check_units(header, "space units")
    directions = _directions(header, axes)
    columns = [directions[axis] or () for axis in kept]
    origin = _origin(header, len(columns[0]))
    lengths = {len(vector) for vector in (*columns, origin)}
    if len(lengths) != 1 or len(origin) < 3 or any(any(vector[3:]) for vector in columns):
        raise header.refused("space directions", "vectors with a number for each axis of space")
    affine = np.eye(4)
    for column, vector in enumerate(columns):
        affine[:3, column] = np.multiply(flips, vector[:3])
    affine[:3, 3] = np.multiply(flips, origin[:3])
    return affine


def _origin(header: TextHeader, axes: int) -> tuple[float, ...]:
    match = _VECTOR.fullmatch(header.word("space origin", f"({','.join(['0'] * axes)})"))
    if match is None or match[1] is None:
        raise header.refused("space origin", "one vector")
    return _vector(header, "space origin", match[1])


def _flips(header: TextHeader) -> tuple[int, int, int]:
    space = header.fields.get("space", "left-posterior-superior").lower()
    space = _SHORT_SPACES.get(space, space).removesuffix("-time")
    if space not in _RAS_FROM:
        raise no_orientation(header.name, "a space of " + ", ".join(_RAS_FROM), f"space: {space[:200]}")
    return _RAS_FROM[space]


def _along_axes(header: TextHeader, kept: list[int], axes: int) -> NDArray[np.float64]:
    """Return the affine of a header with voxel sizes alone: axes run towards left, posterior and superior."""
    if "space" in header.fields or "spacings" not in header.fields:
        found = "neither" if "spacings" not in header.fields else "spacings alone"
        raise no_orientation(header.name, "space directions, or spacings and no space", found)
    _check_units(header, "units")
    spacings = header.numbers("spacings", axes)
    least = header.numbers("axis mins", axes, " ".join(["nan"] * axes))
    centred = header.fields.get("centerings", "").lower().split() or ["???"] * axes
    affine = np.eye(4)
    for column, axis in enumerate(kept):
        affine[column, column] = spacings[axis]
        if least[axis] == least[axis]:
            cell = len(centred) <= axis or centred[axis] != "node"
            affine[column, 3] = least[axis] + (spacings[axis] / 2 if cell else 0)
    return np.asarray(np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)


def _check_units(header: TextHeader, field: str) -> None:
    units = re.findall(r'"([^"]*)"', header.fields.get(field, ""))
    if any(unit.strip().lower() not in _MILLIMETRES for unit in units[:3]):
        raise header.refused(field, "mm")
