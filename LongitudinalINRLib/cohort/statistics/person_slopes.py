"""Each person's annual change of a region, and how much is known about it.

The changes y of a person at times t are t (slope) + e with Var(e) = s^2 D R D: D holds the standard errors,
R has 1 on its diagonal and elsewhere the correlation rho that comes of the shared baseline. Whitened, that
is, with both sides multiplied by the inverse of the Cholesky factor of D R D, the rows are independent, and
least squares through zero gives the slope. It takes three sums a person, as R has a closed inverse:

    a' R^-1 b = (sum a_j b_j - rho / (1 + (n - 1) rho) sum a_j sum b_j) / (1 - rho).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class PersonSlopes:
    """What the rows of a region say about each person; arrays of shape (P,).

    Parameters
    ----------
    people : ndarray of int
        Their numbers, ascending.
    slope : ndarray
        Weighted least squares through zero, log volume ratio per year.
    information : ndarray
        t' (D R D)^-1 t: the inverse of the slope's variance where the standard errors are right (s = 1).
    residual : ndarray
        Weighted sum of squares that the slope leaves.
    visits : ndarray of int
        Follow-ups.
    last_years : ndarray
        Of the last one.
    """

    people: Counts
    slope: Values
    information: Values
    residual: Values
    visits: Counts
    last_years: Values

    def of(self, chosen: NDArray[np.bool_]) -> PersonSlopes:
        """Return those of some people."""
        return PersonSlopes(**{name: values[chosen] for name, values in vars(self).items()})

    def shifted(self, by: Values) -> PersonSlopes:
        """Return slopes to which something is added: what is left around each stays as it is."""
        return replace(self, slope=self.slope + by)


def person_slopes(
    people: Counts, years: Values, log_ratio: Values, se: Values, shared_baseline: float
) -> PersonSlopes:
    """Return each person's slope.

    Parameters
    ----------
    people : ndarray of int, shape (N,)
        Whose row it is.
    years, log_ratio, se : ndarray, shape (N,)
        When, what was found, and its standard error.
    shared_baseline : float
        rho, from 0 up to but not 1.
    """
    numbers, whose, visits = np.unique(people, return_inverse=True, return_counts=True)
    share = shared_baseline / (1 + (visits - 1) * shared_baseline)

    def summed(values: Values) -> Values:
        return np.asarray(np.bincount(whose, values, len(numbers)), np.float64)

    def product(one: Values, other: Values) -> Values:
        return np.asarray(
            (summed(one * other) - share * summed(one) * summed(other)) / (1 - shared_baseline), np.float64
        )

    time, change = years / se, log_ratio / se
    information = product(time, time)
    slope = product(time, change) / information
    last = np.zeros(len(numbers))
    np.maximum.at(last, whose, years)
    # Rounding may leave less than nothing where a line goes through all visits.
    residual = np.maximum(product(change, change) - slope**2 * information, 0.0)
    residual[visits == 1] = 0.0
    return PersonSlopes(numbers, slope, information, residual, visits, last)
