"""Whether there is room for the numerical libraries at all. Needs the standard library alone."""

from __future__ import annotations

from LongitudinalINRLib.errors import OutOfMemory

SMALLEST_ADDRESS_SPACE_BYTES = 1_500_000_000
"""PyTorch, SciPy and SimpleITK take 1.1 GB of addresses when they are loaded, on Linux."""


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
