"""What the tissue of a simulated subject does between the scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.simulate.randomness import generator
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.timecourse import Linear, Power, TimeCourse


@dataclass(frozen=True)
class Change:
    """How regions change their volume.

    Parameters
    ----------
    rates_percent_per_year : mapping of int to float
        Mean volume change of each label after one year; labels not named stay near 0.
    smoothness_mm : float
        Standard deviation of the Gaussian that smooths the map of log rates: 3 is as smooth as the model
        likes it, 1 has nearly a step at the border of a region.
    variation : float
        Standard deviation of the smooth random variation of the rate inside regions, as a share of the rate.
    course : TimeCourse
        Pace of the change.
    own_courses : tuple of float
        Exponents: each region draws one and changes as that power of time instead of following the course
        (see `own_course`). At month 36 each has changed as if it were linear. Empty: one course for all.
    rotation_mm : float
        Root mean square in the brain of a flow that turns tissue and changes no volume, mm per year (see
        `rotation`); it follows the course.
    lesion_mm : float
        Diameter of a ball in white matter that has another intensity in every follow-up, although nothing
        moves; 0: none.
    lesion_brightness : float
        Intensity of the lesion, as a share of white matter's.
    """

    rates_percent_per_year: Mapping[int, float] = field(default_factory=lambda: DEFAULT_RATES)
    smoothness_mm: float = 3.0
    variation: float = 0.2
    course: TimeCourse = field(default_factory=Linear)
    own_courses: tuple[float, ...] = ()
    rotation_mm: float = 0.0
    lesion_mm: float = 0.0
    lesion_brightness: float = 0.6

    def described(self) -> dict[str, object]:
        """Return what decides the change, for ``simulation.json``."""
        return {
            "rates_percent_per_year": {str(k): float(v) for k, v in self.rates_percent_per_year.items()},
            "smoothness_mm": self.smoothness_mm,
            "variation": self.variation,
            "time_course": self.course.name,
            "own_courses": list(self.own_courses),
            "rotation_mm": self.rotation_mm,
            "lesion_mm": self.lesion_mm,
            "lesion_brightness": self.lesion_brightness,
        }


def own_course(exponent: float) -> TimeCourse:
    """Return a power of the time since one month before baseline: so that the first pace is finite."""
    return Power(exponent, began_months=1.0)


def drawn_courses(numbers: NDArray[np.integer], exponents: tuple[float, ...], seed: int) -> NDArray[np.intp]:
    """Draw which of the exponents each label follows, whatever other labels there are, shape (R,)."""
    draws = [generator(seed, f"course of {int(label)}").integers(len(exponents)) for label in numbers]
    return np.array(draws, dtype=np.intp)
