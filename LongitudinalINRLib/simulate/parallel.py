"""Work on a long list of voxels in pieces, a few at a time: bounded memory, all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

_PIECE = 200_000


def in_pieces(work: Callable[[NDArray[np.intp]], None], items: NDArray[np.intp]) -> None:
    """Call a function on consecutive pieces of an array, in threads."""
    pieces = [items[start : start + _PIECE] for start in range(0, len(items), _PIECE)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(work, pieces))
