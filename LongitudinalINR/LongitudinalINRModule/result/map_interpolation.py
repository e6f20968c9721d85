"""A map at any month, from the stored ones alone: of a whole result, or of some of its points."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import partial

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

CONTINUOUS_MAPS = ("jacobian", "log-jacobian", "rate", "interval")

Stored = Callable[[str, int], NDArray[np.float32]]
"""Returns the values of a map, by its name, at a stored month, by its number."""


Box = tuple[slice, slice, slice]
EVERYWHERE: Box = (slice(None), slice(None), slice(None))


def interpolate_map(
    result: SceneResult, map_name: str, months: float, out: NDArray[np.float32], box: Box = EVERYWHERE
) -> None:
    """Write a map at a month into an array; beyond the stored times the nearest one is taken.

    Parameters
    ----------
    result : SceneResult
        Gives |J| and, for cubic interpolation, its rate.
    map_name : str
        One of `CONTINUOUS_MAPS`; rate and interval need stored ones.
    months : float
        Since baseline.
    out : ndarray, shape (K, J, I), float32
        Overwritten.
    box : tuple of slice
        Overwrite this part alone.
    """
    interpolate(partial(_stored, result, box), result.maps, result.months, map_name, months, out[box])


def box_of_change(result: SceneResult) -> Box:
    """Return the part of the grid around the brain: outside of it, all stored maps tell of no change.

    Along the last axis it is whole: what lies side by side in memory is added up twice as quickly.
    """
    sequence = result.sequence("jacobian")
    last = slicer.util.arrayFromVolume(sequence.GetNthDataNode(sequence.GetNumberOfDataNodes() - 1))
    in_rows = (last != 1.0).any(axis=2)
    if not in_rows.any():
        return EVERYWHERE
    k, j = (np.flatnonzero(in_rows.any(axis=axis)) for axis in (1, 0))
    return slice(int(k[0]), int(k[-1]) + 1), slice(int(j[0]), int(j[-1]) + 1), slice(None)


def interpolate(
    stored: Stored,
    names: Container[str],
    stored_months: Sequence[float],
    map_name: str,
    months: float,
    out: NDArray[np.float32],
) -> None:
    """Do the same with values that lie elsewhere.

    Parameters
    ----------
    stored : callable
        Gives the values, of the shape of `out`.
    names : container of str
        Maps that there are.
    stored_months : sequence of float
        Ascending, at least two.
    map_name, months, out
        As of `interpolate_map`.
    """
    if map_name == "interval":
        _add_up(stored, linear_weights(stored_months, months), "interval", out)
    elif map_name == "rate":
        _add_up(stored, cubic_rate_weights(stored_months, months), "jacobian", out)
    else:
        weights = cubic_weights if "rate" in names else linear_weights
        _add_up(stored, weights(stored_months, months), "jacobian", out)
    if map_name == "log-jacobian":
        log_in_place(out)


def log_in_place(jacobian: NDArray[np.float32]) -> None:
    """Take the logarithm; folded voxels (|J| <= 0) count as shrunk to a thousandth."""
    np.maximum(jacobian, SMALLEST_JACOBIAN, out=jacobian)
    np.log(jacobian, out=jacobian)


def _add_up(stored: Stored, weights: Weights, map_name: str, out: NDArray[np.float32]) -> None:
    neighbours = (weights.first, weights.first + 1)
    factors = list(weights.values)
    arrays = [stored(map_name, index) for index in neighbours]
    if any(weights.rates):
        factors += weights.rates
        arrays += [stored("rate", index) for index in neighbours]
    weighted_sum(factors, arrays, out)


def _stored(result: SceneResult, box: Box, map_name: str, index: int) -> NDArray[np.float32]:
    return slicer.util.arrayFromVolume(result.sequence(map_name).GetNthDataNode(index))[box]
