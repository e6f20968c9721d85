"""What the header of a NIfTI file means.

nibabel knows the fields; whether they can be right is asked here, as its own checks repair some of them
without a word.
"""

from __future__ import annotations

from typing import Any, cast

import nibabel as nib
import numpy as np
from nibabel.nifti1 import data_type_codes
from nibabel.spatialimages import HeaderDataError
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.checks import plausible_edges
from LongitudinalINRLib.imaging.formats.refusals import bad_header, no_orientation, not_an_image
from LongitudinalINRLib.imaging.formats.stored import Stored
from LongitudinalINRLib.imaging.volume import Volume

HEADER_BYTES = {348: 352, 540: 544}
"""Bytes before anything else may come, by what the first field says."""

DISPLACEMENT_INTENT = 1006
LARGEST_FORM_DISAGREEMENT_MM = 0.1
LARGEST_EDGE_DISAGREEMENT = 0.01
MOST_EXTENSION_BYTES = 1 << 26

Header = nib.Nifti1Header | nib.Nifti2Header

_MARKS = {348: (344, b"n+1\0"), 540: (4, b"n+2\0\r\n\032\n")}
_UNKNOWN_UNIT, _MILLIMETRE = 0, 2
_OTHER_UNITS = {1: ("metres", 1000.0), 3: ("micrometres", 0.001)}


def header_size(start: bytes, name: str) -> int:
    """Return how many bytes the header has, from its first four.

    Raises
    ------
    InputError
        ``not-an-image``.
    """
    for order in ("little", "big"):
        size = int.from_bytes(start[:4], order)
        if len(start) >= 4 and size in HEADER_BYTES:
            return HEADER_BYTES[size]
    raise not_an_image(name, "a NIfTI file", f"a file that begins with {bytes(start[:4])!r}")


def parse(block: bytes, name: str) -> Header:
    """Take the fields out of the bytes of a header.

    Raises
    ------
    InputError
        ``not-an-image``.
    """
    size = len(block) - 4
    kind: Any = nib.Nifti1Header if size == 348 else nib.Nifti2Header
    little = int.from_bytes(block[:4], "little") == size
    header: Header = kind(block[:size], endianness="<" if little else ">", check=False)
    at, mark = _MARKS[size]
    found = block[at : at + len(mark)]
    if found != mark:
        raise not_an_image(name, "a NIfTI file with header and voxels in one", f"the mark {found!r}")
    return header


def shape(header: Header, name: str) -> tuple[int, ...]:
    """Return the size along each axis, as it is stored."""
    axes = int(header["dim"][0])
    if not 1 <= axes <= 7:
        raise bad_header(name, f"{axes} axes", "1 to 7 axes")
    return tuple(int(length) for length in header["dim"][1 : axes + 1])


def voxel_type(header: Header, name: str) -> np.dtype[np.generic]:
    """Return the type of a voxel."""
    code = int(header["datatype"])
    try:
        kind: np.dtype[np.generic] = np.dtype(cast(Any, data_type_codes.dtype[code]))
    except KeyError:
        raise bad_header(name, f"the data type {code}", "a data type of the NIfTI standard") from None
    bits = int(header["bitpix"])
    if kind.itemsize and bits not in (0, 8 * kind.itemsize):
        raise bad_header(name, f"{bits} bits a voxel", f"{8 * kind.itemsize} bits a voxel, for {kind}")
    swapped: np.dtype[np.generic] = kind.newbyteorder(header.endianness)
    return swapped


def offset(header: Header, name: str) -> int:
    """Return how many bytes come before the first voxel."""
    value = float(header["vox_offset"])
    least = HEADER_BYTES[int(header["sizeof_hdr"])]
    if value == 0:
        return least
    if not (np.isfinite(value) and value == int(value) and least <= value <= MOST_EXTENSION_BYTES):
        raise bad_header(
            name, f"voxels at byte {value:g}", f"voxels from byte {least} to {MOST_EXTENSION_BYTES}"
        )
    return int(value)


