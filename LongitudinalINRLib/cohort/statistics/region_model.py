"""The model of one region: each group's mean slope, and how people differ within groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.statistics.design import Design
from LongitudinalINRLib.cohort.statistics.person_slopes import PersonSlopes
from LongitudinalINRLib.cohort.statistics.random_slope import variances_by_reml

Values = NDArray[np.float64]

MIXED = "mixed model"
SLOPES = "slopes"
BY_LEAST_SQUARES = "slopes compared by least squares with robust (HC3) errors"

FEWEST_REPEATS = 10
"""Follow-ups beyond each person's first, from which error can be told from differences between people."""

FEWEST_FREE = 3
"""People beyond the number of coefficients."""


@dataclass(frozen=True)
class RegionModel:
    """What was found about a region; log volume ratios per year; arrays over its G groups.

    Parameters
    ----------
    region, label : str, int
        Its name and number.
    groups, people : tuple of str, tuple of int
        The groups with enough people, the reference first if it has, and how many there are in each.
    mean, covariance : ndarray, shape (G,) and (G, G)
        Of the groups' mean slopes at the mean age and shares of the sexes.
    degrees : int
        Of freedom: people less coefficients, as all effects are between people.
    slope_variance : float
        Of the people's own slopes within groups; 0 where they differ by no more than errors.
    observed_variance : float
        Of the observed slopes within groups, weighted as in the model.
    group_variances : ndarray, shape (G,)
        Of the observed slopes in each group.
    own_variances : ndarray, shape (G,)
        The same without what errors add.
    error : float
        s^2: how much larger squared errors are than the intervals tell.
    last_years : ndarray, shape (G,)
        Of the last follow-up of each group.
    method : str
        `MIXED` or `SLOPES`.
    note : str
        What should be known about it.
    """

    region: str
    label: int
    groups: tuple[str, ...]
    people: tuple[int, ...]
    mean: Values
    covariance: Values
    degrees: int
    slope_variance: float
    observed_variance: float
    group_variances: Values
    own_variances: Values
    error: float
    last_years: Values
    method: str
    note: str


def fit_region(
    region: str,
    label: int,
    slopes: PersonSlopes,
    everybody: Design,
    largest_for_mixed_models: int,
) -> RegionModel | None:
    """Fit the model of a region; None where there are too few people.

    Parameters
    ----------
    region, label : str, int
        Its name and number.
    slopes : PersonSlopes
        Of the people it was measured in.
    everybody : Design
        Of all people, by their numbers.
    largest_for_mixed_models : int
        With more people, the slopes alone are compared.
    """
    design = everybody.of(slopes.people)
    inside = design.member >= 0
    if not design.groups:
        return None
    slopes, design = slopes.of(inside), _within(design, inside)
    matrix = design.matrix
    degrees = len(matrix) - matrix.shape[1]
    if degrees < FEWEST_FREE:
        return None
    mixed = _can_mix(slopes, largest_for_mixed_models)
    weights, error, own = np.ones(len(matrix)), 1.0, None
    if mixed:
        variances = variances_by_reml(slopes, matrix)
        weights, error, own = variances.weights, variances.error, variances.slope
    found, covariance = _fitted(slopes.slope, matrix, weights)
    left = slopes.slope - matrix @ found
    count = len(design.groups)
    people = np.bincount(design.member, minlength=count)
    # Weighted, or a person who was seen again after weeks would stand for the spread of all.
    shares = weights / np.bincount(design.member, weights, count)[design.member]
    by_group = np.bincount(design.member, shares * left**2, count) * people / (people - 1)
    errors = error * np.bincount(design.member, shares / slopes.information, count)
    observed = float(np.average(left**2, weights=weights) * len(matrix) / degrees)
    last = np.array([slopes.last_years[design.member == group].max() for group in range(count)])
    return RegionModel(
        region,
        label,
        design.groups,
        tuple(int(number) for number in people),
        found[:count],
        covariance[:count, :count],
        degrees,
        max(observed - error * float(np.average(1 / slopes.information, weights=weights)), 0.0)
        if own is None
        else own,
        observed,
        by_group,
        np.maximum(by_group - errors, 0.0),
        error,
        last,
        MIXED if mixed else SLOPES,
        _note(slopes, mixed, largest_for_mixed_models, everybody, design),
    )


def _within(design: Design, inside: NDArray[np.bool_]) -> Design:
    return Design(design.groups, design.member[inside], design.covariates[inside], design.names)


def _repeats(slopes: PersonSlopes) -> int:
    return int(np.sum(slopes.visits - 1))


def _can_mix(slopes: PersonSlopes, largest: int) -> bool:
    # Without anything left around the slopes there is no error to be told from them.
    return (
        len(slopes.people) <= largest
        and _repeats(slopes) >= FEWEST_REPEATS
        and bool(slopes.residual.sum() > 0)
    )


def _fitted(slopes: Values, matrix: Values, weights: Values) -> tuple[Values, Values]:
    """Return coefficients by weighted least squares, and a covariance that holds whatever people vary by.

    Slopes of patients vary more than those of controls. Where groups differ in size as well, the model's
    own covariance, which has one variance for all, finds differences that are not there; HC3 does not
    (MacKinnon and White, "Some heteroskedasticity-consistent covariance matrix estimators with improved
    finite sample properties", J. Econometrics 29(3), 1985).
    """
    from statsmodels.regression.linear_model import WLS

    fit = WLS(slopes, matrix, weights=weights).fit(cov_type="HC3")
    return np.asarray(fit.params), np.asarray(fit.cov_params())


def _note(slopes: PersonSlopes, mixed: bool, largest: int, everybody: Design, design: Design) -> str:
    told = []
    if not mixed and len(slopes.people) > largest:
        told.append(f"more than {largest} people: {BY_LEAST_SQUARES}")
    elif not mixed:
        told.append(f"too few repeated follow-ups for a mixed model: {BY_LEAST_SQUARES}")
    if gone := [group for group in everybody.groups if group not in design.groups]:
        told.append(f"fewer than three people of {', '.join(gone)}")
    if gone := [name for name in everybody.names if name not in design.names]:
        told.append(f"{', '.join(gone)} not told apart from the groups")
    return "; ".join(told)
