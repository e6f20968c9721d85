"""Norms: the annual change of regions in people of an age and sex, as numbers in a JSON file."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, StringConstraints, model_validator

from LongitudinalINRLib.analysis.norms.age_curve import smooth_basis, straight_basis
from LongitudinalINRLib.json_model import Document
from LongitudinalINRLib.words import OLDEST_YEARS, Sex

Format = Literal["longitudinal-inr norms"]
Quantity = Literal["mean annual change of volume from the baseline to the last scan"]
Units = Literal["percent per year"]
FORMAT: Format = "longitudinal-inr norms"
QUANTITY: Quantity = "mean annual change of volume from the baseline to the last scan"
UNITS: Units = "percent per year"

Age = Annotated[float, Field(ge=0, le=OLDEST_YEARS)]
Change = Annotated[float, Field(ge=-1e6, le=1e6)]
Spread = Annotated[float, Field(gt=0, le=1e6)]
Level = Annotated[float, Field(gt=0, lt=100)]
Span = tuple[Age, Age]
Name = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
People = Annotated[int, Field(ge=1, le=10_000_000)]


class RegionNorms(Document):
    """The annual change of one region.

    A change is told by how many spreads it lies from the median of the person's age and sex; how many people
    lie below that is the same at every age.

    Parameters
    ----------
    label : int, optional
        Its number in the segmentations, where the cohort told it.
    people : dict of str to int
        How many, by sex.
    ages_years : dict of str to tuple
        The spans of age in which people were seen, by sex, ascending.
    knots_years : tuple of float
        Ages at which the curve of medians is told; a natural cubic spline lies between.
    medians : tuple of float
        Percent per year at the knots: of women, or of men where there are no women.
    men_differ : float
        What is added for men beside women, percent per year.
    spreads : tuple of two floats
        Percent per year at the first and the last knot; a line lies between.
    centiles, distances : tuple of float
        Centiles from low to high, and the distance from the median, in spreads, below which as many lie.
    """

    label: int | None = None
    people: dict[Sex, People]
    ages_years: dict[Sex, Annotated[tuple[Span, ...], Field(min_length=1)]]
    knots_years: Annotated[tuple[Age, ...], Field(min_length=2, max_length=20)]
    medians: tuple[Change, ...]
    men_differ: Change
    spreads: tuple[Spread, Spread]
    centiles: Annotated[tuple[Level, ...], Field(min_length=3, max_length=200)]
    distances: tuple[Change, ...]

    @model_validator(mode="after")
    def _check_together(self) -> RegionNorms:
        _refuse(self.people.keys() != self.ages_years.keys() or not self.people, "people and ages by sex")
        _refuse(len(self.medians) != len(self.knots_years), "a median at every knot")
        _refuse(len(self.distances) != len(self.centiles), "a distance for every centile")
        _refuse(not _rises(self.knots_years) or not _rises(self.centiles), "knots and centiles that rise")
        _refuse(any(b < a for a, b in pairwise(self.distances)), "distances that do not fall")
        for low, high in (span for spans in self.ages_years.values() for span in spans):
            within = self.knots_years[0] <= low <= high <= self.knots_years[-1]
            _refuse(not within, "ages within the knots")
        return self

    def covers(self, age_years: float, sex: Sex) -> bool:
        """Tell whether people of that sex were seen around that age."""
        return any(low <= age_years <= high for low, high in self.ages_years.get(sex, ()))

    def median(self, age_years: float, sex: Sex) -> float:
        """Return the median of a covered age and sex, percent per year."""
        at_knots = np.asarray(self.medians) + (self.men_differ if sex == "M" else 0.0)
        return float(smooth_basis(self.knots_years, [age_years])[0] @ at_knots)

    def centile(self, percent_per_year: float, age_years: float, sex: Sex) -> float:
        """Return how many of 100 people of a covered age and sex have a lower change.

        The lowest and the highest of `centiles` stand for everything beyond them.
        """
        spread = float(straight_basis(self.knots_years, [age_years])[0] @ np.asarray(self.spreads))
        distance = (percent_per_year - self.median(age_years, sex)) / spread
        return float(np.interp(distance, self.distances, self.centiles))


class Norms(Document):
    """What is known of a cohort of healthy people, and how it was measured.

    Parameters
    ----------
    format, version, quantity, units : str, int
        What the numbers are: a file with others is refused.
    made_by : str
        Version of this program.
    years : tuple of two floats, optional
        Shortest and longest time from baseline to last scan, where the cohort told it.
    presets : tuple of str
        Presets of the cohort's fits, where it told them.
    regions_from : tuple of str
        How the cohort's regions were found, where it told (see `Request.regions_from`).
    regions : dict of str to RegionNorms
        By the names that ``regions.csv`` has.
    """

    format: Format = FORMAT
    version: Literal[1] = 1
    quantity: Quantity = QUANTITY
    units: Units = UNITS
    made_by: Annotated[str, StringConstraints(max_length=100)]
    years: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] | None = None
    presets: Annotated[tuple[Annotated[str, StringConstraints(max_length=100)], ...], Field(max_length=20)]
    regions_from: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=100)], ...], Field(max_length=20)
    ] = ()
    regions: Annotated[dict[Name, RegionNorms], Field(min_length=1, max_length=10_000)]


def _rises(values: tuple[float, ...]) -> bool:
    return all(a < b for a, b in pairwise(values))


def _refuse(wrong: bool, expected: str) -> None:
    if wrong:
        raise ValueError(expected)
