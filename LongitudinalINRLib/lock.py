"""A lock that the system releases when its holder dies, however it dies. Needs the standard library alone."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    # Far behind the end of any file: Windows keeps others from a locked byte.
    _LOCKED_BYTE = 1 << 40

    def try_lock(descriptor: int) -> bool:
        """Lock an open file until it is closed; tell whether nobody else had."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    _LOCKS_UNKNOWN = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS}  # to the file system: nobody can hold one

    def try_lock(descriptor: int) -> bool:
        """Lock an open file until it is closed; tell whether nobody else had."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _LOCKS_UNKNOWN:
                raise
        return True


@contextmanager
def hold(path: Path) -> Iterator[bool]:
    """Hold the lock while inside, and yield True; yield False at once where another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        yield try_lock(descriptor)
    finally:
        os.close(descriptor)


def held(path: Path) -> bool:
    """Tell whether another process holds the lock.

    One that may not be opened is nobody's; what is no regular file is no lock of ours, and left alone as if
    it were held.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        return not stat.S_ISREG(os.fstat(descriptor).st_mode) or not try_lock(descriptor)
    finally:
        os.close(descriptor)
