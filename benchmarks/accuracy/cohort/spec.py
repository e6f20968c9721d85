"""What a simulated subject is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from benchmarks.accuracy.cohort.physics import SMOOTH, Physics
from benchmarks.people import PEOPLE, USUAL
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.timecourse import Linear, TimeCourse

Kind = Literal["observed", "interpolated", "extrapolated"]
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
    physics : Physics
        What simulation it is, beyond the settings above, which it may replace.
    kinds : tuple of str
        What is asked at most: see `cases`.
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
    physics: Physics = SMOOTH
    kinds: tuple[Kind, ...] = get_args(Kind)
    extrapolates: bool = True
    monotonic: bool = True

    @property
    def changes(self) -> bool:
        """Whether anything changes at all."""
        return any(self.rates_percent_per_year.values()) or self.lesion is not None

    @property
    def voxel_mm(self) -> float:
        """Edge of the voxels of the person's scan."""
        return PEOPLE[self.person].voxel_mm


def scaled(factor: float, **by_label: float) -> dict[int, float]:
    """Return the default rates times a factor; keywords such as ``label_17=2`` scale one label further."""
    further = {int(name.removeprefix("label_")): value for name, value in by_label.items()}
    return {label: factor * further.get(label, 1.0) * rate for label, rate in DEFAULT_RATES.items()}
