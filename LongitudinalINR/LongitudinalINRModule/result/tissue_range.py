"""The range of colours that a map's own tissue asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRModule.result.quantities import QUANTITIES, Quantity
from LongitudinalINRModule.result.result import SceneResult, damaged

TISSUE_PERCENTILE = 95.0
"""Of the brain: what lies beyond is fluid for the most part, which changes several times as much as tissue
and may go beyond the end of the colours."""

_READABLE = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_LARGEST_PERCENT = 100.0
_ATTRIBUTE = "LongitudinalINR.TissuePercent."
# Of the voxels, so many are looked at: more change nothing that can be seen, and take their time.
_SAMPLES = 200_000


def tissue_percent(quantity: Quantity, values: NDArray[np.float32], brain: NDArray[np.bool_]) -> float | None:
    """Return the end of the colours, in percent as people read it; None where nothing is to be seen.

    Parameters
    ----------
    quantity : Quantity
        What the map holds.
    values : ndarray
        The map, of a month at which much has changed.
    brain : ndarray of bool, same shape
        What was measured.
    """
    inside = values[brain]
    if inside.size == 0:
        return None
    distance = np.abs(inside[:: max(1, inside.size // _SAMPLES)] - quantity.centre)
    percent = abs(quantity.percent(quantity.centre + float(np.percentile(distance, TISSUE_PERCENTILE))))
    return readable(percent) if percent > 0 else None


def tissue_percents(maps: Mapping[str, NDArray[np.float32]]) -> dict[str, float]:
    """Return the ends of the colours of the maps of one month, by their names; |J| must be among them."""
    brain = maps["jacobian"] != 1.0  # outside the mask it is exactly that
    found = {name: tissue_percent(QUANTITIES[name], values, brain) for name, values in maps.items()}
    found["log-jacobian"] = found["jacobian"]
    return {name: percent for name, percent in found.items() if percent is not None}


def keep_percents(result: SceneResult, percents: Mapping[str, float]) -> None:
    """Keep the ends of the colours with a result."""
    for name, percent in percents.items():
        result.browser.SetAttribute(_ATTRIBUTE + name, repr(percent))


def kept_half_range(result: SceneResult, quantity: Quantity) -> float | None:
    """Return how far from no change the colours of a result's map end; None where nobody has looked.

    Raises
    ------
    InputError
        The scene tells it in a damaged way.
    """
    text = result.browser.GetAttribute(_ATTRIBUTE + quantity.name)
    if text is None:
        return None
    try:
        percent = float(text)
    except ValueError as error:
        raise damaged("a range of colours that is no number") from error
    if not 0.0 < percent <= _LARGEST_PERCENT:
        raise damaged("a range of colours that cannot be")
    return quantity.distance(percent)


def readable(percent: float) -> float:
    """Return the next larger number that people read easily, from 1 to 100.

    Examples
    --------
    >>> readable(5.6), readable(11.2), readable(0.3)
    (6.0, 20.0, 1.0)
    """
    size = 10.0 ** math.floor(math.log10(percent))
    larger = next(step * size for step in _READABLE if step * size >= percent * (1.0 - 1e-6))
    return min(max(larger, 1.0), _LARGEST_PERCENT)
