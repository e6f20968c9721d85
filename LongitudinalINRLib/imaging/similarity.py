"""How alike two scans are where both have voxels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.resampling import inside, resample
from LongitudinalINRLib.imaging.volume import Volume


def normalised_correlation(
    follow_up: Volume, baseline: Volume, mask: Volume, matrix: NDArray[np.float64] | None = None
) -> float:
    """Compute the normalised cross-correlation (NCC) of a baseline and a follow-up under an alignment.

    Parameters
    ----------
    follow_up, baseline : Volume
        Each on its own grid.
    mask : Volume
        On the baseline grid; voxels beyond the follow-up's field of view do not count.
    matrix : ndarray, shape (4, 4), optional
        Baseline RAS mm to follow-up RAS mm; the identity when not given.

    Returns
    -------
    float
        Between -1 and 1; 0 where either scan is constant or nothing overlaps.
    """
    chosen = mask.array.astype(bool) & inside(follow_up, baseline, matrix).array
    if not chosen.any():
        return 0.0
    moved = resample(follow_up, baseline, matrix).array[chosen].astype(np.float64)
    fixed = baseline.array[chosen].astype(np.float64)
    moved -= moved.mean()
    fixed -= fixed.mean()
    norm = np.sqrt((moved @ moved) * (fixed @ fixed))
    return float(moved @ fixed / norm) if norm > 0 else 0.0
