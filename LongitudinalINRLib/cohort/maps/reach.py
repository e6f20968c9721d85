"""Which points of a baseline have data in every scan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from LongitudinalINRLib.analysis.figures.planes import values_at
from LongitudinalINRLib.analysis.map_frames import measured_part
from LongitudinalINRLib.analysis.points import Points, voxel_centres_mm
from LongitudinalINRLib.jobs.results import Result

REACH_MM = 4.0
"""A registration is not better at the rim of the brain: what falls beside it by less is taken for its rim."""


def reached(points_mm: Points, result: Result) -> tuple[Points, NDArray[np.bool_]]:
    """Move points that fall beside the measured brain to the nearest of its voxels.

    Parameters
    ----------
    points_mm : ndarray, shape (N, 3)
        RAS mm in the baseline's space.
    result : Result
        Its brain mask, as far as every follow-up has data, is the measured brain.

    Returns
    -------
    points_mm : ndarray, shape (N, 3)
        The same, moved by up to `REACH_MM`.
    has_data : ndarray of bool, shape (N,)
        Where the measured brain is near enough.
    """
    measured = measured_part(result.mask, result.valid)
    inside = measured.array.astype(bool)
    has_data = values_at(measured, points_mm, order="nearest") > 0.5
    rim = np.flatnonzero(inside & ~ndimage.binary_erosion(inside))
    if not len(rim):
        return points_mm, has_data
    rim_mm = voxel_centres_mm(rim, measured.shape, measured.affine)
    beside = np.flatnonzero(~has_data)
    distance, which = cKDTree(rim_mm).query(points_mm[beside], distance_upper_bound=REACH_MM)
    near = np.isfinite(distance)
    moved = points_mm.copy()
    moved[beside[near]] = rim_mm[which[near]]
    has_data[beside[near]] = True
    return moved, has_data
