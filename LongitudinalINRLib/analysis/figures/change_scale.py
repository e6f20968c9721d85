"""Colours of volume change: blue where tissue contracts, red where it expands, clear where it stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

NICE_LIMITS_PERCENT = (2, 3, 5, 8, 10, 15, 20, 30, 40, 50, 75, 100)
USUAL_PERCENTILE = 98

CHANGE_COLOURS = LinearSegmentedColormap.from_list(
    "contraction-expansion",
    [
        (0.00, (0.05, 0.35, 1.00, 1.0)),
        (0.25, (0.25, 0.58, 1.00, 0.7)),
        (0.48, (0.45, 0.72, 1.00, 0.0)),
        (0.50, (1.00, 1.00, 1.00, 0.0)),
        (0.52, (1.00, 0.62, 0.50, 0.0)),
        (0.75, (1.00, 0.38, 0.25, 0.7)),
        (1.00, (1.00, 0.08, 0.04, 1.0)),
    ],
)


def change_limit_percent(maps_percent: Sequence[NDArray[np.float64]]) -> float:
    """Return a round limit of the colour scale that holds nearly all change: never less than 2 percent.

    One pixel in fifty may lie beyond it: ventricles, which change several times as much as the tissue around
    them, are drawn in the end colour so that the tissue's change can be seen too.

    Parameters
    ----------
    maps_percent : sequence of ndarray
        Volume change in percent on slices through the whole brain, NaN outside the mask.
    """
    changes = np.concatenate([np.abs(m[np.isfinite(m)]) for m in maps_percent])
    usual = float(np.percentile(changes, USUAL_PERCENTILE)) if len(changes) else 0.0
    return float(next((limit for limit in NICE_LIMITS_PERCENT if limit >= usual), NICE_LIMITS_PERCENT[-1]))
