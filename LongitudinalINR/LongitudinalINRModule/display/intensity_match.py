"""How two scans of one person compare in brightness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRModule.mrml.hardening import hardened
from LongitudinalINRModule.mrml.resampling import resampled_like

if TYPE_CHECKING:
    import slicer

_SAMPLES = 200_000


def intensity_match(reference: NDArray[np.generic], other: NDArray[np.generic]) -> tuple[float, float]:
    """Return gain and offset with which the reference's intensities resemble the other's.

    From the quartiles of the voxels that are not background in either: robust against what changed.

    Parameters
    ----------
    reference, other : ndarray
        The same grid.

    Returns
    -------
    gain, offset : float
        other is about gain x reference + offset.
    """
    a, b = sample(reference), sample(other)
    inside = (a > 0.1 * np.percentile(a, 99)) & (b > 0.1 * np.percentile(b, 99))
    if not inside.any():
        return 1.0, 0.0
    low_a, high_a = np.percentile(a[inside], (25, 75))
    low_b, high_b = np.percentile(b[inside], (25, 75))
    if high_a <= low_a or high_b <= low_b:
        return float(np.median(b[inside]) / np.median(a[inside])), 0.0
    gain = (high_b - low_b) / (high_a - low_a)
    return float(gain), float(low_b - gain * low_a)


def sample(array: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return evenly spaced voxels, enough for quartiles."""
    return array.reshape(-1)[:: max(1, array.size // _SAMPLES)].astype(np.float64)


def baseline_on_grid_of(
    baseline: slicer.vtkMRMLScalarVolumeNode, follow_up: slicer.vtkMRMLScalarVolumeNode
) -> NDArray[np.generic]:
    """Return the baseline's voxels, its parent transforms applied, in a follow-up's order (K, J, I)."""
    with hardened(baseline, "baseline") as shown:
        return resampled_like(shown, follow_up)
