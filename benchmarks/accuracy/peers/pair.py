"""What a registration method is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.volume import Volume

Displacement = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two scans of one person on one grid.

    Parameters
    ----------
    baseline, follow_up : Volume
        float32, without skull, intensities comparable; the follow-up is rigidly aligned and resampled onto
        the baseline's grid.
    mask : Volume
        Brain of the baseline, bool.
    """

    baseline: Volume
    follow_up: Volume
    mask: Volume


Register = Callable[[Pair], Displacement]
"""A method: from a pair to u = phi(x) - x in RAS mm, shape (I, J, K, 3), from baseline to follow-up."""
