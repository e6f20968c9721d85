"""Warnings about follow-ups that look otherwise than the baseline. No fit is needed."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from LongitudinalINRLib.analysis.appearance import Appearance, compare_appearance
from LongitudinalINRLib.analysis.blur import LEAST_EQUAL_DETAIL, MOST_EQUAL_DETAIL
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.jobs.job import Job

COARSE_DETAIL, FINE_DETAIL = (0.75, 1.33), (LEAST_EQUAL_DETAIL, MOST_EQUAL_DETAIL)
"""Power of fine detail, of the baseline's, that is expected. In voxels of 2 mm good simulated series reach
down to 0.77, and a blur of half a voxel takes it to 0.59 to 0.75; in voxels of 1 mm they stay within 0.91
and 1.03, a blur of half a voxel takes it to 0.81, motion to 0.86 and less."""

FINE_VOXELS_MM = 1.2

LARGEST_CURVED_SHARE = 0.024
"""Of the contrast: good simulated series reach 0.013, and 0.039 where twice the usual atrophy meets voxels of
2 mm in one person; the curve of another scanner takes it to 0.029 and more, in slices of 4 mm to 0.019."""


def warn_of_appearance(job: Job, problem: FitProblem) -> tuple[Appearance, ...]:
    """Compare sharpness and contrast of each follow-up with the baseline's, and warn of those that differ."""
    found = compare_appearance(problem)
    edges_mm = torch.linalg.vector_norm(problem.voxel_to_world[:3, :3], dim=0)
    for warning in appearance_warnings(problem.months, found, float(edges_mm.max())):
        job.reporter.warn(warning)
    return found


def appearance_warnings(months: Sequence[float], found: Sequence[Appearance], voxel_mm: float) -> list[str]:
    """Return what the person should know about how the follow-ups look, in the order of time.

    Parameters
    ----------
    months : sequence of float
        Of all follow-ups.
    found : sequence of Appearance
        How they look.
    voxel_mm : float
        Longest edge of the baseline's voxels.
    """
    expected = FINE_DETAIL if voxel_mm <= FINE_VOXELS_MM else COARSE_DETAIL
    warnings = []
    for scan in found:
        name = f"scan-{months.index(scan.months) + 1} (month {scan.months:g})"
        warnings += [
            f"{name}: {text}" for text in (_of_sharpness(scan, *expected), _of_contrast(scan)) if text
        ]
    return warnings


def _of_sharpness(scan: Appearance, least: float, most: float) -> str:
    if least <= scan.detail_ratio <= most:
        return ""
    blurred = "this scan" if scan.detail_ratio < least else "the baseline, scan-0,"
    return (
        f"its fine detail has {scan.detail_ratio:.0%} of the power of the baseline's, expected "
        f"{least:.0%} to {most:.0%}. The fit allows for blur, not for what else comes with it. Look at "
        f"{blurred} for motion, another scanner or resolution, or a filter; leave it out if it is bad, else "
        "trust no small change."
    )


def _of_contrast(scan: Appearance) -> str:
    if scan.curved_share <= LARGEST_CURVED_SHARE:
        return ""
    return (
        f"its tissues stand in another contrast than the baseline's: a curve between the intensities of "
        f"the two explains {scan.curved_share:.1%} of it, expected at most {LARGEST_CURVED_SHARE:.1%}. That "
        "reads as change of volume. Was it taken on another scanner, with another sequence, or after "
        "contrast agent? Compare scans of one protocol, else trust no small change."
    )
