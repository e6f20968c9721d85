"""One volume from the slices of a DICOM series: where each slice lies decides, nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.checks import check_shape
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.headers import Header
from LongitudinalINRLib.imaging.dicom.slices import Slice, slices_of
from LongitudinalINRLib.imaging.itk import RAS_FROM_LPS

LARGEST_SLICE_GAP_DEVIATION = 0.1
LARGEST_OFFSET_MM = 0.1
LARGEST_COMPRESSION = 1000
SMALL_SCAN_VOXELS = 1 << 24
_SMALLEST_GAP_RATIO = 0.01
_SHOWN_VALUES = 4


@dataclass(frozen=True, eq=False)
class Stack:
    """Slices in the order of the volume's last axis, its shape, and its voxel-to-RAS affine in mm."""

    slices: tuple[Slice, ...]
    shape: tuple[int, int, int]
    affine: NDArray[np.float64]
    warnings: list[str]


def stack_of(headers: list[Header], name: str) -> Stack:
    """Order the slices of a series by where they lie.

    The affine goes straight from the first slice to the last: a stack whose slices are displaced along
    themselves (a tilted gantry) keeps its shear.

    Raises
    ------
    InputError
        The slices are not one volume of evenly spaced, parallel slices, or do not say where they lie.
    """
    _check_no_copies(headers, name)
    slices = [slice_ for header in headers for slice_ in slices_of(header)]
    _check_one_volume(slices, name)
    shape = (*slices[0].columns_rows, len(slices))
    check_shape(shape, name)
    _check_compression(headers, shape, name)
    axes_mm = slices[0].axes_mm
    normal = np.cross(axes_mm[:, 0], axes_mm[:, 1])
    normal /= np.linalg.norm(normal)
    slices.sort(key=lambda slice_: float(slice_.position_mm @ normal))
    positions_mm = np.array([slice_.position_mm for slice_ in slices])
    gap_mm = _even_gap_mm(slices, positions_mm @ normal, name)
    step_mm = (positions_mm[-1] - positions_mm[0]) / (len(slices) - 1)
    _check_on_line(positions_mm, step_mm, name)
    lps = np.eye(4)
    lps[:3] = np.column_stack([axes_mm, step_mm, positions_mm[0]])
    return Stack(tuple(slices), shape, RAS_FROM_LPS @ lps, _warnings(headers, gap_mm, name))


def _check_no_copies(headers: list[Header], name: str) -> None:
    first: dict[str, str] = {}
    for header in headers:
        instance = header.elements.text(tags.SOP_INSTANCE)
        if instance and instance in first:
            raise InputError(
                "dicom-slices",
                f"A slice in {name} is there twice.",
                expected="every file once",
                found=f"{first[instance]} and {header.path.name} are the same image",
                advice="Take the copies out of the folder.",
            )
        first[instance] = header.path.name


def _check_compression(headers: list[Header], shape: tuple[int, int, int], name: str) -> None:
    """Refuse a scan that claims memory beyond what its files can hold; an empty slice alone may be tiny."""
    voxels, stored = math.prod(shape), sum(header.pixel_bytes or 0 for header in headers)
    if voxels > max(SMALL_SCAN_VOXELS, LARGEST_COMPRESSION * stored):
        raise InputError(
            "file-truncated",
            f"The series in {name} does not hold the voxels that its headers say.",
            expected=" x ".join(str(n) for n in shape) + " voxels",
            found=f"{stored} bytes",
            advice="Copy or export the series again.",
        )


def _check_one_volume(slices: list[Slice], name: str) -> None:
    """Refuse slices that cannot be of one image: of another size, contrast, person or orientation."""
    first = slices[0]
    if different := {slice_.columns_rows for slice_ in slices} - {first.columns_rows}:
        raise _mixed(name, "size", [first.columns_rows, *sorted(different)])
    for trait in first.traits:
        values = list(dict.fromkeys(slice_.traits.get(trait) for slice_ in slices))
        if len(values) > 1:
            raise _mixed(name, trait, values)
    for slice_ in slices:
        offset_mm = np.abs(slice_.axes_mm - first.axes_mm) @ first.columns_rows
        if offset_mm.max() > LARGEST_OFFSET_MM:
            raise InputError(
                "dicom-mixed",
                f"The slices in {name} differ in orientation or voxel size.",
                expected="parallel slices with voxels of one size",
                found=f"corners of {slice_.path.name} {offset_mm.max():.3g} mm away from those of the first",
                advice="Take the slices of another scan, such as a localizer, out of the folder.",
            )


