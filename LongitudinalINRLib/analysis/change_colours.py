"""Colours of volume change, the same in Slicer and in the report: blue for contraction, red for expansion.

From light to deep, so that what is stronger is darker, on either arm; blue and red stay apart, and each arm
its own steps, for eyes that lack one of their three colours too. Needs numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FADE_FRACTION = 0.1
"""Share of the range over which the colours come in beside the neutral band. A hard edge would look like a
border in the anatomy."""

FADED_SHARE = 0.7
"""Of an interval: changes up to here are not seen; from here to its end they come in."""

CONTRACTION = ((0.80, 0.88, 0.96), (0.45, 0.69, 0.94), (0.15, 0.46, 0.88), (0.05, 0.23, 0.72))
EXPANSION = ((0.98, 0.86, 0.76), (0.97, 0.62, 0.42), (0.90, 0.30, 0.18), (0.72, 0.05, 0.08))

Colour = tuple[float, float, float]


def diverging_rgba(positions: NDArray[np.float64], neutral_fraction: float) -> NDArray[np.float64]:
    """Return the colours of changes.

    Parameters
    ----------
    positions : ndarray, shape (N,)
        Where each change lies in the range: -1 the strongest contraction, 1 the strongest expansion.
    neutral_fraction : float
        Share of the range around its middle that is transparent, 0 to 1; beside it the opacity rises to 1
        over `FADE_FRACTION`.

    Returns
    -------
    ndarray, shape (N, 4)
        Red, green, blue and opacity, 0 to 1.

    Raises
    ------
    ValueError
        If the fraction is not between 0 and 1.
    """
    if not 0.0 <= neutral_fraction <= 1.0:
        raise ValueError(f"The neutral band covers {neutral_fraction:g} of the range; expected 0 to 1.")
    distance = np.abs(positions)
    contracted = (positions < 0)[:, None]
    colours = np.where(contracted, between(CONTRACTION, distance), between(EXPANSION, distance))
    return np.column_stack([colours, np.clip((distance - neutral_fraction) / FADE_FRACTION, 0.0, 1.0)])


def between(stops: Sequence[Colour], positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return colours at positions from 0 to 1 between evenly spaced ones, shape (N, 3)."""
    places = np.linspace(0.0, 1.0, len(stops))
    return np.column_stack([np.interp(positions, places, channel) for channel in zip(*stops, strict=True)])


def visible_share(change: NDArray[np.float32], half_width: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much of each colour is to be seen, 0 to 1: what lies within its interval fades out.

    Parameters
    ----------
    change : ndarray
        log|J|.
    half_width : ndarray, same shape
        Half-width of its interval; 0 where nothing was measured, and nothing is seen then.
    """
    ends = np.maximum(half_width, np.float32(1e-6))
    share = (np.abs(change) / ends - FADED_SHARE) / (1.0 - FADED_SHARE)
    return np.asarray(np.clip(share, 0.0, 1.0) * (half_width > 0), np.float32)
