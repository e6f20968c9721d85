"""How a job shares the machine with other programs. Needs the standard library alone."""

from __future__ import annotations

import os

WAITING = {"GOMP_SPINCOUNT": "3000", "KMP_BLOCKTIME": "1"}
"""How long threads that wait for each other keep a core busy, for GNU's and Intel's OpenMP: turns of a loop,
and milliseconds. By default it is so long that two fits on two cores take 35 times as long as one. With 1000
turns one fit takes a sixth longer, with 8000 two at once take a quarter longer (docs/benchmarks.md)."""

_CONTROL_GROUP = "/sys/fs/cgroup/cpu.max"


def wait_politely() -> None:
    """Let waiting threads sleep soon; to be called before a numerical library is imported.

    What the person has set in the environment is kept.
    """
    if not {*WAITING, "OMP_WAIT_POLICY"} & set(os.environ):
        os.environ.update(WAITING)


def usable_cores() -> int:
    """Return how many cores this process may use: those of its affinity, or of its container."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, _granted_cores() or allowed))


def _granted_cores() -> int | None:
    """Return the cores that a Linux control group grants, rounded; None where it sets no limit."""
    try:
        with open(_CONTROL_GROUP, encoding="ascii") as file:
            quota, period = file.read().split()
        return max(1, round(int(quota) / int(period)))
    except (OSError, ValueError):  # no control group, or "max"
        return None