def scaling(header: Header, name: str) -> tuple[float, float] | None:
    """Return slope and intercept, none where the stored numbers are the values themselves."""
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if slope == 0 or (np.isnan(slope) and (np.isnan(intercept) or intercept == 0)):
        return None  # both mean "not set"
    if not (np.isfinite(slope) and np.isfinite(intercept)):
        raise bad_header(name, f"slope {slope:g} and intercept {intercept:g}", "a finite slope and intercept")
    return None if (slope, intercept) == (1.0, 0.0) else (slope, intercept)


def stored(header: Header, name: str) -> Stored:
    """Return how the voxels are stored and where they lie, for a shape that was checked.

    Raises
    ------
    InputError
        For a header that cannot be right, or that does not say where the voxels lie.
    """
    lengths = shape(header, name)
    with np.errstate(all="ignore"):  # what is not finite is refused with the grid
        affine, warnings = _affine(header, name)
    return Stored(lengths, voxel_type(header, name), affine, offset(header, name), warnings)


def _affine(header: Header, name: str) -> tuple[NDArray[np.float64], list[str]]:
    """Take the affine in mm: the sform before the qform, with a warning where they disagree."""
    grid = shape(header, name)[:3]
    sform = np.asarray(cast(Any, header).get_sform(), np.float64) if header["sform_code"] > 0 else None
    qform = _qform(header) if header["qform_code"] > 0 else None
    warnings = []
    if sform is not None:
        affine = sform
        if header["qform_code"] > 0 and not _agree(sform, qform, grid):
            warnings.append(
                f"{name}: its sform and qform place the voxels differently; the sform is used. "
                "Check left and right in a viewer."
            )
        elif header["qform_code"] <= 0 and not _edges_agree(sform, header["pixdim"][1:4]):
            warnings.append(
                f"{name}: its pixdim and its sform give voxels of different sizes; the sform is used."
            )
    elif qform is not None:
        affine = qform
    elif header["qform_code"] > 0:
        raise bad_header(name, "a qform that is no rotation with voxel sizes", "a qform that can be used")
    else:
        raise no_orientation(
            name,
            "a NIfTI header with an sform or a qform",
            "neither (both codes are 0): left and right cannot be told apart",
        )
    return _in_mm(affine, int(header["xyzt_units"]) & 7, name, warnings), warnings


def _qform(header: Header) -> NDArray[np.float64] | None:
    """Return the affine of the qform, none where its fields are not those of a rotation."""
    try:
        return np.asarray(cast(Any, header).get_qform(), np.float64)
    except (ValueError, HeaderDataError):
        return None


def _agree(sform: NDArray[np.float64], qform: NDArray[np.float64] | None, grid: tuple[int, ...]) -> bool:
    if qform is None:
        return False
    voxels = np.broadcast_to(np.float32(0), grid)
    return Volume(voxels, sform).same_grid(Volume(voxels, qform), LARGEST_FORM_DISAGREEMENT_MM)


def _edges_agree(sform: NDArray[np.float64], edges: NDArray[np.floating]) -> bool:
    lengths = np.linalg.norm(sform[:3, :3], axis=0)
    return bool(np.allclose(lengths, edges, rtol=LARGEST_EDGE_DISAGREEMENT, atol=0))


def _in_mm(affine: NDArray[np.float64], unit: int, name: str, warnings: list[str]) -> NDArray[np.float64]:
    """Turn lengths to mm.

    Files exist whose unit is a slip and whose lengths are mm all the same. Voxel sizes tell: none is sensible
    in both units, so one that is sensible only in mm contradicts its unit and is refused.
    """
    if unit in (_UNKNOWN_UNIT, _MILLIMETRE):
        return affine
    if unit not in _OTHER_UNITS:
        warnings.append(f"{name}: its header gives lengths in a unit that does not exist; mm are assumed.")
        return affine
    word, mm = _OTHER_UNITS[unit]
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    if not plausible_edges(edges * mm):
        raise InputError(
            "length-unit",
            f"The unit of {name} does not fit its voxel sizes.",
            expected="voxel sizes of a scan of a head",
            found=" x ".join(f"{edge:.4g}" for edge in edges) + f" {word}",
            advice="Set the unit in its header to mm if the sizes are mm.",
        )
    warnings.append(f"{name}: its header gives lengths in {word}; they were converted to mm.")
    return np.diag([mm] * 3 + [1.0]) @ affine
