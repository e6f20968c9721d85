"""Memory: what is free, whether there is room for the libraries, and giving back what is not needed."""

from __future__ import annotations

import ctypes
import sys

from LongitudinalINRLib.errors import OutOfMemory

SMALLEST_ADDRESS_SPACE_BYTES = 1_500_000_000
"""PyTorch, SciPy and SimpleITK take 1.1 GB of addresses when they are loaded, on Linux."""

_CONTROL_GROUP = "/sys/fs/cgroup/memory.max"


def free_memory_bytes() -> int:
    """Return how much memory new processes may take: what is free, at most what a container is granted."""
    import psutil

    free = int(psutil.virtual_memory().available)
    try:
        with open(_CONTROL_GROUP, encoding="ascii") as file:
            return min(free, int(file.read()))
    except (OSError, ValueError):  # no control group, or "max"
        return free


def check_address_space() -> None:
    """Refuse a limit of memory under which the libraries end the process themselves, without a word.

    Raises
    ------
    OutOfMemory
        The address space is limited too much.
    """
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY or limit >= SMALLEST_ADDRESS_SPACE_BYTES:
        return
    raise OutOfMemory(
        "out-of-memory",
        "The memory of this process is limited too much.",
        expected=f"at least {SMALLEST_ADDRESS_SPACE_BYTES / 1e9:.1f} GB, more for large scans",
        found=f"a limit of {limit / 1e9:.2f} GB",
        advice="Raise the limit (ulimit -v), or ask whoever set it.",
    )


def give_back_free_memory() -> None:
    """Return to the system what the allocator of Linux keeps of freed scans; elsewhere nothing is kept so.

    Arrays of a 1 mm scan are smaller than what glibc takes from the system one by one, so that pieces of
    freed scans stay with the process, and add up from stage to stage.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in musl
        if trim is not None:
            trim(0)
