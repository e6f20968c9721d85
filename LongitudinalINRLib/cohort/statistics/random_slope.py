"""The mixed model of one region: a random slope a person, found by restricted maximum likelihood (REML).

Model, of a person's whitened changes y at times t (see `person_slopes`):  y = t (x'b + u) + e, with u of
variance tau^2 and e of s^2. A rotation of the person's rows turns t into (|t|, 0, ..., 0): one row holds
all about the slope, the others hold error alone. So the likelihood needs, of each person, the slope, its
information k = |t|^2 and the sum of squares left; it is that of the rows themselves (`statsmodels`'
MixedLM, given the whitened rows, finds the same numbers, a thousand times slower). With r = tau^2 / s^2 and
w = k / (1 + r k), up to a constant

    -2 log L(r) = (N - p) log s^2(r) + sum log(1 + r k) + log |X' W X|
    s^2(r) = (sum of squares left + sum w (slope - x'b)^2) / (N - p),

which has one unknown. Given r, b and its covariance are those of weighted least squares.

References
----------
Laird and Ware, "Random-effects models for longitudinal data", Biometrics 38(4), 1982.
Patterson and Thompson, "Recovery of inter-block information when block sizes are unequal", Biometrika
58(3), 1971.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.statistics.person_slopes import PersonSlopes

Values = NDArray[np.float64]

_LEAST, _MOST, _STEPS = -12.0, 12.0, 49
"""Range of log(r k) that is looked through, k being the median, before the best place is refined."""


@dataclass(frozen=True)
class Variances:
    """What the changes vary by.

    Parameters
    ----------
    slope : float
        tau^2: of the people's own slopes, (log ratio per year)^2.
    error : float
        s^2: of the errors, in units of the squared standard errors that the intervals tell.
    weights : ndarray, shape (P,)
        Of the people's slopes: 1 / (tau^2 + s^2 / k).
    """

    slope: float
    error: float
    weights: Values


def variances_by_reml(slopes: PersonSlopes, design: Values) -> Variances:
    """Return the variances that make the changes most likely.

    Parameters
    ----------
    slopes : PersonSlopes
        Of P people, some with several follow-ups: else the two variances cannot be told apart.
    design : ndarray, shape (P, p)
        Of full rank.
    """
    from scipy.optimize import minimize_scalar

    centre = float(np.log(np.median(slopes.information)))

    def at(logarithm: float) -> float:
        return _deviance(np.exp(logarithm - centre), slopes, design)[0]

    tried = np.linspace(_LEAST, _MOST, _STEPS)
    best = tried[int(np.argmin([at(each) for each in tried]))]
    step = tried[1] - tried[0]
    found = minimize_scalar(at, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-6})
    ratio = float(np.exp(found.x - centre))
    if _deviance(0.0, slopes, design)[0] <= found.fun:
        ratio = 0.0  # people differ by no more than errors
    error = _deviance(ratio, slopes, design)[1]
    weights = slopes.information / (1 + ratio * slopes.information) / error
    return Variances(ratio * error, error, weights)


def _deviance(ratio: float, slopes: PersonSlopes, design: Values) -> tuple[float, float]:
    """Return -2 log L up to a constant, and s^2."""
    widened = 1 + ratio * slopes.information
    weights = slopes.information / widened
    normal = design.T @ (weights[:, None] * design)
    left = slopes.slope - design @ np.linalg.solve(normal, design.T @ (weights * slopes.slope))
    free = int(slopes.visits.sum()) - design.shape[1]
    error = (slopes.residual.sum() + np.sum(weights * left**2)) / free
    return free * np.log(error) + np.log(widened).sum() + np.linalg.slogdet(normal)[1], float(error)
