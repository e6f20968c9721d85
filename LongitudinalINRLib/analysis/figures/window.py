"""Which grey levels are shown: robust windows, so that a few bright voxels do not darken the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.volume import Volume


def window(volume: Volume, mask: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the grey levels that become black and white: the 1st and 99.8th percentile inside a mask."""
    low, high = np.percentile(volume.array[mask].astype(np.float64), [1, 99.8])
    return float(min(low, 0.0) if low >= 0 else low), float(high if high > low else low + 1)


def matched(scan: Volume, baseline: Volume, mask: NDArray[np.bool_]) -> Volume:
    """Return a scan times the gain that fits the baseline best inside a mask; its zero stays zero."""
    x, y = (volume.array[mask].astype(np.float64) for volume in (scan, baseline))
    power = float(x @ x)
    gain = float(x @ y) / power if power > 0 else 1.0
    return scan.with_array(scan.array.astype(np.float32, copy=False) * np.float32(gain))
