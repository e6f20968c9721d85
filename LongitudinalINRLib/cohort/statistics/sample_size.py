"""How many people a trial needs in each of two arms to find that decline is slower.

The slopes of two arms are compared; with D the part of the decline that the treatment takes away and v the
variance of one person's observed slope,

    n = 2 v (z_(1 - alpha/2) + z_power)^2 / D^2  in each arm.

v is that of the cohort's own slopes in the group, or, for follow-ups at other months, the variance of
people's own slopes plus s^2 / (t' V^-1 t) of those months. D is a share of the whole decline, or of what
goes beyond that of the reference group, as no treatment takes normal ageing away. The interval comes of 10
000 draws of the decline (Student's t) and the variance (chi squared) as the data leave them uncertain.

References
----------
Diggle, Heagerty, Liang, Zeger, "Analysis of Longitudinal Data", 2nd ed., 2002, section 2.4.
Fox, Cousens, Scahill, Harvey, Rossor, "Using serial registered brain magnetic resonance imaging to measure
disease progression in Alzheimer disease", Archives of Neurology 57(3), 2000. Holland, McEvoy, Dale,
"Unbiased comparison of sample size estimates from longitudinal structural measures in ADNI", Human Brain
Mapping 33(11), 2012.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.statistics.contrasts import LEVEL, percent
from LongitudinalINRLib.cohort.statistics.options import Trial
from LongitudinalINRLib.cohort.statistics.region_model import RegionModel
from LongitudinalINRLib.cohort.statistics.rows import SampleSize

Values = NDArray[np.float64]

DRAWS = 10_000
TOTAL, EXCESS = "total", "excess"


@dataclass(frozen=True)
class ErrorCourse:
    """How the squared standard error of a change grows with time: constant + growth x years^2."""

    constant: float
    growth: float

    @classmethod
    def of(cls, years: Values, se: Values) -> ErrorCourse:
        """Fit it to the standard errors of a region."""
        from scipy.optimize import nnls

        scale = float(np.mean(se**2))
        (constant, growth), _ = nnls(np.column_stack([np.ones(len(years)), years**2]), se**2 / scale)
        return cls(float(constant) * scale, float(growth) * scale)

    def slope_variance(self, years: Values, shared_baseline: float) -> float:
        """Return 1 / (t' V^-1 t): the variance by errors of a slope of follow-ups at some times."""
        se = np.sqrt(self.constant + self.growth * years**2)
        alike = np.full((len(years), len(years)), shared_baseline)
        np.fill_diagonal(alike, 1.0)
        return float(1.0 / (years @ np.linalg.solve(se[:, None] * alike * se, years)))


def people_per_arm(decline: Values | float, variance: Values | float, trial: Trial) -> Values:
    """Return how many people an arm needs.

    Parameters
    ----------
    decline : float or ndarray
        Slope of which a share is taken away.
    variance : float or ndarray
        Of one person's observed slope.
    trial : Trial
        Share, power and error of the first kind.

    Examples
    --------
    >>> float(people_per_arm(-0.02, 0.01**2, Trial())).__round__(1)
    62.8
    """
    from scipy.stats import norm

    far = norm.ppf(1 - trial.alpha / 2) + norm.ppf(trial.power)
    return np.asarray(2 * variance * (far / (trial.slowing * np.asarray(decline))) ** 2)


def sample_sizes(
    model: RegionModel, reference: str, trial: Trial, errors: ErrorCourse, shared_baseline: float
) -> Iterator[SampleSize]:
    """Yield what a trial needs in each group of a region: for all of the decline, and for the excess.

    Parameters
    ----------
    model : RegionModel
        The region.
    reference : str
        Whose decline is normal ageing.
    trial : Trial
        The trial.
    errors : ErrorCourse
        Of the region, for a trial with months of its own.
    shared_baseline : float
        Correlation of the errors of two follow-ups.
    """
    added = None
    if trial.months:
        added = model.error * errors.slope_variance(np.array(trial.months) / 12.0, shared_baseline)
    normal = model.groups.index(reference) if reference in model.groups else None
    for group in range(len(model.groups)):
        variance = model.group_variances[group] if added is None else model.own_variances[group] + added
        square = float(model.covariance[group, group])
        yield _sized(model, group, TOTAL, float(model.mean[group]), square, float(variance), trial)
        if normal is not None and group != normal:
            square += float(model.covariance[normal, normal] - 2 * model.covariance[group, normal])
            excess = float(model.mean[group] - model.mean[normal])
            yield _sized(model, group, EXCESS, excess, square, float(variance), trial)


def _sized(
    model: RegionModel, group: int, kind: str, decline: float, square: float, variance: float, trial: Trial
) -> SampleSize:
    from scipy.stats import t

    name, total = model.groups[group], float(model.mean[group])
    half = float(t.ppf((1 + LEVEL) / 2, model.degrees)) * np.sqrt(square)
    people: float | None = None
    low: float | None = None
    high: float | None = None
    reason = ""
    if abs(decline) <= half:
        reason = (
            "the interval of the change holds none" if kind == TOTAL else "no change beyond the reference's"
        )
    elif decline * total < 0:
        reason = "less change than in the reference group"
    else:
        random = np.random.default_rng(0)
        drawn = decline + np.sqrt(square) * random.standard_t(model.degrees, DRAWS)
        free = model.people[group] - 1
        spread = variance * free / random.chisquare(free, DRAWS)
        edges = np.quantile(people_per_arm(drawn, spread, trial), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        people, low, high = np.ceil([people_per_arm(decline, variance, trial), *edges]).tolist()
    sd = float(100 * np.sqrt(variance) * np.exp(total))
    about = (model.region, model.label, name, kind, percent(decline), sd)
    return SampleSize(*about, people, low, high, reason)
