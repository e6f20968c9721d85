"""A lock that the system releases when its holder dies, however it dies. Needs the standard library alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def hold(path: Path) -> Iterator[bool]:
    """Hold the lock while inside, and yield True; yield False at once where another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _try(descriptor)
    finally:
        os.close(descriptor)


def held(path: Path) -> bool:
    """Tell whether another process holds the lock."""
    if not path.exists():
        return False
    with hold(path) as free:
        return not free
