"""Where the baseline's points lie in a follow-up: one linear map between the two positions of a head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.registration import Search, centroid_mm
from LongitudinalINRLib.imaging.scaling import measured_scale
from LongitudinalINRLib.imaging.similarity import normalised_correlation
from LongitudinalINRLib.imaging.volume import Volume

AlignmentKind = Literal["rigid", "rigid-scaled", "affine", "none"]
Factors = tuple[float, float, float]

LOWEST_SIMILARITY = 0.3
LARGEST_SIMILARITY_LOSS = 0.002
LARGEST_DETERMINANT_DEVIATION = 0.005
LARGEST_SCALE_DEVIATION = 0.01
"""Of a factor from 1: nine of ten pairs of scanners differ by less than 0.9 % (`analysis.error_model`)."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """A linear map and what it did.

    Parameters
    ----------
    matrix : ndarray, shape (4, 4)
        Baseline RAS mm to follow-up RAS mm. It is meant to be part of the sampling of the follow-up (its
        world-to-voxel matrix times this one), so that the scan is interpolated once.
    kind : {"rigid", "rigid-scaled", "affine", "none"}
        What was done; rigid where a scale was wanted and there was no skull to measure it on.
    similarity_before, similarity_after : float
        NCC within the mask with the positions of the headers, and with the matrix.
    determinant : float
        Of the matrix; 1 for a rigid alignment.
    warnings : list of str
        What the person should know.
    scale : tuple of float, optional
        Of a rigid-scaled alignment: by which factors the follow-up shows the skull larger, along the axes of
        the baseline's voxels. The determinant is their product.
    """

    matrix: NDArray[np.float64]
    kind: AlignmentKind
    similarity_before: float
    similarity_after: float
    determinant: float
    warnings: list[str] = field(default_factory=list)
    scale: Factors | None = None


def align(
    follow_up: Volume,
    baseline: Volume,
    mask: Volume,
    kind: AlignmentKind = "rigid",
    should_stop: Callable[[], bool] | None = None,
) -> Alignment:
    """Align a follow-up to the baseline within the brain.

    Mutual information [1]_ at coarse resolutions, correlation at fine ones, from three starts. Only the mask
    counts: neck, jaw and scalp move against the brain and would pull it along. The same scans give the same
    bits.

    Parameters
    ----------
    follow_up, baseline : Volume
        Each on its own grid, in any orientation.
    mask : Volume
        Brain, on the baseline grid; not empty.
    kind : {"rigid", "rigid-scaled", "affine", "none"}
        Rigid by default; rigid-scaled takes up how much larger one scanner shows the head, which is measured
        on the skull (see `scaling`), and is rigid where there is none; ``"none"`` for scans that are aligned
        already.
    should_stop : callable, optional
        Asked at every iteration; a true answer raises :class:`LongitudinalINRLib.errors.Cancelled`.

    Returns
    -------
    Alignment
        With warnings where it made similarity worse, left it low, or changed volume.

    References
    ----------
    .. [1] Mattes et al., "PET-CT image registration in the chest using free-form deformations", IEEE TMI
       22(1), 2003.
    """
    before = normalised_correlation(follow_up, baseline, mask)
    matrix: NDArray[np.float64] = np.eye(4)
    scale: NDArray[np.float64] | None = None
    warnings: list[str] = []
    if kind != "none":
        search = Search(follow_up, baseline, mask, should_stop)
        matrix = search.best_matrix("affine" if kind == "affine" else "rigid")
    if kind == "rigid-scaled":
        scale = measured_scale(follow_up, baseline, mask, matrix, should_stop)
        if scale is None:
            kind, warnings = "rigid", [_NO_SKULL]
        else:
            matrix = _aligned_to_scale(follow_up, baseline, mask, matrix, scale, should_stop)
            warnings = _scale_warnings(scale)
    after = normalised_correlation(follow_up, baseline, mask, matrix)
    determinant = float(np.linalg.det(matrix[:3, :3]))
    warnings = [*_similarity_warnings(before, after), *warnings]
    if kind == "affine":
        warnings += _affine_warnings(determinant)
    factors = None if scale is None else (float(scale[0]), float(scale[1]), float(scale[2]))
    return Alignment(matrix, kind, before, after, determinant, warnings, factors)


def _aligned_to_scale(
    follow_up: Volume,
    baseline: Volume,
    mask: Volume,
    matrix: NDArray[np.float64],
    scale: NDArray[np.float64],
    should_stop: Callable[[], bool] | None,
) -> NDArray[np.float64]:
    """Align the brain anew, as large as the other scanner would have shown it: the volume is the skull's.

    One factor for all axes: how the three differ says more of distortion at the rim of the head, where they
    were measured, than of the brain in its middle, and does not matter to volume.
    """
    stretch = np.diag([np.cbrt(scale.prod())] * 3 + [1.0])
    stretch[:3, 3] = centroid_mm(mask) * (1 - stretch[0, 0])
    larger, brain = (Volume(each.array, stretch @ each.affine) for each in (baseline, mask))
    return np.asarray(Search(follow_up, larger, brain, should_stop).refined(matrix) @ stretch)


def _similarity_warnings(before: float, after: float) -> list[str]:
    warnings = []
    if after < before - LARGEST_SIMILARITY_LOSS:
        warnings.append(
            f"Alignment made the scans less alike (correlation {before:.3f} before, {after:.3f} after): "
            "look at both before trusting any map, or choose the alignment 'none'."
        )
    if after < LOWEST_SIMILARITY:
        warnings.append(
            f"The scans are hardly alike after alignment (correlation {after:.2f}, expected at least "
            f"{LOWEST_SIMILARITY}): they may differ in contrast or person; no volume change can be trusted."
        )
    return warnings


def _affine_warnings(determinant: float) -> list[str]:
    if abs(determinant - 1) <= LARGEST_DETERMINANT_DEVIATION:
        return []
    return [
        f"The alignment changes volume by {100 * (determinant - 1):+.2f} %, which the maps do not show: "
        "an affine alignment can hide the very atrophy that is measured. Prefer a rigid one."
    ]


_NO_SKULL = (
    "The scale of the scanner could not be measured, because skull and scalp are not in both scans: the "
    "alignment is rigid. Give scans from which they were not removed, or choose the alignment 'rigid'."
)


def _scale_warnings(scale: NDArray[np.float64]) -> list[str]:
    if np.abs(scale - 1).max() <= LARGEST_SCALE_DEVIATION:
        return []
    found = ", ".join(f"{100 * (factor - 1):+.2f} %" for factor in scale)
    return [
        f"The skull in this scan is larger than at the baseline by {found} along the three axes, expected "
        f"within {LARGEST_SCALE_DEVIATION:.0%}: the person has grown, for which this alignment is not made, "
        "voxel sizes are wrong, or the scanner's distortion was not corrected. Check them, or choose the "
        "alignment 'rigid'."
    ]
