"""Which grey levels are shown: robust windows, so that a few bright voxels do not darken the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.points import Values
from LongitudinalINRLib.imaging.volume import Volume


def window(volume: Volume, mask: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the grey levels that become black and white: the 1st and 99.8th percentile inside a mask."""
    low, high = np.percentile(volume.array[mask].astype(np.float64), [1, 99.8])
    return float(min(low, 0.0) if low >= 0 else low), float(high if high > low else low + 1)


def gain_to(baseline: Values, scan: Values) -> float:
    """Return the gain with which a scan's values fit the baseline's best at the same points; 0 stays 0."""
    power = float(scan @ scan)
    return float(scan @ baseline) / power if power > 0 else 1.0
