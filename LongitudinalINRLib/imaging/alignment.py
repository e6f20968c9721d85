"""Where the baseline's points lie in a follow-up: one linear map between the two positions of a head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.registration import Search
from LongitudinalINRLib.imaging.similarity import normalised_correlation
from LongitudinalINRLib.imaging.volume import Volume

AlignmentKind = Literal["rigid", "affine", "none"]

LOWEST_SIMILARITY = 0.3
LARGEST_SIMILARITY_LOSS = 0.002
LARGEST_DETERMINANT_DEVIATION = 0.005


@dataclass(frozen=True, eq=False)
class Alignment:
    """A linear map and what it did.

    Parameters
    ----------
    matrix : ndarray, shape (4, 4)
        Baseline RAS mm to follow-up RAS mm. It is meant to be part of the sampling of the follow-up (its
        world-to-voxel matrix times this one), so that the scan is interpolated once.
    kind : {"rigid", "affine", "none"}
        What was allowed.
    similarity_before, similarity_after : float
        NCC within the mask with the positions of the headers, and with the matrix.
    determinant : float
        Of the matrix; 1 for a rigid alignment.
    warnings : list of str
        What the person should know.
    """

    matrix: NDArray[np.float64]
    kind: AlignmentKind
    similarity_before: float
    similarity_after: float
    determinant: float
    warnings: list[str] = field(default_factory=list)


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
    kind : {"rigid", "affine", "none"}
        Rigid by default; ``"none"`` for scans that are aligned already.
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
    matrix, after = np.eye(4), before
    if kind != "none":
        matrix = Search(follow_up, baseline, mask, should_stop).best_matrix(kind)
        after = normalised_correlation(follow_up, baseline, mask, matrix)
    determinant = float(np.linalg.det(matrix[:3, :3]))
    return Alignment(matrix, kind, before, after, determinant, _warnings(before, after, determinant))


def _warnings(before: float, after: float, determinant: float) -> list[str]:
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
    if abs(determinant - 1) > LARGEST_DETERMINANT_DEVIATION:
        warnings.append(
            f"The alignment changes volume by {100 * (determinant - 1):+.2f} %, which the maps do not show: "
            "an affine alignment can hide the very atrophy that is measured. Prefer a rigid one."
        )
    return warnings
