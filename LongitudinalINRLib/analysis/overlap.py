"""How well follow-up labels, carried into baseline space, cover the baseline labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.deformation import Deformation
from LongitudinalINRLib.analysis.points import PointEvaluator, voxel_centres_mm
from LongitudinalINRLib.imaging.volume import Volume


def warped_labels(
    model: Deformation,
    months: float,
    labels: Volume,
    matrix: NDArray[np.float64],
    mask: Volume,
    *,
    should_stop: Callable[[], bool] | None = None,
) -> Volume:
    """Carry the labels of a follow-up into baseline space, nearest neighbour.

    Parameters
    ----------
    model : Deformation
        The fitted model.
    months : float
        When the follow-up was taken.
    labels : Volume
        Integer labels in the follow-up's own space.
    matrix : ndarray, shape (4, 4)
        Alignment, baseline RAS mm to follow-up RAS mm.
    mask : Volume
        Boolean, on the baseline grid; outside it the result is 0.
    """
    inside = np.flatnonzero(mask.array)
    points_mm = voxel_centres_mm(inside, mask.shape, mask.affine)
    moved_mm = PointEvaluator(model, should_stop).warp(points_mm, months)
    to_voxel = np.linalg.inv(labels.affine) @ matrix
    index = np.rint(moved_mm @ to_voxel[:3, :3].T + to_voxel[:3, 3]).astype(np.int64)
    within = ((index >= 0) & (index < labels.shape)).all(axis=1)
    carried = np.zeros(mask.shape, labels.array.dtype)
    carried.ravel()[inside[within]] = labels.array[tuple(index[within].T)]
    return mask.with_array(carried)


def dice(a: Volume, b: Volume, mask: Volume) -> dict[int, float]:
    """Return the Dice overlap of every label inside a mask.

    Parameters
    ----------
    a, b : Volume
        Integer labels on one grid.
    mask : Volume
        Boolean, on the same grid.

    Returns
    -------
    dict of int to float
        2 |A and B| / (|A| + |B|) for every label but 0 that either has.
    """
    inside = mask.array.astype(bool)
    in_a, in_b = a.array[inside].astype(np.int64), b.array[inside].astype(np.int64)
    labels, codes = np.unique(np.concatenate([in_a, in_b]), return_inverse=True)
    codes_a, codes_b = codes[: len(in_a)], codes[len(in_a) :]
    sizes = np.bincount(codes, minlength=len(labels))
    common = np.bincount(codes_a[codes_a == codes_b], minlength=len(labels))
    return {
        int(label): float(2 * c / size)
        for label, c, size in zip(labels, common, sizes, strict=True)
        if label != 0
    }
