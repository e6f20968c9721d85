"""Values between stored times: cubic where the rates are stored too, else linear."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Voxels handled at once: four inputs, the result and a product stay in a processor's cache.
_CHUNK = 32768


@dataclass(frozen=True)
class Weights:
    """What to add up for one time.

    Parameters
    ----------
    first : int
        Stored time before the wanted one; the other one is the next.
    values : tuple of float
        Weights of the two stored values.
    rates : tuple of float
        Weights of the two stored rates, in months; 0 where rates do not count.
    """

    first: int
    values: tuple[float, float]
    rates: tuple[float, float]


def cubic_weights(stored_months: Sequence[float], months: float) -> Weights:
    """Return the weights of cubic Hermite interpolation between two neighbouring stored times.

    The error is at most h^4 / 384 times the largest fourth derivative over time, h months apart; linear
    interpolation errs by h^2 / 8 times the largest second derivative. Beyond the stored times the nearest
    one is taken.
    """
    first, width, s = _place(stored_months, months)
    values = (1.0 + s * s * (2.0 * s - 3.0), s * s * (3.0 - 2.0 * s))
    return Weights(first, values, (width * s * (1.0 - s) ** 2, -width * s * s * (1.0 - s)))


def cubic_rate_weights(stored_months: Sequence[float], months: float) -> Weights:
    """Return the weights of the time derivative of the same cubic; at stored times it is the stored rate."""
    first, width, s = _place(stored_months, months)
    slope = 6.0 * s * (1.0 - s) / width
    return Weights(first, (-slope, slope), (1.0 + s * (3.0 * s - 4.0), s * (3.0 * s - 2.0)))


def linear_weights(stored_months: Sequence[float], months: float) -> Weights:
    """Return the weights of linear interpolation between two neighbouring stored times."""
    first, _, s = _place(stored_months, months)
    return Weights(first, (1.0 - s, s), (0.0, 0.0))


def weighted_sum(
    weights: Sequence[float], arrays: Sequence[NDArray[np.float32]], out: NDArray[np.float32]
) -> None:
    """Add up arrays into another one of the same shape; arrays without weight are not read.

    Parameters
    ----------
    weights : sequence of float
        One for each array.
    arrays : sequence of ndarray, float32
        Not changed.
    out : ndarray, float32
        Overwritten.
    """
    terms = [(np.float32(w), array) for w, array in zip(weights, arrays, strict=True) if w != 0.0]
    # So many rows that what is added up stays in the processor's caches.
    rows = max(1, _CHUNK // max(1, out[:1].size))
    product = np.empty((rows, *out.shape[1:]), np.float32)
    for start in range(0, len(out), rows):
        part = slice(start, start + rows)
        total = out[part]
        scratch = product[: len(total)]
        (weight, array), *others = terms
        np.multiply(array[part], weight, out=total)
        for weight, array in others:
            np.multiply(array[part], weight, out=scratch)
            np.add(total, scratch, out=total)


def _place(stored_months: Sequence[float], months: float) -> tuple[int, float, float]:
    """Return the stored time before, the width to the next one, and how far between the two, 0 to 1."""
    first = min(max(bisect_right(stored_months, months) - 1, 0), len(stored_months) - 2)
    width = stored_months[first + 1] - stored_months[first]
    return first, width, min(max((months - stored_months[first]) / width, 0.0), 1.0)
