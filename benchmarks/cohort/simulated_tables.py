"""Cohorts as tables: people with known slopes, and follow-ups with errors that share the baseline."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.statistics.design import Design, design_of
from LongitudinalINRLib.cohort.tables.person_row import PersonRow

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """What a cohort is made of; logarithms per year.

    Parameters
    ----------
    people : dict of str to int
        In each group; the reference is ``controls``.
    mean : dict of str to float
        Mean slopes at 75 years, half of the people being women; none for a group: 0.
    slope_sd : float
        Of the people's own slopes.
    slope_sd_factors : dict of str to float
        By which those of a group are multiplied.
    age_effect, sex_effect : float
        Per year of age, and of women less men.
    months : tuple of float
        Of the follow-ups; each is moved by up to a month.
    missed : float
        Chance that one is missing.
    error : float
        Standard error of a change, varied from scan to scan by a quarter, half of the variance from the
        baseline.
    shrinkage : float
        Share of the change that the interval adds.
    site_shifts : tuple of float
        Of the slopes of each site.
    """

    people: dict[str, int] = field(default_factory=lambda: {"AD": 13, "MCI": 13, "controls": 14})
    mean: dict[str, float] = field(default_factory=dict)
    slope_sd: float = 0.01
    slope_sd_factors: dict[str, float] = field(default_factory=dict)
    age_effect: float = -0.0003
    sex_effect: float = 0.001
    months: tuple[float, ...] = (12.0, 24.0, 36.0)
    missed: float = 0.2
    error: float = 0.008
    shrinkage: float = 0.2
    site_shifts: tuple[float, ...] = (0.0,)


@dataclass(frozen=True)
class Rows:
    """The changes of one region: of whom, when, what was found, and how sure that is."""

    people: NDArray[np.int64]
    years: Values
    log_ratio: Values
    se: Values


@dataclass(frozen=True)
class SimulatedCohort:
    """People, and their changes in as many regions as were asked for."""

    people: list[PersonRow]
    design: Design
    regions: list[Rows]


def simulated_cohort(truth: Truth, random: np.random.Generator, regions: int = 1) -> SimulatedCohort:
    """Return a cohort that was drawn by chance."""
    groups = [group for group, count in truth.people.items() for _ in range(count)]
    ages = random.normal(75.0, 7.0, len(groups))
    women = random.random(len(groups)) < 0.5
    sites = random.integers(len(truth.site_shifts), size=len(groups))
    people = [
        PersonRow(f"sub-{index:05d}", group, float(age), "F" if woman else "M", f"site-{site}", "used", "")
        for index, (group, age, woman, site) in enumerate(zip(groups, ages, women, sites, strict=True))
    ]
    expected = np.array([truth.mean.get(group, 0.0) for group in groups])
    expected += truth.age_effect * (ages - 75.0) + truth.sex_effect * (women - 0.5)
    expected += np.array(truth.site_shifts)[sites]
    spread = truth.slope_sd * np.array([truth.slope_sd_factors.get(group, 1.0) for group in groups])
    years, whose = _visits(truth, len(groups), random)
    drawn = [_rows(truth, random.normal(expected, spread), years, whose, random) for _ in range(regions)]
    return SimulatedCohort(
        people, design_of(people, "controls" if "controls" in groups else None, ("age", "sex")), drawn
    )


def _visits(truth: Truth, people: int, random: np.random.Generator) -> tuple[Values, NDArray[np.int64]]:
    months = np.array(truth.months) + random.uniform(-1.0, 1.0, (people, len(truth.months)))
    seen = random.random(months.shape) >= truth.missed
    seen[np.arange(people), random.integers(len(truth.months), size=people)] = True
    return months[seen] / 12.0, np.nonzero(seen)[0].astype(np.int64)


def _rows(
    truth: Truth, slopes: Values, years: Values, whose: NDArray[np.int64], random: np.random.Generator
) -> Rows:
    noise = truth.error * random.uniform(0.75, 1.25, len(years))
    shared = random.normal(size=len(slopes))[whose]
    own = random.normal(size=len(years))
    found = slopes[whose] * years + noise * (shared + own) / np.sqrt(2.0)
    return Rows(whose, years, found, np.hypot(noise, truth.shrinkage * found))
