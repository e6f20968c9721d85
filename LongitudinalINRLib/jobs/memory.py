"""Memory: what is free, whether there is room for the libraries, and giving back what is not needed."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

from LongitudinalINRLib.errors import OutOfMemory

SMALLEST_ADDRESS_SPACE_BYTES = 1_500_000_000
"""PyTorch, SciPy and SimpleITK take 1.1 GB of addresses when they are loaded, on Linux."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's `mallopt`, by their numbers in malloc.h."""

_KEPT_BYTES = 256 << 20
"""At the end of the heap; the tensors of a step take 150 MB together."""
_SMALL_BYTES, _OLD_GLIBC_BYTES = 64 << 20, 32 << 20
"""Arrays up to this size are kept when they are freed: those of a step take 20 MB; a scan of 0.7 mm, which
would leave holes, takes 100. Older versions of glibc let it be 32 MB at most."""

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


def keep_freed_memory() -> None:
    """Let this process use again what it freed, until it gives it back; elsewhere than on Linux, nothing.

    By default glibc returns arrays of some MB to the system as soon as they are free. Each step of a fit asks
    for the same ones again, and to clear them took the system up to a third of the step's time.
    """
    change = _glibc("mallopt")
    if change is not None:
        change(_TRIM_THRESHOLD, _KEPT_BYTES)
        change(_MMAP_THRESHOLD, _SMALL_BYTES) or change(_MMAP_THRESHOLD, _OLD_GLIBC_BYTES)


def give_back_free_memory() -> None:
    """Return to the system what the allocator of Linux keeps of freed scans; elsewhere nothing is kept so.

    Pieces of freed scans stay with the process, and would add up from stage to stage.
    """
    trim = _glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _glibc(function: str) -> Callable[..., int] | None:
    """Return a function of glibc's allocator; None on other systems, and where another library is in use."""
    return getattr(ctypes.CDLL(None), function, None) if sys.platform == "linux" else None
