"""How alike two scans are where both have voxels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume

MOST_VOXELS = 300_000
_ROUNDING = 1e-3


def normalised_correlation(
    follow_up: Volume, baseline: Volume, mask: Volume, matrix: NDArray[np.float64] | None = None
) -> float:
    """Compute the normalised cross-correlation (NCC) of a baseline and a follow-up under an alignment.

    Parameters
    ----------
    follow_up, baseline : Volume
        Each on its own grid.
    mask : Volume
        On the baseline grid; voxels beyond the follow-up's field of view do not count, and of more than
        300 000 voxels only every n-th is looked at.
    matrix : ndarray, shape (4, 4), optional
        Baseline RAS mm to follow-up RAS mm; the identity when not given.

    Returns
    -------
    float
        Between -1 and 1; 0 where either scan is constant or nothing overlaps.
    """
    within = np.flatnonzero(mask.array)
    voxels = np.stack(np.unravel_index(within[:: -(-len(within) // MOST_VOXELS) or 1], mask.shape))
    matrix = np.eye(4) if matrix is None else matrix
    index = (np.linalg.inv(follow_up.affine) @ matrix @ baseline.affine)[:3]
    positions = index[:, :3] @ voxels + index[:, 3:]
    last = np.array(follow_up.shape)[:, None] - 1
    seen = ((positions >= -_ROUNDING) & (positions <= last + _ROUNDING)).all(axis=0)
    if not seen.any():
        return 0.0
    moved = ndimage.map_coordinates(
        follow_up.array, positions[:, seen], output=np.float64, order=1, mode="nearest"
    )
    fixed = baseline.array[tuple(voxels[:, seen])].astype(np.float64)
    moved -= moved.mean()
    fixed -= fixed.mean()
    norm = np.sqrt((moved @ moved) * (fixed @ fixed))
    return float(moved @ fixed / norm) if norm > 0 else 0.0
