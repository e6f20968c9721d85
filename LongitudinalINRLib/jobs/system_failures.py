"""What the system refuses, in words. Needs the standard library alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from LongitudinalINRLib.jobs.events import Failed

_Words = tuple[str, str, str, str]
"""Code, message, what was expected, and what to do."""

_DISK_FULL: _Words = (
    "disk-full",
    "The disk is full.",
    "space for what is written",
    "Free some space, then resume the job; or choose another output folder.",
)
_TOO_LARGE: _Words = (
    "file-too-large",
    "A file would become larger than is allowed here.",
    "a limit, and a file system, that allow files as large as the scans",
    "Raise the limit (ulimit -f), or choose another output folder.",
)
_FORBIDDEN: _Words = (
    "not-writable",
    "The system does not allow access to a file or folder.",
    "a folder that may be written, and files that may be read",
    "Change the rights, or choose another folder.",
)
_NAME: _Words = (
    "name-too-long",
    "A name is longer than the system allows.",
    "names of at most 255 and paths of at most 4000 characters",
    "Give a shorter path.",
)
_GONE: _Words = (
    "path-missing",
    "A file or folder is not there.",
    "a path that exists, through folders",
    "Check the path; if another program took it away meanwhile, run the command again.",
)
_KIND: _Words = (
    "path-kind",
    "A path leads to another kind of thing than is needed there.",
    "a file where a file is needed, a folder where a folder is, and no circle of links",
    "Check the path, or remove what is in its place.",
)
_FILES: _Words = (
    "too-many-files",
    "Too many files are open.",
    "a limit of at least 256 open files",
    "Close other programs, or raise the limit (ulimit -n).",
)
_DEVICE: _Words = (
    "disk-failing",
    "A disk or a network folder does not work as it should.",
    "a disk that can be read and written",
    "Check the disk and its connection, or copy the files to another one, and run the command again.",
)
_OTHER: _Words = (
    "system-error",
    "The system refused what was asked of it.",
    "files and folders that can be read and written",
    "Check the path and the disk, and run the command again.",
)


def _numbers(*names: str) -> set[int]:
    """Return the numbers of errors; not every system has every one."""
    return {getattr(errno, name) for name in names if hasattr(errno, name)}


_BY_NUMBER: tuple[tuple[set[int], _Words], ...] = (
    (_numbers("ENOSPC", "EDQUOT"), _DISK_FULL),
    (_numbers("EFBIG", "EOVERFLOW"), _TOO_LARGE),
    (_numbers("EACCES", "EPERM", "EROFS"), _FORBIDDEN),
    (_numbers("ENAMETOOLONG"), _NAME),
    (_numbers("ENOENT"), _GONE),
    (_numbers("ENOTDIR", "EISDIR", "ELOOP", "EMLINK", "EEXIST", "ENOTEMPTY", "EXDEV", "ENXIO"), _KIND),
    (_numbers("EMFILE", "ENFILE"), _FILES),
    (_numbers("EIO", "ENODEV", "ESTALE", "ETIMEDOUT", "EREMOTEIO", "EBUSY", "ENOTCONN"), _DEVICE),
)

SYSTEM_CODES = frozenset(words[0] for _, words in _BY_NUMBER) | {_OTHER[0]}
"""The codes of all that `system_failure` tells of."""


def system_failure(error: OSError) -> Failed:
    """Return the event that tells of an error of the system, with the name of its file but no folder."""
    code, message, expected, advice = next(
        (words for numbers, words in _BY_NUMBER if error.errno in numbers), _OTHER
    )
    name = Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes) else ""
    reason = error.strerror or str(error)
    return Failed(code, message, expected, f"{name}: {reason}" if name else reason, advice)
