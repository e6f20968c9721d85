"""What the follow-ups of one region come to before groups are looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.statistics.person_slopes import PersonSlopes, person_slopes
from LongitudinalINRLib.cohort.statistics.region_rows import RegionReader
from LongitudinalINRLib.cohort.statistics.sample_size import ErrorCourse
from LongitudinalINRLib.cohort.statistics.weights import weighing_se

Values = NDArray[np.float64]


@dataclass(frozen=True)
class RegionData:
    """A region in all people who are used.

    Parameters
    ----------
    label, name : int, str
        Its number and name.
    slopes : PersonSlopes
        Of the people it was measured in.
    errors : ErrorCourse
        How standard errors grow with time.
    shifts : ndarray, shape (P,)
        What harmonisation added to the slope of each of all people; NaN where it left one out.
    """

    label: int
    name: str
    slopes: PersonSlopes
    errors: ErrorCourse
    shifts: Values

    def every_slope(self) -> Values:
        """Return the slopes of all people, NaN where there is none: shape (P,)."""
        found = np.full(len(self.shifts), np.nan)
        found[self.slopes.people] = self.slopes.slope
        return found

    def shifted(self, shifts: Values) -> RegionData:
        """Return the region with harmonised slopes, without the people who were left out."""
        kept = self.slopes.of(~np.isnan(shifts[self.slopes.people]))
        return replace(self, slopes=kept.shifted(shifts[kept.people]), shifts=shifts)


def read_region(
    reader: RegionReader, label: int, name: str, people: int, shared_baseline: float
) -> RegionData:
    """Read a region, and find the slope of each person.

    Parameters
    ----------
    reader : RegionReader
        Of the people who are used.
    label, name : int, str
        The region.
    people : int
        How many are used.
    shared_baseline : float
        Correlation of the errors of two follow-ups.
    """
    rows = reader.rows(label)
    se = weighing_se(rows.log_ratio, rows.years, rows.se)
    slopes = person_slopes(rows.people, rows.years, rows.log_ratio, se, shared_baseline)
    return RegionData(label, name, slopes, ErrorCourse.of(rows.years, se), np.zeros(people))
