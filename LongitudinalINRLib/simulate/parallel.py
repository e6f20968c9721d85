"""Work on slabs of a volume, a few at a time: bounded memory, all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

_SLAB = 8


def over_slabs(work: Callable[[slice], Result], length: int) -> list[Result]:
    """Apply a function to consecutive slices of an axis, in threads; results in order."""
    slabs = [slice(start, min(start + _SLAB, length)) for start in range(0, length, _SLAB)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, slabs))
