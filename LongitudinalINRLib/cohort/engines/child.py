"""The process of one person: started, listened to, and ended with all its children.

The same on this machine and on a worker of a cluster, where `do_person` runs: a path and a few words go in,
an exit code comes out.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from typing import IO

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import Outcome, read_outcome, write_outcome
from LongitudinalINRLib.cohort.plan import digest_of, read_plan
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import CANCELLED, DEFECT, DONE, OUT_OF_MEMORY
from LongitudinalINRLib.jobs.runner import LIBRARY_PARENT, kill_tree
from LongitudinalINRLib.plain_text import one_line

PERSON = "LongitudinalINRLib.cohort.person"
"""The module that is run with the folder of a person."""

GRACE_SECONDS = 20.0
"""Time from SIGTERM, by which a checkpoint is written, until the process and its children are killed."""

_SECONDS_BETWEEN_LOOKS = 0.1
_SECONDS_BETWEEN_WORDS = 2.0
_AGAIN = "Run the same command again. If it ends so again, give it more memory, or see worker.log."
_LONGER = "See in worker.log where it hangs; if a fit needs that long here, give it more: --person-timeout."
_stopped: set[str] = set()

Hear = Callable[[str, float], None]
"""Takes the stage that a person is at, and the share of the job that is done."""


def stop(run: str) -> None:
    """End the people of a run in this process, and let none of it begin."""
    _stopped.add(run)


def do_person(
    folder: str, run: str, threads: int, module: str, timeout_seconds: float | None, hear: Hear
) -> int:
    """Do a person in a process of its own, and return its exit code.

    Parameters
    ----------
    folder : str
        `PersonFolder.path`.
    run : str
        Name of the run, by which `stop` ends it.
    threads : int
        How many the numerical libraries may use; less where the environment says so.
    module : str
        What is run with the folder, for example `PERSON`.
    timeout_seconds : float or None
        A process that takes longer is ended, and its person is one who failed.
    hear : callable
        Called from another thread at a change of stage, and every few seconds.
    """
    if run in _stopped:
        return CANCELLED
    began, person = time.time(), PersonFolder(folder)
    before = read_outcome(person)
    hear("prepare", 0.0)
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", module, folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=_environment(threads),
            cwd=LIBRARY_PARENT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # a group of its own, which Ctrl-C in a terminal does not reach
        )
        code, timed_out = _follow(process, run, timeout_seconds, hear)
        if code < 0 and run in _stopped:
            return CANCELLED
        if timed_out and code != DONE:
            return _hung(person, time.time() - began)
        if code in (DONE, CANCELLED) or read_outcome(person) != before:
            return code
        complaints.seek(0)
        return _silent_end(person, code, complaints.read(), time.time() - began)


def give_up(
    folder: PersonFolder,
    error: str,
    message: str,
    found: str,
    code: int,
    seconds: float = 0.0,
    advice: str = _AGAIN,
) -> None:
    """Write the outcome of a person whose process could not do so itself.

    Where it cannot be written (a full disk, a folder that may only be read) the others go on all the same.
    """
    with suppress(InputError, OSError):
        write_outcome(_given_up(folder, error, message, found, code, seconds, advice), folder)


def _given_up(
    folder: PersonFolder, error: str, message: str, found: str, code: int, seconds: float, advice: str
) -> Outcome:
    plan = digest_of(read_plan(folder))
    before = read_outcome(folder)
    attempts = before.attempts if before is not None and before.plan == plan else 0
    return Outcome(
        plan=plan,
        code=code,
        error=error,
        message=message,
        expected="a process that ends by itself",
        found=found,
        advice=advice,
        attempts=1 + attempts,
        seconds=round(seconds, 3),
        version=__version__,
        ended=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    )


def _hung(folder: PersonFolder, seconds: float) -> int:
    """Write that a process took longer than it may; another attempt goes on from its checkpoint."""
    message = "The process of the person did not end in the time that it is given."
    give_up(folder, "timeout", message, f"{seconds / 3600:.2g} hours", DEFECT, seconds, _LONGER)
    return DEFECT


def _silent_end(folder: PersonFolder, code: int, complaints: bytes, seconds: float) -> int:
    """Write how a process ended that did not write it; SIGKILL is what Linux sends when memory runs out."""
    if code == -signal.SIGTERM:  # before it could take it for a wish to stop
        return CANCELLED
    last = complaints.decode("utf-8", "replace").strip().rpartition("\n")[2]
    found = (f"exit code {code}" if code >= 0 else f"signal {-code}") + (last and f"; {one_line(last)}")
    error, message = "worker-died", "The process of the person ended without a word."
    if code == -signal.SIGKILL:
        code, error = OUT_OF_MEMORY, "out-of-memory"
        message = "The process was killed, as the system does when memory runs out."
    code = DEFECT if code < 0 else code
    give_up(folder, error, message, found, code, seconds)
    return code


def _environment(threads: int) -> dict[str, str]:
    given = os.environ.get("OMP_NUM_THREADS", "")
    fewer = min(threads, int(given)) if given.isdigit() and int(given) else threads
    paths = [str(LIBRARY_PARENT), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "OMP_NUM_THREADS": str(fewer),
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


def _follow(
    process: subprocess.Popen[str], run: str, timeout_seconds: float | None, hear: Hear
) -> tuple[int, bool]:
    """Listen until the end, or until it had to be ended; nothing that it started is left behind."""
    assert process.stdout is not None
    reader = threading.Thread(target=_listen, args=(process.stdout, hear), daemon=True)
    reader.start()
    try:
        return _wait(process, run, timeout_seconds)
    finally:
        kill_tree(process.pid)
        process.wait()
        reader.join()
        process.stdout.close()


def _wait(process: subprocess.Popen[str], run: str, timeout_seconds: float | None) -> tuple[int, bool]:
    """Wait for the end; ask for it, then force it, once the run is stopped or the time is over.

    Returns its exit code, and whether the time was over.
    """
    out_of_time = math.inf if timeout_seconds is None else time.monotonic() + timeout_seconds
    killed_at, timed_out = math.inf, False
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(_SECONDS_BETWEEN_LOOKS), timed_out
        now = time.monotonic()
        if killed_at == math.inf and (run in _stopped or now > out_of_time):
            killed_at, timed_out = now + GRACE_SECONDS, run not in _stopped
            process.terminate()
        if now > killed_at:
            kill_tree(process.pid)


def _listen(lines: IO[str], hear: Hear) -> None:
    """Pass on where a person is: every change of stage, and else a word now and then."""
    stage, told = "", 0.0
    for line in lines:
        event = events.from_line(line)
        if not isinstance(event, events.Progress):
            continue
        now = time.monotonic()
        if event.stage != stage or now - told >= _SECONDS_BETWEEN_WORDS:
            stage, told = event.stage, now
            hear(event.stage, event.fraction)
