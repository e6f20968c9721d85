"""What the tissue of a simulated subject does between the scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.timecourse import Linear, TimeCourse


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
    """

    rates_percent_per_year: Mapping[int, float] = field(default_factory=lambda: DEFAULT_RATES)
    smoothness_mm: float = 3.0
    variation: float = 0.2
    course: TimeCourse = field(default_factory=Linear)

    def described(self) -> dict[str, object]:
        """Return what decides the change, for ``simulation.json``."""
        return {
            "rates_percent_per_year": {str(k): float(v) for k, v in self.rates_percent_per_year.items()},
            "smoothness_mm": self.smoothness_mm,
            "variation": self.variation,
            "time_course": self.course.name,
        }
