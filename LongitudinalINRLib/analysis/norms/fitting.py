"""Norms of one region from a cohort.

The median follows age by a natural cubic spline, men beside women by a constant; the spread, the median
distance from it, follows age by a line (both by median regression). All people together, each in spreads from
the median, then give the centiles, which therefore cannot cross (He, "Quantile curves without crossing", The
American Statistician 51(2), 1997). Each person's distance is taken from curves that were fitted without that
person's tenth of the cohort: a curve lies too near to the people that it was fitted to, and centiles from
those would be too narrow (Vovk, "Cross-conformal predictors", Ann. Math. Artif. Intell. 74, 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.norms.age_curve import knots_of, smooth_basis, straight_basis
from LongitudinalINRLib.analysis.norms.model import RegionNorms
from LongitudinalINRLib.analysis.norms.quantile import median_regression
from LongitudinalINRLib.words import SEXES, Sex

Values = NDArray[np.float64]

FEWEST_PEOPLE = 60
"""Of 59 people, one lies below the true fifth centile with a probability of 95 % (1 - 0.95^59); of fewer, the
fifth centile may be nobody's."""

FEWEST_OF_A_SEX = 20
SHORTEST_SPAN_YEARS = 1.0
WIDEST_GAP_YEARS = 10.0
"""Between two people's ages, beyond which nobody is said to have been seen."""

PARTS = 10
SMALLEST_SPREAD = 0.1
"""Of the median distance of all people: no age has a smaller spread."""

NO_SPREAD = 1e-6
"""Percent per year: what is left of changes that are all alike."""

_CENTILES = tuple(range(5, 100, 5))
_FURTHER = ((120, (2.5, 97.5)), (300, (1.0, 99.0)))
"""With as many people, these too: three people then lie beyond each (see `wording.LOWEST_CENTILES`)."""


@dataclass(frozen=True)
class Member:
    """A healthy person's change of one region.

    Parameters
    ----------
    age_years : float
        At the baseline.
    sex : str
        ``F`` or ``M``.
    percent_per_year : float
        Mean annual change of volume from the baseline to the last scan.
    """

    age_years: float
    sex: Sex
    percent_per_year: float


def region_norms(members: Sequence[Member], label: int | None = None) -> RegionNorms | str:
    """Return the norms of a region, or why there are none.

    Parameters
    ----------
    members : sequence of Member
        One for each person. A sex of fewer than `FEWEST_OF_A_SEX` people is left out.
    label : int, optional
        The region's number.
    """
    counts = {sex: sum(member.sex == sex for member in members) for sex in SEXES}
    sexes = [sex for sex in SEXES if counts[sex] >= FEWEST_OF_A_SEX]
    used = sorted((member for member in members if member.sex in sexes), key=lambda member: member.age_years)
    if len(used) < FEWEST_PEOPLE:
        return f"{len(used)} people"
    ages = np.array([member.age_years for member in used])
    if np.ptp(ages) < SHORTEST_SPAN_YEARS:
        return f"ages that span {np.ptp(ages):.1f} years"
    changes = np.array([member.percent_per_year for member in used])
    men = np.array([member.sex == "M" for member in used], dtype=np.float64)
    knots = knots_of(ages)
    location = smooth_basis(knots, ages)
    if len(sexes) > 1:
        location = np.column_stack([location, men])
    curves = _Curves(location, straight_basis(knots, ages))
    medians, spreads = curves.fitted(changes)
    if spreads.min() < NO_SPREAD:
        return "one change for half of the people"
    centiles = _centiles(len(used))
    distances = np.quantile(curves.held_out_distances(changes), np.divide(centiles, 100), method="weibull")
    return RegionNorms(
        label=label,
        people={sex: counts[sex] for sex in sexes},
        ages_years={sex: _spans(ages[men == (sex == "M")]) for sex in sexes},
        knots_years=knots,
        medians=tuple(medians[: len(knots)].tolist()),
        men_differ=float(medians[len(knots)]) if len(sexes) > 1 else 0.0,
        spreads=(float(spreads[0]), float(spreads[1])),
        centiles=centiles,
        distances=tuple(distances.tolist()),
    )


@dataclass(frozen=True, eq=False)
class _Curves:
    """Median and spread over age: what each coefficient counts for each person, youngest first."""

    location: Values
    scale: Values

    def fitted(self, changes: Values, used: NDArray[np.bool_] | slice = slice(None)) -> tuple[Values, Values]:
        """Return the coefficients of median and spread for some of the people."""
        medians = median_regression(self.location[used], changes[used])
        distances = np.abs(changes[used] - self.location[used] @ medians)
        lowest = SMALLEST_SPREAD * float(np.median(distances))
        return medians, median_regression(self.scale[used], distances, lowest)

    def held_out_distances(self, changes: Values) -> Values:
        """Return each person's distance from the median of the others, in spreads of the others."""
        distances = np.empty_like(changes)
        part = np.arange(len(changes)) % PARTS
        for number in range(PARTS):
            out = part == number
            medians, spreads = self.fitted(changes, ~out)
            distances[out] = (changes[out] - self.location[out] @ medians) / (self.scale[out] @ spreads)
        return distances


def _centiles(people: int) -> tuple[float, ...]:
    further = [centile for fewest, pair in _FURTHER if people >= fewest for centile in pair]
    return tuple(sorted(map(float, (*_CENTILES, *further))))


def _spans(ages_years: Values) -> tuple[tuple[float, float], ...]:
    """Return the stretches of ages, ascending, without a gap that is too wide."""
    starts = [float(ages_years[0])]
    ends = []
    for before, after in pairwise(ages_years.tolist()):
        if after - before > WIDEST_GAP_YEARS:
            ends.append(before)
            starts.append(after)
    return tuple(zip(starts, [*ends, float(ages_years[-1])], strict=True))
