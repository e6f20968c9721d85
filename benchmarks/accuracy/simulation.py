"""From a specification to scans and truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from benchmarks.accuracy.cohort import LESION_LABEL, Lesion, SubjectSpec
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.subject import simulate_subject
from LongitudinalINRLib.simulate.thickness import every_middle_slice, thick_slices

LEFT_WHITE_MATTER = 2
EDGE_MM = 1.0
MARGIN_MM = 12.0
Thicken = Callable[[Volume, float], Volume]


@dataclass(frozen=True, eq=False)
class Simulated:
    """Scans, segmentations and truth of a subject, by month.

    Parameters
    ----------
    scans, labels : dict of float to Volume
        Each in its own head position.
    jacobians : dict of float to Volume
        True |J| on the baseline's grid.
    """

    scans: dict[float, Volume]
    labels: dict[float, Volume]
    jacobians: dict[float, Volume]


def simulate(spec: SubjectSpec, t1: Volume, labels: Volume) -> Simulated:
    """Simulate a subject on an anatomy."""
    rates = dict(spec.rates_percent_per_year)
    if spec.lesion is not None:
        t1, labels = with_lesion(t1, labels, spec.lesion)
        rates[LESION_LABEL] = spec.lesion.percent_per_year
    settings = {
        "noise": spec.noise,
        "smoothness_mm": spec.smoothness_mm,
        "drift": spec.drift,
        "shift_mm": spec.shift_mm,
        "turn_degrees": spec.turn_degrees,
        "course": spec.course,
        **spec.physics.settings,
    }
    subject = simulate_subject(
        t1, labels, spec.months, seed=spec.seed, rates_percent_per_year=rates, **settings
    )

    def by_month(volumes: tuple[Volume, ...], thickened: Thicken) -> dict[float, Volume]:
        return {m: thickened(v, spec.slice_mm) for m, v in zip(subject.months, volumes, strict=True)}

    return Simulated(
        by_month(subject.scans, thick_slices),
        by_month(subject.labels, every_middle_slice),
        by_month(subject.truth_jacobian, thick_slices),
    )


def real_pair(spec: SubjectSpec, t1: Volume, labels: Volume, second: Volume) -> Simulated:
    """Return two real scans of one session as if a time lay between them: nothing changed."""
    scans = dict(zip(spec.months, (t1, second), strict=True))
    still = t1.with_array(np.ones(t1.shape, np.float32))
    return Simulated(
        {month: scan.with_array(scan.array.astype(np.float32)) for month, scan in scans.items()},
        dict.fromkeys(spec.months, labels),
        dict.fromkeys(spec.months, still),
    )


def cropped(t1: Volume, labels: Volume) -> tuple[Volume, Volume]:
    """Cut away the empty space around a head but for a margin: it costs time and holds nothing."""
    margin = np.ceil(MARGIN_MM / t1.voxel_sizes_mm).astype(int)
    filled = np.argwhere((t1.array != 0) | (labels.array != 0))
    start = np.maximum(filled.min(0) - margin, 0)
    stop = np.minimum(filled.max(0) + 1 + margin, t1.shape)
    affine = t1.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ start
    box = tuple(slice(a, b) for a, b in zip(start, stop, strict=True))
    return Volume(t1.array[box], affine), Volume(labels.array[box], affine)


def with_lesion(t1: Volume, labels: Volume, lesion: Lesion) -> tuple[Volume, Volume]:
    """Paint a ball into the deepest place of the left white matter."""
    sizes_mm = t1.voxel_sizes_mm
    depth_mm = ndimage.distance_transform_edt(labels.array == LEFT_WHITE_MATTER, sampling=sizes_mm)
    centre = np.unravel_index(int(depth_mm.argmax()), depth_mm.shape)
    away = np.ones(t1.shape, bool)
    away[centre] = False
    ball = ndimage.distance_transform_edt(away, sampling=sizes_mm) <= lesion.radius_mm
    share = ndimage.gaussian_filter(ball.astype(np.float32), EDGE_MM / sizes_mm)
    inside = lesion.brightness * float(np.median(t1.array[labels.array == LEFT_WHITE_MATTER]))
    painted = (1.0 - share) * t1.array + share * inside
    return t1.with_array(painted.astype(np.float32)), labels.with_array(
        np.where(ball, LESION_LABEL, labels.array).astype(np.int16)
    )
