"""The simulated subjects: tuned on, reported on, and bad cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.people import USUAL
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.timecourse import (
    Linear,
    Power,
    Saturating,
    SwellingThenShrinking,
    TimeCourse,
    Wave,
)

YEARLY = (0.0, 12.0, 24.0, 36.0)
LESION_LABEL = 1001


@dataclass(frozen=True)
class Lesion:
    """A ball in the white matter of the left hemisphere that grows and pushes what is around it.

    Parameters
    ----------
    radius_mm : float
        At baseline.
    percent_per_year : float
        Its growth.
    brightness : float
        Its intensity as a share of the white matter's.
    """

    radius_mm: float = 7.0
    percent_per_year: float = 40.0
    brightness: float = 0.6


@dataclass(frozen=True)
class SubjectSpec:
    """One simulated subject.

    Parameters
    ----------
    name, what : str
        Short name, and what it stands for.
    seed : int
        Of the variation of its rates, its noise, drift and misalignment.
    months : tuple of float
        When it is scanned.
    rates_percent_per_year : mapping of int to float
        By FreeSurfer label.
    course : TimeCourse
        Pace.
    smoothness_mm, noise, drift, shift_mm, turn_degrees : float
        As in `simulate_subject`.
    slice_mm : float
        Thickness of the slices, along the feet-head axis.
    lesion : Lesion, optional
        A focal change.
    person : str
        Whose brain it is, of `benchmarks.people`.
    extrapolates : bool
        Whether the last scan can be foretold from the others: not where the pace changes after them.
    monotonic : bool
        Whether every voxel only grows or only shrinks.
    """

    name: str
    what: str
    seed: int
    months: tuple[float, ...] = YEARLY
    rates_percent_per_year: Mapping[int, float] = field(default_factory=lambda: dict(DEFAULT_RATES))
    course: TimeCourse = field(default_factory=Linear)
    smoothness_mm: float = 3.0
    noise: float = 0.02
    drift: float = 0.03
    shift_mm: float = 2.0
    turn_degrees: float = 2.0
    slice_mm: float = 1.0
    lesion: Lesion | None = None
    person: str = USUAL
    extrapolates: bool = True
    monotonic: bool = True

    @property
    def changes(self) -> bool:
        """Whether anything changes at all."""
        return any(self.rates_percent_per_year.values()) or self.lesion is not None


def scaled(factor: float, **by_label: float) -> dict[int, float]:
    """Return the default rates times a factor; keywords such as ``label_17=2`` scale one label further."""
    further = {int(name.removeprefix("label_")): value for name, value in by_label.items()}
    return {label: factor * further.get(label, 1.0) * rate for label, rate in DEFAULT_RATES.items()}


HIPPOCAMPAL = scaled(1.0, label_17=2.0, label_53=2.0, label_18=2.0, label_54=2.0, label_3=0.5, label_42=0.5)
FRONT_TO_BACK = scaled(0.7, label_3=2.5, label_42=2.5, label_4=1.4, label_43=1.4)

TUNING = (
    SubjectSpec("tuning-a", "ageing, other rates", 21, rates_percent_per_year=scaled(0.8, label_4=1.3)),
    SubjectSpec("tuning-noisy", "noise of 5 %", 22, rates_percent_per_year=scaled(1.2), noise=0.05),
    SubjectSpec("tuning-thick", "slices of 3 mm", 23, rates_percent_per_year=scaled(1.1), slice_mm=3.0),
    SubjectSpec("tuning-still", "nothing changes", 24, rates_percent_per_year=scaled(0.0)),
    SubjectSpec(
        "tuning-bent",
        "speeds up, uneven times",
        25,
        months=(0.0, 8.0, 20.0, 36.0),
        rates_percent_per_year=scaled(1.4),
        course=Power(1.5),
    ),
    SubjectSpec("tuning-average", "average brain", 28, person="average"),
    SubjectSpec("tuning-coarse", "average brain, voxels of 2 mm", 29, person="average_2mm"),
    SubjectSpec("tuning-mild", "a quarter of the default rates", 26, rates_percent_per_year=scaled(0.25)),
    SubjectSpec("tuning-strong", "twice the default rates", 27, rates_percent_per_year=scaled(2.0)),
)

REPORTING = (
    SubjectSpec("ageing", "half the default rates", 101, rates_percent_per_year=scaled(0.5)),
    SubjectSpec("default", "the default rates", 102),
    SubjectSpec("strong", "1.8 times the default rates", 103, rates_percent_per_year=scaled(1.8)),
    SubjectSpec("hippocampal", "mesial temporal pattern", 104, rates_percent_per_year=HIPPOCAMPAL),
    SubjectSpec("cortical", "cortical pattern", 105, rates_percent_per_year=FRONT_TO_BACK, smoothness_mm=4.0),
    SubjectSpec("lesion", "a growing ball pushes its surroundings", 106, lesion=Lesion()),
    SubjectSpec(
        "accelerating",
        "speeds up: time to the power 1.5; uneven times",
        107,
        months=(0.0, 7.0, 19.0, 30.0),
        course=Power(1.5),
    ),
    SubjectSpec(
        "decelerating",
        "slows down with a time constant of 24 months",
        108,
        months=(0.0, 6.0, 14.0, 24.0, 36.0),
        rates_percent_per_year=scaled(1.6),
        course=Saturating(24.0),
    ),
    SubjectSpec(
        "pausing",
        "stands still at months 0 and 24",
        109,
        months=(0.0, 6.0, 12.0, 18.0, 24.0, 30.0),
        course=Wave(24.0),
    ),
    SubjectSpec("six-scans", "six scans at uneven times", 110, months=(0.0, 4.0, 9.0, 17.0, 26.0, 38.0)),
    SubjectSpec("two-scans", "two scans, two years apart", 111, months=(0.0, 24.0)),
    SubjectSpec("noisy", "noise of 5 %", 112, noise=0.05),
    SubjectSpec("thick-2", "slices of 2 mm", 113, slice_mm=2.0),
    SubjectSpec("thick-3", "slices of 3 mm", 114, slice_mm=3.0),
    SubjectSpec("average", "average brain", 117, rates_percent_per_year=scaled(0.8), person="average"),
    SubjectSpec("coarse", "average brain, voxels of 2 mm", 118, person="average_2mm"),
    SubjectSpec("still", "nothing changes", 115, rates_percent_per_year=scaled(0.0)),
    SubjectSpec(
        "still-noisy", "nothing changes, noise of 5 %", 116, rates_percent_per_year=scaled(0.0), noise=0.05
    ),
)

WITH_PEERS = ("default", "lesion", "noisy", "still")
"""The reporting subjects that the other programs are run on as well."""

SWELLING = SubjectSpec(
    "swelling",
    "swells up to month 18, then shrinks to where it was",
    121,
    course=SwellingThenShrinking(18.0),
    months=(0.0, 9.0, 18.0, 27.0, 36.0),
    extrapolates=False,
    monotonic=False,
)
