"""Where scans hold data: not where the skull was stripped off, nor beyond a field of view."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume

STRIPPED_SHARE = 0.1
"""Of the voxels of a scan that are exactly 0: no air of a scanner is."""


def held_data(scan: Volume) -> NDArray[np.bool_] | None:
    """Return where a scan holds data; None if everywhere.

    Where the skull was stripped off there is 0, and the border of a strip lies where a program put it, not
    where the brain ends. Zeros enclosed by data are data.
    """
    held = scan.array != 0
    if np.count_nonzero(held) > (1 - STRIPPED_SHARE) * held.size:
        return None
    for box in ndimage.find_objects(held.view(np.uint8)):  # one, or none of a scan of zeros
        held[box] |= _enclosed(held[box])
    return np.asarray(held)


def _enclosed(held: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the empty voxels from which no way leads to the faces; found in one pass, not by growing."""
    parts, count = ndimage.label(~held)
    enclosed = np.ones(count + 1, np.bool_)
    enclosed[0] = False
    for axis in range(held.ndim):
        for face in (0, -1):
            enclosed[parts.take(face, axis)] = False
    return np.asarray(enclosed[parts])
