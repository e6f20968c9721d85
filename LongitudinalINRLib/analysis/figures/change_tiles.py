"""Slices of the baseline's brain with the change drawn over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from LongitudinalINRLib.analysis.change_colours import diverging_rgba, visible_share
from LongitudinalINRLib.analysis.figures.planes import Plane, position_text
from LongitudinalINRLib.analysis.figures.sheets import Tile, in_grey, laid_over
from LongitudinalINRLib.analysis.figures.window import window
from LongitudinalINRLib.analysis.map_frames import MapFrames
from LongitudinalINRLib.analysis.scores import log_jacobian
from LongitudinalINRLib.imaging.volume import Volume

NICE_LIMITS_PERCENT = (2, 3, 5, 8, 10, 15, 20, 30, 40, 50, 75, 100)
USUAL_PERCENTILE = 98
NEUTRAL_FRACTION = 0.05
MAP_OPACITY = 0.85
"""Of the deepest colour: the anatomy stays to be seen."""

COLOUR_COUNT = 256
BAR_PIXELS = (256, 14)


def change_limit_percent(jacobian: NDArray[np.float32]) -> float:
    """Return a round limit of the colour scale that holds nearly all change: never less than 2 percent.

    One voxel in fifty may lie beyond it: ventricles, which change several times as much as the tissue around
    them, are drawn in the end colour so that the tissue's change can be seen too.

    Parameters
    ----------
    jacobian : ndarray, shape (N,)
        |J| inside the mask.
    """
    usual = float(np.percentile(100 * np.abs(jacobian - 1), USUAL_PERCENTILE)) if len(jacobian) else 0.0
    return float(next((limit for limit in NICE_LIMITS_PERCENT if limit >= usual), NICE_LIMITS_PERCENT[-1]))


def limit_of_last_scan(frames: MapFrames, last_months: float) -> float:
    """Return `change_limit_percent` of the last scan's map: one scale for the pictures of every month."""
    return change_limit_percent(frames.jacobian[frames.at(last_months)][frames.mask.array.astype(bool)])


def colour_table() -> NDArray[np.uint8]:
    """Return the colours from the strongest contraction to the strongest expansion, shape (256, 4)."""
    rgba = diverging_rgba(np.linspace(-1.0, 1.0, COLOUR_COUNT), NEUTRAL_FRACTION)
    rgba[:, 3] *= MAP_OPACITY
    return np.rint(255 * rgba).astype(np.uint8)


def colour_bar() -> Image.Image:
    """Return the colours side by side, over the grey of tissue."""
    width, height = BAR_PIXELS
    table = colour_table()[np.linspace(0, COLOUR_COUNT - 1, width).astype(int)] / 255.0
    grey = np.full((height, width, 3), 128, np.uint8)
    return Image.fromarray(laid_over(grey, np.broadcast_to(table, (height, width, 4))))


def change_tiles(
    planes: Sequence[Plane],
    baseline: Volume,
    mask: Volume,
    frames: MapFrames,
    months: float,
    limit_percent: float,
) -> list[Tile]:
    """Draw the change at one month; outside the mask everything is black, a face too.

    Parameters
    ----------
    planes : sequence of Plane
        The slices.
    baseline, mask : Volume
        Anatomy, and the boolean mask that sets its window.
    frames : MapFrames
        Maps, among them that of the month.
    months : float
        The month.
    limit_percent : float
        Ends of the colour scale.
    """
    index = frames.at(months)
    jacobian = frames.mask.with_array(frames.jacobian[index])
    shown = visible(frames, index)
    low, high = window(baseline, mask.array.astype(bool))
    table = colour_table() / 255.0
    tiles = []
    for plane in planes:
        inside = plane.sample(mask, order="nearest") > 0.5
        grey = in_grey(np.where(inside, plane.sample(baseline), low), low, high)
        position = 100 * (plane.sample(jacobian) - 1) / limit_percent
        place = np.rint((np.clip(position, -1, 1) + 1) / 2 * (COLOUR_COUNT - 1)).astype(int)
        rgba = table[place]
        rgba[..., 3] *= inside * plane.sample(shown)
        tiles.append(Tile(plane, laid_over(grey, rgba), position_text(plane)))
    return tiles


def visible(frames: MapFrames, index: int) -> Volume:
    """Return how much of the colours is to be seen, 0 to 1: all where no interval is known."""
    if frames.half_width is None:
        return frames.mask.with_array(frames.mask.array.astype(np.float32))
    logs = log_jacobian(frames.jacobian[index]).astype(np.float32)
    return frames.mask.with_array(visible_share(logs, frames.half_width[index]))
