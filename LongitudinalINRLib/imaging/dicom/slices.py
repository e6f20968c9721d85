"""The slices that a DICOM file holds: one of a classic file, one a frame of an enhanced file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import Elements, damaged
from LongitudinalINRLib.imaging.dicom.headers import Header

LARGEST_ORIENTATION_ERROR = 1e-3
SMALLEST_VOXEL_MM = 1e-3
FARTHEST_MM = 1e5
BITS_ALLOCATED = (8, 16, 32)


@dataclass(frozen=True, eq=False)
class Slice:
    """One image in space, LPS mm as DICOM stores it.

    Parameters
    ----------
    path : Path
        The file that holds it.
    frame : int
        Which of the file's images it is.
    position_mm : ndarray, shape (3,)
        Middle of the first voxel.
    axes_mm : ndarray, shape (3, 2)
        From one voxel to the next along a row and along a column.
    traits : dict
        What must be the same in all slices of one volume, under the name that people know.
    hints : dict
        What tells images apart that lie at the same place.
    """

    path: Path
    frame: int
    columns_rows: tuple[int, int]
    position_mm: NDArray[np.float64]
    axes_mm: NDArray[np.float64]
    traits: dict[str, object]
    hints: dict[str, object]


def slices_of(header: Header) -> list[Slice]:
    """Return the slices of a file, in the order of its frames.

    Raises
    ------
    InputError
        The file has no voxels or not as many as it says, holds colours, or does not say where a slice lies.
    """
    frames = _frames(header)
    columns_rows = _check_pixels(header, frames)
    if "MOSAIC" in header.elements.text(tags.IMAGE_TYPE).split("\\"):
        raise _no_place(header.path.name, "slices side by side in one picture (a mosaic)")
    shared = header.elements.inner(tags.SHARED_GROUPS)
    per_frame = header.elements.sequences.get(tags.PER_FRAME_GROUPS)
    if per_frame is None:
        if frames > 1:
            raise _no_place(header.path.name, f"{frames} frames without a position for each")
        return [_classic_slice(header, columns_rows)]
    if len(per_frame) != frames:
        raise damaged(header.path.name, f"{frames} frames, and positions for {len(per_frame)}")
    return [
        _enhanced_slice(header, columns_rows, frame, shared, groups) for frame, groups in enumerate(per_frame)
    ]


def _frames(header: Header) -> int:
    number = header.elements.decimals(tags.FRAMES) or (1.0,)
    if number[0] < 1 or number[0] % 1:
        raise damaged(header.path.name, f"{number[0]:g} frames")
    return int(number[0])


def _check_pixels(header: Header, frames: int) -> tuple[int, int]:
    """Compare what the header claims with what the file holds, before memory is taken for it."""
    elements, name = header.elements, header.path.name
    rows, columns = elements.integer(tags.ROWS) or 0, elements.integer(tags.COLUMNS) or 0
    samples, bits = elements.integer(tags.SAMPLES) or 1, elements.integer(tags.BITS_ALLOCATED) or 0
    photometric = elements.text(tags.PHOTOMETRIC) or "MONOCHROME2"
    if samples != 1 or photometric not in ("MONOCHROME1", "MONOCHROME2"):
        raise InputError(
            "image-colour",
            f"{name} holds colours.",
            expected="one number a voxel",
            found=f"{samples} a voxel, shown as {photometric}",
            advice="Give the original scan, not a picture made from it.",
        )
    if header.pixel_bytes is None or rows * columns == 0:
        raise damaged(name, "no voxels" if header.pixel_bytes is None else f"{columns} x {rows} voxels")
    if bits not in BITS_ALLOCATED:
        raise InputError(
            "dicom-storage",
            f"{name} is stored in a way that is not read.",
            expected="voxels of 8, 16 or 32 bits",
            found=f"voxels of {bits} bits",
            advice="Convert the series to NIfTI with dcm2niix, or export it again.",
        )
    needed = rows * columns * frames * bits // 8
    if not header.compressed and not needed <= header.pixel_bytes <= needed + 1:
        raise InputError(
            "file-truncated" if needed > header.pixel_bytes else "dicom-damaged",
            f"{name} does not hold the voxels that its header says.",
            expected=f"{columns} x {rows} voxels of {bits} bits in {frames} frames: {needed} bytes",
            found=f"{header.pixel_bytes} bytes",
            advice="Copy or export the series again, or convert it to NIfTI with dcm2niix.",
        )
    return columns, rows


def _classic_slice(header: Header, columns_rows: tuple[int, int]) -> Slice:
    elements = header.elements
    traits: dict[str, object] = {
        "echo number": elements.text(tags.ECHO_NUMBERS),
        "echo time": " ".join(f"{ms:g} ms" for ms in elements.decimals(tags.ECHO_TIME)),
        "time point": elements.text(tags.TEMPORAL_POSITION),
        "b-value": elements.double(tags.B_VALUE),
        "rescaling": _rescaling(elements),
    }
    hints: dict[str, object] = {
        "image type": elements.text(tags.IMAGE_TYPE),
        "trigger time": elements.text(tags.TRIGGER_TIME),
        "flip angle": elements.text(tags.FLIP_ANGLE),
        "acquisition number": elements.text(tags.ACQUISITION_NUMBER),
    }
    position, axes = _placed(header.path.name, elements, elements, elements)
    return Slice(header.path, 0, columns_rows, position, axes, _file_traits(header) | traits, hints)


def _enhanced_slice(
    header: Header, columns_rows: tuple[int, int], frame: int, shared: Elements, own: Elements
) -> Slice:
    def group(tag: int) -> Elements:
        return own.inner(tag) if tag in own.sequences else shared.inner(tag)

    content = group(tags.FRAME_CONTENT)
    traits: dict[str, object] = {
        "echo time": group(tags.MR_ECHO).double(tags.EFFECTIVE_ECHO_TIME),
        "time point": content.integer(tags.TEMPORAL_INDEX),
        "b-value": group(tags.MR_DIFFUSION).double(tags.B_VALUE),
        "stack": content.text(tags.STACK_ID),
        "rescaling": _rescaling(group(tags.PIXEL_VALUE_TRANSFORMATION)),
    }
    hints: dict[str, object] = {"image type": group(tags.MR_FRAME_TYPE).text(tags.FRAME_TYPE)}
    position, axes = _placed(
        f"frame {frame + 1} of {header.path.name}",
        group(tags.PLANE_POSITION),
        group(tags.PLANE_ORIENTATION),
        group(tags.PIXEL_MEASURES),
    )
    return Slice(header.path, frame, columns_rows, position, axes, _file_traits(header) | traits, hints)


def _file_traits(header: Header) -> dict[str, object]:
    elements = header.elements
    stored = (tags.BITS_ALLOCATED, tags.BITS_STORED, tags.HIGH_BIT, tags.SIGNED)
    return {
        "patient": elements.text(tags.PATIENT_ID),
        "study": elements.text(tags.STUDY),
        "frame of reference": elements.text(tags.FRAME_OF_REFERENCE),
        "kind of voxels": (*map(elements.integer, stored), elements.text(tags.PHOTOMETRIC)),
    }


def _rescaling(elements: Elements) -> tuple[float, ...]:
    return (elements.decimals(tags.SLOPE) or (1.0,)) + (elements.decimals(tags.INTERCEPT) or (0.0,))


def _placed(
    name: str, position: Elements, orientation: Elements, measures: Elements
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where a slice lies, from the elements that hold each part of it."""
    position_mm = position.decimals(tags.POSITION)
    cosines = orientation.decimals(tags.ORIENTATION)
    spacing_mm = measures.decimals(tags.PIXEL_SPACING)
    for numbers, count, what in (
        (position_mm, 3, "position"),
        (cosines, 6, "orientation"),
        (spacing_mm, 2, "voxel size"),
    ):
        if len(numbers) != count:
            raise _no_place(name, f"{len(numbers) or 'no'} numbers for its {what}")
    along_row_column = np.reshape(cosines, (2, 3))
    if np.abs(along_row_column @ along_row_column.T - np.eye(2)).max() > LARGEST_ORIENTATION_ERROR:
        raise _no_place(
            name, f"an orientation whose axes are not at right angles or not of length 1: {cosines}"
        )
    if max(map(abs, position_mm)) > FARTHEST_MM:
        raise _no_place(name, f"a position of {position_mm} mm")
    if min(spacing_mm) < SMALLEST_VOXEL_MM or max(spacing_mm) > FARTHEST_MM:
        raise _no_place(name, f"voxels of {spacing_mm[1]:g} x {spacing_mm[0]:g} mm")
    return np.array(position_mm), along_row_column.T * spacing_mm[::-1]


def _no_place(name: str, found: str) -> InputError:
    return InputError(
        "dicom-no-position",
        f"{name} does not say where its slices lie.",
        expected="position, orientation and voxel size of every slice",
        found=found,
        advice="Give the original series of the scanner, or convert it to NIfTI with dcm2niix.",
    )
