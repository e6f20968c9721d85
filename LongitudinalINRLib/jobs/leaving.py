"""Ending a process. Needs the standard library alone."""

from __future__ import annotations

import atexit
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process as `sys.exit` does, without waiting for torch to be taken apart.

    What was registered for the end is run, and what Python's standard streams still hold is written; but what
    Python does after that takes nine tenths of a second once torch is loaded, and frees what the system
    frees anyway. Whoever calls this has closed its files and ended its threads.

    Parameters
    ----------
    code : int
        Exit code.
    """
    if "torch" not in sys.modules:
        sys.exit(code)
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):
        sys.exit(code)  # Python tells that they could not be written
    os._exit(code)
