"""What went wrong, for the person: every exception becomes an event with what to do, and an exit code.

Needs the standard library alone.
"""

from __future__ import annotations

import os
import re
import traceback
from pathlib import Path

from LongitudinalINRLib import errors
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.system_failures import system_failure
from LongitudinalINRLib.plain_text import lines

DONE, DEFECT, BAD_INPUT, CANCELLED, OUT_OF_MEMORY, NOT_SENT = 0, 1, 2, 3, 4, 5
NOT_PUBLISHED, SOME_NOT_DONE, MACHINE = 6, 7, 8
"""Of a cohort. 6: a person's fit is done, but not its derivatives or page, and another run does only that;
7: the work for some people did not end well; 8: for a person, the machine refused what was asked of it (disk,
rights, a device or a package), so that another run, or another machine, may do it."""

# Compiled libraries report that memory is exhausted in errors of other kinds, with one of these phrases.
_MEMORY = (
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "failed to allocate memory",
    "failed to map segment",  # the loader of shared libraries
    "can't start new thread",
    "bad_alloc",
    "paging file is too small",  # Windows
)
_CODE_FOLDERS = re.compile(r'File ".*?([^/\\"]+[/\\][^/\\"]+)"')
"""The path of a file of code in a traceback, down to the name of its folder."""

_CODES: dict[type[errors.LongitudinalError], int] = {
    errors.InputError: BAD_INPUT,
    errors.OutOfMemory: OUT_OF_MEMORY,
    errors.NotSent: NOT_SENT,
}


def explain(error: BaseException) -> tuple[events.Failed | events.Cancelled, int]:
    """Return the event that tells of an exception, and the exit code of the process that it ends."""
    match error:
        case errors.Cancelled() | KeyboardInterrupt():
            return events.Cancelled(), CANCELLED
        case errors.LongitudinalError():
            kind = type(error)
            return _told(error), _CODES.get(kind, DEFECT)
        case _ if _is_memory(error):
            return _OUT_OF_MEMORY, OUT_OF_MEMORY
        case OSError() if error.errno is not None:
            return system_failure(error), BAD_INPUT
    return (_missing(error) if isinstance(error, ModuleNotFoundError) else _defect(error)), DEFECT


def details(error: BaseException) -> str:
    """Return where an exception came from, for a log that a person may send to others.

    Paths are shortened: those of code to its folder, and the person's own folder to `~`.
    """
    text = "".join(traceback.format_exception(error))
    text = _CODE_FOLDERS.sub(r'File "\1"', text)
    return lines(text.replace(str(Path.home()), "~") if Path.home() != Path(os.sep) else text)


def _told(error: errors.LongitudinalError) -> events.Failed:
    return events.Failed(error.code, error.message, error.expected, error.found, error.advice)


_OUT_OF_MEMORY = events.Failed(
    "out-of-memory",
    "The machine ran out of memory.",
    expected="about 4 GB of free memory for a brain at 1 mm",
    found="an allocation that failed",
    advice="Close other programs, take the preset 'preview', or resample the scans to larger voxels.",
)


def _is_memory(error: BaseException) -> bool:
    # By name: PyTorch need not be imported to explain an error that came from elsewhere.
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return isinstance(error, (RuntimeError, ImportError, OSError)) and any(part in text for part in _MEMORY)


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
