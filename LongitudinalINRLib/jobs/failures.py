"""What went wrong, for the person: every exception becomes an event with what to do, and an exit code."""

from __future__ import annotations

import errno

from LongitudinalINRLib import errors
from LongitudinalINRLib.jobs import events

DONE, DEFECT, BAD_INPUT, CANCELLED, OUT_OF_MEMORY = 0, 1, 2, 3, 4

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
# PyTorch reports that the machine's own memory is exhausted as a RuntimeError with one of these phrases.
_CPU_MEMORY = ("can't allocate memory", "not enough memory")


def explain(error: BaseException) -> tuple[events.Failed | events.Cancelled, int]:
    """Return the event that tells of an exception, and the exit code of the process that it ends."""
    match error:
        case errors.Cancelled() | KeyboardInterrupt():
            return events.Cancelled(), CANCELLED
        case errors.LongitudinalError():
            kind = type(error)
            code = {errors.InputError: BAD_INPUT, errors.OutOfMemory: OUT_OF_MEMORY}.get(kind, DEFECT)
            return _told(error), code
        case OSError() if error.errno in _FULL | _FORBIDDEN:
            return (_DISK_FULL if error.errno in _FULL else _forbidden(error)), BAD_INPUT
        case _ if _is_memory(error):
            return _OUT_OF_MEMORY, OUT_OF_MEMORY
    return (_missing(error) if isinstance(error, ModuleNotFoundError) else _defect(error)), DEFECT


def _told(error: errors.LongitudinalError) -> events.Failed:
    return events.Failed(error.code, error.message, error.expected, error.found, error.advice)


_DISK_FULL = events.Failed(
    "disk-full",
    "The disk is full.",
    expected="space for the maps and the report",
    found="no space left on the disk of the output folder",
    advice="Free some space, then resume the job; or choose another output folder.",
)

_OUT_OF_MEMORY = events.Failed(
    "out-of-memory",
    "The machine ran out of memory.",
    expected="about 4 GB of free memory for a brain at 1 mm",
    found="an allocation that failed",
    advice="Close other programs, take the preset 'preview', or resample the scans to larger voxels.",
)


def _forbidden(error: OSError) -> events.Failed:
    return events.Failed(
        "not-writable",
        "The job may not write to its folder.",
        expected="a folder that may be written",
        found=error.strerror or str(error),
        advice="Change the rights of the folder, or choose another one.",
    )


def _is_memory(error: BaseException) -> bool:
    # By name: PyTorch need not be imported to explain an error that came from elsewhere.
    out = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return out or (isinstance(error, RuntimeError) and any(text in str(error) for text in _CPU_MEMORY))


def _missing(error: ModuleNotFoundError) -> events.Failed:
    return events.Failed(
        "dependency-missing",
        "A package that the engine needs is not installed.",
        expected=f"the package {error.name}",
        found="no such package in this Python",
        advice="Install the dependencies of LongitudinalINR into this Python.",
    )


def _defect(error: BaseException) -> events.Failed:
    return events.Failed(
        "defect",
        "Something went wrong that should not have.",
        expected="no error",
        found=f"{type(error).__name__}: {error}",
        advice="This is a defect of LongitudinalINR: please report it with worker.log of the job folder.",
    )
