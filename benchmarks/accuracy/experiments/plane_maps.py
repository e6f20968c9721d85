"""Volume change on slices, asked at their own pixels rather than taken from a voxel grid."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.analysis.figures.planes import Plane
from LongitudinalINRLib.analysis.points import Points, Values
from LongitudinalINRLib.imaging.volume import Volume

EVALUATED_MM = 2.0
"""Distance of evaluated pixels; |J| is smooth, so what lies between is interpolated."""


def percent_on_planes(
    ask: Callable[[Points], Values], planes: Sequence[Plane], mask: Volume
) -> list[list[NDArray[np.float64]]]:
    """Return 100 (|J| - 1) on slices, month by month, each of shape (H, W), NaN outside the mask.

    Parameters
    ----------
    ask : callable
        Takes points, shape (N, 3), RAS mm; returns |J| at each of T months, shape (T, N).
    planes : sequence of Plane
        The slices.
    mask : Volume
        Boolean: where there is an answer.
    """
    shown = [plane.sample(mask, order="nearest") > 0.5 for plane in planes]
    steps = [max(1, round(EVALUATED_MM / plane.spacing_mm)) for plane in planes]
    # One pixel more than the mask on every side, for the interpolation at its edge.
    wanted = [
        ndimage.binary_dilation(s, iterations=step)[::step, ::step]
        for s, step in zip(shown, steps, strict=True)
    ]
    points_mm = [
        plane.points_mm[::step, ::step][w] for plane, step, w in zip(planes, steps, wanted, strict=True)
    ]
    jacobian = ask(np.concatenate(points_mm))
    ends = np.cumsum([len(points) for points in points_mm])[:-1]
    return [
        [
            _interpolated(part, w, step, s)
            for part, w, step, s in zip(np.split(values, ends), wanted, steps, shown, strict=True)
        ]
        for values in jacobian
    ]


def _interpolated(
    jacobian: NDArray[np.float64], wanted: NDArray[np.bool_], step: int, shown: NDArray[np.bool_]
) -> NDArray[np.float64]:
    coarse = np.ones(wanted.shape)
    coarse[wanted] = jacobian
    fine = ndimage.map_coordinates(coarse, np.indices(shown.shape) / step, order=1, mode="nearest")
    return np.where(shown, 100.0 * (fine - 1.0), np.nan)
