"""What the header of a MetaImage file means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.formats.payload import ZLIB
from LongitudinalINRLib.imaging.formats.refusals import no_orientation
from LongitudinalINRLib.imaging.formats.stored import Packed, Stored, image_colour
from LongitudinalINRLib.imaging.formats.textheader import TextHeader

LARGEST_DIRECTION_ERROR = 1e-2

_TYPES = {
    "MET_CHAR": "i1",
    "MET_UCHAR": "u1",
    "MET_SHORT": "i2",
    "MET_USHORT": "u2",
    "MET_INT": "i4",
    "MET_UINT": "u4",
    "MET_LONG": "i4",
    "MET_ULONG": "u4",
    "MET_LONG_LONG": "i8",
    "MET_ULONG_LONG": "u8",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}
_TRUTH = {"true": True, "false": False, "1": True, "0": False}
_MOST_AXES = 10


def meaning(header: TextHeader) -> tuple[Stored, Packed]:
    """Return how the voxels are stored and where they lie.

    Raises
    ------
    InputError
        For what is not read, cannot be right, or does not say where the voxels lie.
    """
    if header.word("ObjectType", "Image") != "Image":
        raise header.refused("ObjectType", "Image")
    axes = header.whole_number("NDims")
    if not 1 <= axes <= _MOST_AXES:
        raise header.refused("NDims", f"1 to {_MOST_AXES}")
    shape = header.whole_numbers("DimSize", axes)
    channels = header.whole_number("ElementNumberOfChannels", "1")
    if channels != 1:
        raise image_colour(header.name, f"{channels} numbers a voxel")
    warnings = []
    missing = [field for field in ("TransformMatrix", "Offset") if field not in header.fields]
    if missing:
        warnings.append(
            f"{header.name}: its header has no {' and no '.join(missing)}; axes along LPS and an origin of 0 "
            "are assumed. Check left and right in a viewer."
        )
    _check_values_are_stored(header)
    return Stored(shape, _dtype(header), _affine(header, axes), warnings=warnings), _packed(header)


def _dtype(header: TextHeader) -> np.dtype[np.generic]:
    code = _TYPES.get(header.word("ElementType"))
    if code is None:
        raise header.refused("ElementType", "a type of numbers")
    return np.dtype((">" if _truth(header, "ElementByteOrderMSB") else "<") + code)


def _packed(header: TextHeader) -> Packed:
    if not _truth(header, "BinaryData", "True"):  # without the field, readers differ
        raise header.refused("BinaryData", "True")
    kind = ZLIB if _truth(header, "CompressedData") else None
    skip = header.whole_number("HeaderSize", "0")
    if skip < -1 or (skip != 0 and (kind is not None or header.data_file is None)):
        raise header.refused("HeaderSize", "0, or for raw voxels in a file of their own -1 or more")
    size = header.whole_number("CompressedDataSize", "0")
    if size < 0:
        raise header.refused("CompressedDataSize", "a positive number")
    return Packed(kind, skip, size or None if kind else None)


def _affine(header: TextHeader, axes: int) -> NDArray[np.float64]:
    """Return the affine to RAS mm, sheared where the matrix is."""
    if header.word("DistanceUnits", "mm").lower() not in ("mm", "?", "unknown"):
        raise header.refused("DistanceUnits", "mm")
    sizes = "ElementSpacing" if "ElementSpacing" in header.fields else "ElementSize"
    if sizes not in header.fields:
        raise no_orientation(header.name, "the field 'ElementSpacing'", "no voxel sizes")
    if axes < 3:
        return np.eye(4)  # refused by its shape
    spacing = header.numbers(sizes, axes)
    identity = " ".join(str(number) for number in np.eye(axes).ravel())
    directions = np.reshape(header.numbers("TransformMatrix", axes * axes, identity), (axes, axes)).T
    lengths = np.linalg.norm(directions[:3, :3], axis=0)
    if not (np.abs(lengths - 1) <= LARGEST_DIRECTION_ERROR).all():
        raise header.refused("TransformMatrix", "directions of length 1")
    if not all(size > 0 for size in spacing[:3]):
        raise header.refused(sizes, "positive voxel sizes")
    affine = np.eye(4)
    affine[:3, :3] = directions[:3, :3] * spacing[:3]
    affine[:3, 3] = header.numbers("Offset", axes, " ".join(["0"] * axes))[:3]
    return np.asarray(np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)


def _check_values_are_stored(header: TextHeader) -> None:
    """Refuse a scaling of the stored numbers: some readers apply it, some do not."""
    for field, neutral in (
        ("ElementToIntensityFunctionSlope", 1.0),
        ("ElementToIntensityFunctionOffset", 0.0),
    ):
        if header.numbers(field, 1, str(neutral)) != (neutral,):
            raise header.refused(field, f"{neutral:g}")


def _truth(header: TextHeader, field: str, default: str = "False") -> bool:
    value = _TRUTH.get(header.word(field, default).lower())
    if value is None:
        raise header.refused(field, "True or False")
    return value
