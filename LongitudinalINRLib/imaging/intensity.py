"""Voxel values made comparable: one scale, without the scanner's shading."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.drift import Drift
from LongitudinalINRLib.imaging.itk import from_itk, shrunk, to_itk
from LongitudinalINRLib.imaging.volume import Volume

_SCALE_PERCENTILES = (1.0, 99.0)
_CLIPPED_TO = (-0.5, 1.5)
_BIAS_EDGE_MM = 4.0
_BIAS_ITERATIONS = [50, 50, 30, 20]
_BIAS_CONVERGENCE = 1e-3


def normalise(volume: Volume, mask: Volume) -> Volume:
    """Bring the values inside the mask to the range 0 to 1, whatever the scanner's units.

    Parameters
    ----------
    volume : Volume
        Scan.
    mask : Volume
        Brain, on the scan's own grid.

    Returns
    -------
    Volume
        float32; the 1st and 99th percentile within the mask become 0 and 1, and what lies further out than
        half that range again, such as a vessel, is clipped.
    """
    low, high = np.percentile(volume.array[mask.array.astype(bool)], _SCALE_PERCENTILES)
    scale = max(float(high - low), float(np.finfo(np.float32).tiny))
    values = np.subtract(volume.array, low, dtype=np.float32)
    with np.errstate(over="ignore"):  # of a brain that is all one grey; it is clipped next
        values /= scale
    return volume.with_array(np.clip(values, *_CLIPPED_TO, out=values))


def bias_correct(volume: Volume, mask: Volume, should_stop: Callable[[], bool] | None = None) -> Volume:
    """Divide out the smooth shading of one scan by N4 [1]_.

    Parameters
    ----------
    volume : Volume
        Scan.
    mask : Volume
        Brain, on the scan's own grid; the shading is estimated in it, at a resolution of 4 mm.
    should_stop : callable, optional
        Asked at every iteration; a true answer raises :class:`LongitudinalINRLib.errors.Cancelled`.

    Returns
    -------
    Volume
        float32, on the same grid.

    References
    ----------
    .. [1] Tustison et al., "N4ITK: improved N3 bias correction", IEEE TMI 29(6), 2010.
    """
    image = to_itk(volume.with_array(volume.array.astype(np.float32)))
    coarse_mask = shrunk(to_itk(mask.with_array(mask.array.astype(np.float32))), _BIAS_EDGE_MM) > 0.5
    n4 = sitk.N4BiasFieldCorrectionImageFilter()
    n4.SetNumberOfWorkUnits(1)  # sums in one order: the same bits every time
    n4.SetMaximumNumberOfIterations(_BIAS_ITERATIONS)
    n4.SetConvergenceThreshold(_BIAS_CONVERGENCE)
    stopped = []

    def look() -> None:
        if should_stop is not None and should_stop():
            stopped.append(True)
            n4.Abort()

    n4.AddCommand(sitk.sitkIterationEvent, look)
    try:
        n4.Execute(shrunk(image, _BIAS_EDGE_MM), coarse_mask)
    finally:
        n4.RemoveAllCommands()  # it and `look` hold each other, and with them the scan
    if stopped:
        raise Cancelled
    log_field = from_itk(n4.GetLogBiasFieldAsImage(image)).array
    return volume.with_array((volume.array / np.exp(log_field)).astype(np.float32))


def match_intensity(
    follow_up: Volume, baseline: Volume, mask: Volume, matrix: NDArray[np.float64] | None = None
) -> Volume:
    """Remove from a follow-up the smooth shading by which it differs from the baseline.

    Differential bias correction after Lewis and Fox [1]_: what both scans share, anatomy and shading alike,
    cancels in their ratio, so the difference in shading is seen far better than either shading. Here the
    logarithm of the ratio is fitted robustly by a polynomial of third order in position, too smooth to take
    up local change.

    Parameters
    ----------
    follow_up, baseline : Volume
        Each on its own grid, with positive values in the brain.
    mask : Volume
        Brain, on the baseline grid.
    matrix : ndarray, shape (4, 4), optional
        Baseline RAS mm to follow-up RAS mm; the identity when not given.

    Returns
    -------
    Volume
        float32, on the follow-up's grid, in the baseline's units of intensity.

    References
    ----------
    .. [1] Lewis and Fox, "Correction of differential intensity inhomogeneity in longitudinal MR images",
       NeuroImage 23(1), 2004.
    """
    matrix = np.eye(4) if matrix is None else matrix
    drift = Drift.between(follow_up, baseline, mask, matrix)
    return follow_up.with_array(follow_up.array.astype(np.float32) / drift.on_grid(follow_up, matrix))
