"""Curves over age, each by its values at a few ages."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

Values = NDArray[np.float64]

FEW_PEOPLE, FEW_KNOTS, MANY_KNOTS = 120, 3, 4
"""A knot more where there are as many people: three bend once, four twice."""


def knots_of(ages_years: Values) -> tuple[float, ...]:
    """Return ages at which a curve is told: the youngest, the oldest, some with as many people between."""
    count = FEW_KNOTS if len(ages_years) < FEW_PEOPLE else MANY_KNOTS
    return tuple(np.unique(np.quantile(ages_years, np.linspace(0, 1, count))).tolist())


def smooth_basis(knots_years: ArrayLike, ages_years: ArrayLike) -> Values:
    """Return what the value at each knot counts at some ages: a natural cubic spline, shape (N, K).

    Parameters
    ----------
    knots_years : array_like, shape (K,)
        Ascending.
    ages_years : array_like, shape (N,)
        Within the knots.
    """
    knots = np.asarray(knots_years, dtype=np.float64)
    spline = CubicSpline(knots, np.eye(len(knots)), bc_type="natural", extrapolate=False)
    return np.asarray(spline(np.asarray(ages_years, dtype=np.float64)))


def straight_basis(knots_years: ArrayLike, ages_years: ArrayLike) -> Values:
    """Return what the values at the first and the last knot count at some ages: a line, shape (N, 2)."""
    knots = np.asarray(knots_years, dtype=np.float64)
    share = (np.asarray(ages_years, dtype=np.float64) - knots[0]) / (knots[-1] - knots[0])
    return np.stack([1.0 - share, share], axis=-1)
