"""Another program, waited for until it ends or the person asks to stop."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from LongitudinalINRLib.errors import Cancelled

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_END = 5.0


def run_child(
    command: Sequence[str], should_stop: Callable[[], bool], environment: Mapping[str, str] | None = None
) -> int:
    """Run a program and return its exit code; what it prints goes to standard error, which is a job's log.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    should_stop : callable
        Asked five times a second; the program is then ended.
    environment : mapping of str to str, optional
        Of the program; that of this process if omitted.

    Raises
    ------
    Cancelled
        When `should_stop` said so.
    """
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr, env=environment
    )
    try:
        while process.poll() is None:
            if should_stop():
                raise Cancelled
            time.sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_END)
            process.kill()
            process.wait()
    return process.returncode
