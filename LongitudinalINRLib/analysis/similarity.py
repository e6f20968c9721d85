"""How alike two scans look inside the mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.volume import Volume


def correlation_inside(a: Volume, b: Volume, mask: NDArray[np.bool_]) -> float:
    """Return the normalised cross-correlation of two scans on one grid, over the voxels of a mask.

    1 is identical up to brightness and contrast. NaN when either is constant there.
    """
    x, y = (volume.array[mask].astype(np.float64) for volume in (a, b))
    x, y = x - x.mean(), y - y.mean()
    norm = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(x @ y) / norm if norm > 0 else float("nan")


def matched(scan: Volume, baseline: Volume, mask: NDArray[np.bool_]) -> Volume:
    """Return a scan with gain and offset that fit the baseline best inside the mask (least squares)."""
    x, y = (volume.array[mask].astype(np.float64) for volume in (scan, baseline))
    variance = x.var()
    gain = float(((x - x.mean()) * (y - y.mean())).mean() / variance) if variance > 0 else 1.0
    return scan.with_array(((scan.array - x.mean()) * gain + y.mean()).astype(np.float32))
