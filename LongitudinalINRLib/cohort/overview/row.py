"""One person of a cohort as a line of a table."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field, replace
from typing import Literal

from LongitudinalINRLib.words import MONTHS_PER_YEAR

State = Literal["done", "failed", "stopped", "not yet"]

NO_CHANGES = array("f")


@dataclass(frozen=True)
class Covariates:
    """What the study knows about a person.

    Parameters
    ----------
    group : str
        Empty where it is not told.
    age_years : float or None
        At the baseline.
    sex : str
        As the study writes it; empty where it is not told.
    """

    group: str = ""
    age_years: float | None = None
    sex: str = ""


UNKNOWN = Covariates()


@dataclass(frozen=True)
class Change:
    """The change of a region from the baseline to the last scan.

    Parameters
    ----------
    percent : float
        Of the baseline's volume.
    half_width_points : float or None
        Of its 90 % interval, in percentage points; None where it is not known.
    """

    percent: float
    half_width_points: float | None

    @property
    def beyond_error(self) -> bool:
        """Whether the interval excludes no change at all."""
        return self.half_width_points is not None and abs(self.percent) > self.half_width_points


@dataclass(frozen=True)
class PersonRow:
    """What the table tells about one person.

    Parameters
    ----------
    participant : str
        Label without ``sub-``.
    state : str
        How far the work for the person is.
    message : str
        What went wrong and what to do, in one line; empty where nothing did.
    months : float or None
        The last scan, after the baseline.
    warnings : int
        How many there were.
    told : Covariates
        Group, age and sex.
    regions : tuple of str
        Names of the regions; people with the same regions share it.
    changes : array of float32
        Percent and half-width of each region in turn, at the last scan; NaN where it is not known. Flat, as
        100 000 people with 100 regions have to fit into memory.
    mark : str
        Tells this state of the person's files from a later one.
    """

    participant: str
    state: State = "not yet"
    message: str = ""
    months: float | None = None
    warnings: int = 0
    told: Covariates = UNKNOWN
    regions: tuple[str, ...] = ()
    changes: array[float] = field(default_factory=lambda: NO_CHANGES)
    mark: str = ""

    def change(self, region: str) -> Change | None:
        """Return the change of a region; None where the person has none."""
        try:
            at = 2 * self.regions.index(region)
        except ValueError:
            return None
        percent, half_width = self.changes[at], self.changes[at + 1]
        return (
            None if math.isnan(percent) else Change(percent, None if math.isnan(half_width) else half_width)
        )

    def percent_per_year(self, region: str) -> float | None:
        """Return the mean change of a region per year from the baseline to the last scan."""
        change = self.change(region)
        return None if change is None or not self.months else change.percent * MONTHS_PER_YEAR / self.months

    def with_covariates(self, told: Covariates) -> PersonRow:
        """Return the person with what the study tells."""
        return self if told == self.told else replace(self, told=told)
