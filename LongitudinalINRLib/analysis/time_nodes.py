"""Many months of the same points, from a few months where a polynomial in time is exact enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.polynomial.chebyshev import chebvander

from LongitudinalINRLib.analysis.points import Points, Values

NODES = (5, 9, 17)
"""How many months are asked to tell those between, in turn; each holds those before it."""

CHECKED_POINTS = 512


def over_time(
    ask: Callable[[Points, float], Values],
    points_mm: Points,
    months: Sequence[float],
    last_scan_months: float,
    largest_errors: Sequence[float],
) -> Values:
    """Return what a fit says at points, month by month.

    Up to the last scan it is asked at Chebyshev nodes, and polynomials in time lead to the months between.
    Whether they are exact enough is seen at some of the points, midway between the nodes, where the fit is
    asked too; if they are not, there are more nodes, and at last every month is asked. So it is beyond the
    last scan, where the fit's course bends more than a polynomial can.

    Parameters
    ----------
    ask : callable
        Takes points, shape (N, 3), and a month; returns Q quantities, shape (Q, N).
    points_mm : ndarray, shape (N, 3)
        RAS mm.
    months : sequence of float
        Not before the baseline.
    last_scan_months : float
        Of the last scan.
    largest_errors : sequence of float
        What is exact enough, for each of the Q quantities.

    Returns
    -------
    ndarray, shape (T, Q, N)
    """
    asked: dict[float, Values] = {}

    def at(month: float) -> Values:
        if month not in asked:
            asked[month] = ask(points_mm, month)
        return asked[month]

    between = sorted({month for month in months if month <= last_scan_months})
    checked = np.arange(0, len(points_mm), max(1, len(points_mm) // CHECKED_POINTS))
    for nodes in (_chebyshev(count) for count in NODES if count < len(between)):
        known = np.stack([at(float(last_scan_months * node)) for node in nodes])
        midway = (nodes[1:] + nodes[:-1]) / 2.0
        found = _polynomial(nodes, known[..., checked], midway)
        true = np.stack([ask(points_mm[checked], float(last_scan_months * node)) for node in midway])
        if (np.abs(found - true).max(axis=(0, 2), initial=0.0) <= largest_errors).all():
            told = _polynomial(nodes, known, np.array(between) / last_scan_months)
            asked = dict(zip(between, told, strict=True)) | asked
            break
    return np.stack([at(month) for month in months])


def _chebyshev(count: int) -> Values:
    """Return nodes from 0 to 1, which are exact in the middle and at the ends."""
    return np.asarray((1.0 + np.sin(np.pi * np.linspace(-0.5, 0.5, count))) / 2.0)


def _polynomial(nodes: Values, known: Values, at: Values) -> Values:
    """Return what is known at nodes, shape (K, Q, N), at other places, shape (T, Q, N)."""
    to_coefficients = np.linalg.inv(chebvander(2.0 * nodes - 1.0, len(nodes) - 1))
    return np.tensordot(chebvander(2.0 * at - 1.0, len(nodes) - 1) @ to_coefficients, known, 1)
