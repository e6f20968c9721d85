"""Series in which one follow-up is not what it should be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from scipy import ndimage

from benchmarks.accuracy.prepared import BASELINE, Prepared
from LongitudinalINRLib.imaging.alignment import Alignment, align
from LongitudinalINRLib.imaging.volume import Volume

V = TypeVar("V")

GREY, WHITE, FLUID = (3, 42), (2, 41), (4, 43)
CURVE_POWER = 0.85
CONTRAST_SHARE = 0.2
BLUR_MM = 1.2
GHOST_SHARE = 0.05
GHOST_SHIFT = 1 / 3
WARP_MM = 4.0
WARP_LENGTH_MM = 12.0
TRUE_MONTH, ENTERED_MONTH = 24.0, 6.0


@dataclass(frozen=True, eq=False)
class Degraded:
    """A subject with one bad follow-up.

    Parameters
    ----------
    subject : Prepared
        The series as a job would see it.
    bad_month : float
        Month at which the bad scan stands, or that is looked at where no single scan is bad.
    alignment : Alignment or None
        Of the bad scan, where it had to be found anew.
    """

    subject: Prepared
    bad_month: float
    alignment: Alignment | None = None


def exchanged(subject: Prepared, name: str, month: float, scan: Volume) -> Degraded:
    """Return a subject with another scan at a month, aligned anew as a job does."""
    alignment = align(scan, subject.scans[BASELINE], subject.mask)
    changed = replace(
        subject,
        name=f"{subject.name}-{name}",
        scans={**subject.scans, month: scan},
        matrices={**subject.matrices, month: alignment.matrix},
    )
    return Degraded(changed, month, alignment)


def other_contrast(scan: Volume, labels: Volume) -> Volume:
    """Return a scan as another scanner might make it: a curve over all intensities, grey nearer to white."""
    brightest = float(np.percentile(scan.array[labels.array > 0], 99.0))
    curved = np.clip(scan.array / brightest, 0.0, None) ** CURVE_POWER
    fluid, grey, white = (
        float(np.median(curved[np.isin(labels.array, tissue)])) for tissue in (FLUID, GREY, WHITE)
    )
    top = float(curved.max())
    nearer = grey + CONTRAST_SHARE * (white - grey)
    moved = np.interp(curved, [0.0, fluid, grey, white, top], [0.0, fluid, nearer, white, top])
    return scan.with_array((brightest * moved).astype(np.float32))


def moved_during(scan: Volume) -> Volume:
    """Return a scan blurred and with two faint ghosts along its second axis, as by motion."""
    blurred = ndimage.gaussian_filter(scan.array, BLUR_MM / scan.voxel_sizes_mm)
    shift = round(GHOST_SHIFT * scan.shape[1])
    ghosts = np.roll(blurred, shift, axis=1) + np.roll(blurred, -shift, axis=1)
    return scan.with_array(((1.0 - 2.0 * GHOST_SHARE) * blurred + GHOST_SHARE * ghosts).astype(np.float32))


def of_another_person(scan: Volume, labels: Volume, seed: int = 0) -> Volume:
    """Return a scan of a brain whose every fold lies elsewhere: warped by several mm, other contrast."""
    random = np.random.default_rng(seed)
    length = WARP_LENGTH_MM / scan.voxel_sizes_mm
    index = np.indices(scan.shape, dtype=np.float32)
    for axis in range(3):
        field = ndimage.gaussian_filter(random.standard_normal(scan.shape, dtype=np.float32), length)
        index[axis] += field * (WARP_MM / scan.voxel_sizes_mm[axis] / field.std())
    warped = ndimage.map_coordinates(other_contrast(scan, labels).array, index, order=1)
    return scan.with_array(warped.astype(np.float32))


def wrong_month(subject: Prepared) -> Degraded:
    """Return a subject whose scan of month 24 was entered as month 6."""
    changed = replace(
        subject,
        name=f"{subject.name}-wrong-month",
        scans=_moved(subject.scans),
        labels=_moved(subject.labels),
        matrices=_moved(subject.matrices),
        jacobians={**subject.jacobians, ENTERED_MONTH: _truth_at_entered_month(subject)},
    )
    return Degraded(changed, ENTERED_MONTH)


def _moved(by_month: dict[float, V]) -> dict[float, V]:
    months = {month: ENTERED_MONTH if month == TRUE_MONTH else month for month in by_month}
    return {months[month]: by_month[month] for month in sorted(by_month, key=lambda m: months[m])}


def _truth_at_entered_month(subject: Prepared) -> Volume:
    """Return the true |J| halfway to month 12 of steady change: to first order its square root."""
    at_twelve = subject.jacobians[2.0 * ENTERED_MONTH]
    return at_twelve.with_array(np.sqrt(at_twelve.array))