def _mixed(name: str, trait: str, values: Sequence[object]) -> InputError:
    private = trait in ("patient", "study", "frame of reference")
    shown = "" if private else ": " + ", ".join(str(value) for value in values[:_SHOWN_VALUES])
    return InputError(
        "dicom-mixed",
        f"The slices in {name} are not of one volume.",
        expected=f"one {trait}",
        found=f"{len(values)} different{shown}",
        advice="Put the files of one volume into a folder of their own; dcm2niix separates volumes.",
    )


def _even_gap_mm(slices: list[Slice], along_mm: NDArray[np.float64], name: str) -> float:
    """Return the distance of neighbours; a hole would shift everything beyond it."""
    gaps_mm = np.diff(along_mm)
    usual_mm = float(np.median(gaps_mm))
    doubled = gaps_mm <= _SMALLEST_GAP_RATIO * gaps_mm.max()
    if doubled.any():
        index = int(np.argmax(doubled))
        raise InputError(
            "dicom-slices",
            f"Several images in {name} lie at the same place.",
            expected="one image at each position",
            found=f"{int(doubled.sum())} images too many{_difference(slices[index], slices[index + 1])}",
            advice="Put the files of one volume into a folder of their own; dcm2niix separates volumes.",
        )
    if np.abs(gaps_mm - usual_mm).max() > LARGEST_SLICE_GAP_DEVIATION * usual_mm:
        raise InputError(
            "dicom-slices",
            f"The slices in {name} are not evenly spaced.",
            expected=f"every slice {usual_mm:.3g} mm from the next",
            found=f"distances from {gaps_mm.min():.3g} to {gaps_mm.max():.3g} mm",
            advice="Copy the whole series: slices are missing or belong to several scans.",
        )
    return usual_mm


def _difference(one: Slice, other: Slice) -> str:
    """Say what tells two images of one place apart."""
    for hint, value in one.hints.items():
        if value != other.hints.get(hint):
            return f", which differ in {hint} ({value} and {other.hints.get(hint)})"
    return ""


def _check_on_line(positions_mm: NDArray[np.float64], step_mm: NDArray[np.float64], name: str) -> None:
    line_mm = positions_mm[0] + np.arange(len(positions_mm))[:, None] * step_mm
    offset_mm = np.linalg.norm(positions_mm - line_mm, axis=1).max()
    if offset_mm > LARGEST_OFFSET_MM:
        raise InputError(
            "dicom-slices",
            f"The slices in {name} do not follow a straight line.",
            expected=f"every slice within {LARGEST_OFFSET_MM:g} mm of the line from the first to the last",
            found=f"a slice {offset_mm:.3g} mm beside it",
            advice="Copy the whole series again; slices may belong to several scans.",
        )


def _warnings(headers: list[Header], gap_mm: float, name: str) -> list[str]:
    elements, warnings = headers[0].elements, []
    spacing_mm = [abs(mm) for mm in elements.decimals(tags.SPACING_BETWEEN_SLICES)[:1]]
    thickness_mm = elements.decimals(tags.SLICE_THICKNESS)[:1] or (0.0,)
    # some programs write the empty space between slices there, or the 1 mm of a single slice
    likely_mm = [*spacing_mm, *thickness_mm, *(spacing + thickness_mm[0] for spacing in spacing_mm)]
    if spacing_mm and np.abs(np.array(likely_mm) - gap_mm).min() > LARGEST_SLICE_GAP_DEVIATION * gap_mm:
        warnings.append(
            f"{name}: slices {spacing_mm[0]:.3g} mm apart by its header, {gap_mm:.3g} mm by their positions. "
            "Check that no slices are missing."
        )
    if any("LOCALIZER" in header.elements.text(tags.IMAGE_TYPE).split("\\") for header in headers):
        warnings.append(f"{name}: its header calls it a localizer. Check that this is the scan you mean.")
    if any(header.elements.text(tags.LOSSY) == "01" for header in headers):
        warnings.append(f"{name}: its voxels were compressed with loss; small changes may be lost.")
    return warnings
