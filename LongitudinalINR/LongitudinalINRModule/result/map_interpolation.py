"""A map of a result at any month, from the stored maps alone."""

from __future__ import annotations

import numpy as np
import slicer
from numpy.typing import NDArray

from LongitudinalINRLib.words import SMALLEST_JACOBIAN
from LongitudinalINRModule.result.result import SceneResult
from LongitudinalINRModule.result.time_interpolation import (
    Weights,
    cubic_rate_weights,
    cubic_weights,
    linear_weights,
    weighted_sum,
)

CONTINUOUS_MAPS = ("jacobian", "log-jacobian", "rate")


def interpolate_map(result: SceneResult, map_name: str, months: float, out: NDArray[np.float32]) -> None:
    """Write a map at a month into an array; beyond the stored times the nearest one is taken.

    Parameters
    ----------
    result : SceneResult
        Gives |J| and, for cubic interpolation, its rate.
    map_name : str
        One of `CONTINUOUS_MAPS`; the rate needs stored rates.
    months : float
        Since baseline.
    out : ndarray, shape (K, J, I), float32
        Overwritten.
    """
    stored = result.months
    if map_name == "rate":
        _add_up(result, cubic_rate_weights(stored, months), out)
        return
    weights = cubic_weights if "rate" in result.maps else linear_weights
    _add_up(result, weights(stored, months), out)
    if map_name == "log-jacobian":
        log_in_place(out)


def log_in_place(jacobian: NDArray[np.float32]) -> None:
    """Take the logarithm; folded voxels (|J| <= 0) count as shrunk to a thousandth."""
    np.maximum(jacobian, SMALLEST_JACOBIAN, out=jacobian)
    np.log(jacobian, out=jacobian)


def _add_up(result: SceneResult, weights: Weights, out: NDArray[np.float32]) -> None:
    neighbours = (weights.first, weights.first + 1)
    factors = list(weights.values)
    arrays = [_stored(result, "jacobian", index) for index in neighbours]
    if any(weights.rates):
        factors += weights.rates
        arrays += [_stored(result, "rate", index) for index in neighbours]
    weighted_sum(factors, arrays, out)


def _stored(result: SceneResult, map_name: str, index: int) -> NDArray[np.float32]:
    return slicer.util.arrayFromVolume(result.sequence(map_name).GetNthDataNode(index))
