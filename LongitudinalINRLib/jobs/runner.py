"""A job in a child process, for a front that must not wait. Needs the standard library alone.

Nothing here blocks: `start` and `cancel` return at once, and `poll`, called from a timer, handles a bounded
number of events. The last event is always `Done`, `Failed` or `Cancelled`, even if the process never started
or was killed.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import take_over
from LongitudinalINRLib.jobs.output import open_log
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.lock import held
from LongitudinalINRLib.plain_text import one_line

GRACE_SECONDS = 2.0
REPLACE = "--replace"
"""Tells the worker that a new request comes on its standard input."""

LIBRARY_PARENT = Path(__file__).resolve().parents[2]
_LOG_TAIL_BYTES = 4000


class JobRunner:
    """The worker process of one job folder.

    Parameters
    ----------
    folder : JobFolder
        Holds the request.
    request : Request, optional
        A new request that takes the place of the folder's own once its inputs turn out to be usable.
    python : str
        The Python to run the worker with; in Slicer the path of PythonSlicer.
    environment : mapping of str to str, optional
        Environment of the child; this process's own by default. The library's parent folder is put first in
        its PYTHONPATH.
    grace_seconds : float
        Time from `cancel` until the process and its children are killed.
    clock : callable
        Seconds; for tests.
    """

    def __init__(
        self,
        folder: JobFolder,
        *,
        request: Request | None = None,
        python: str = sys.executable,
        environment: Mapping[str, str] | None = None,
        grace_seconds: float = GRACE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.folder = folder
        self._request = request
        self._python = python
        self._environment = dict(os.environ if environment is None else environment)
        self._grace_seconds = grace_seconds
        self._clock = clock
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._kill_at: float | None = None
        self._failed_start: InputError | OSError | None = None
        self._last: events.Event | None = None

    @property
    def finished(self) -> bool:
        """Whether the last event was handed out."""
        return self._last is not None

    @property
    def last_event(self) -> events.Event | None:
        """`Done`, `Failed` or `Cancelled` once the job has ended."""
        return self._last

    def start(self) -> None:
        """Start the worker; if that fails, `poll` says so."""
        try:
            take_over(self.folder)
            if not held(self.folder.lock):  # else it is for the worker that is at it
                self.folder.clear_cancel()
            self._process = self._spawn()
        except (InputError, OSError) as error:
            self._failed_start = error
            return
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()

    def poll(self, limit: int = 50) -> list[events.Event]:
        """Return the events among the lines that have come since, at most `limit` lines; never waits."""
        if self.finished:
            return []
        if self._failed_start is not None:
            self._last = self._never_started(self._failed_start)
            return [self._last]
        self._kill_when_due()
        come: list[events.Event] = []
        for _ in range(limit):
            try:
                line = self._lines.get_nowait()
            except queue.Empty:
                break
            event = self._silent_end() if line is None else events.from_line(line)
            if event is not None:
                come.append(event)
            if isinstance(event, events.LAST):
                self._last = event
                break
        return come

    def cancel(self) -> None:
        """Ask the worker to stop; after the grace `poll` kills it with its children."""
        if self._process is not None and not self.finished and self._kill_at is None:
            self.folder.request_cancel()
            self._kill_at = self._clock() + self._grace_seconds

    def kill(self) -> None:
        """End the process and its children now; the last checkpoint stays."""
        if self._process is not None and self._process.poll() is None:
            kill_tree(self._process.pid)

    def _spawn(self) -> subprocess.Popen[str]:
        paths = [str(LIBRARY_PARENT), self._environment.get("PYTHONPATH", "")]
        environment = {**self._environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        new_group = (
            {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
            if os.name == "nt"
            else {"start_new_session": True}
        )
        replaces = [] if self._request is None else [REPLACE]
        with open(open_log(self.folder.log), "a", encoding="utf-8") as log:
            return subprocess.Popen(
                [self._python, "-m", "LongitudinalINRLib.jobs.worker", str(self.folder.path), *replaces],
                stdin=subprocess.PIPE if replaces else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=LIBRARY_PARENT,
                encoding="utf-8",
                errors="replace",
                **new_group,
            )

    def _read(self, process: subprocess.Popen[str]) -> None:
        """Carry lines from the pipe to the queue, in its own thread; None says that the process has ended."""
        assert process.stdout is not None
        if process.stdin is not None and self._request is not None:
            with suppress(OSError), process.stdin as given:  # of a process that has died, the end tells
                given.write(self._request.to_json())
        with process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        process.wait()
        self._lines.put(None)

    def _kill_when_due(self) -> None:
        if self._kill_at is not None and self._clock() >= self._kill_at:
            self.kill()

    def _never_started(self, error: InputError | OSError) -> events.Failed:
        if isinstance(error, InputError):
            return events.Failed(error.code, error.message, error.expected, error.found, error.advice)
        return events.Failed(
            "worker-not-started",
            "The worker process could not be started.",
            expected=f"a Python at {self._python}",
            found=one_line(str(error)),
            advice="Check the installation of LongitudinalINR and of its Python.",
        )

    def _silent_end(self) -> events.Failed | events.Cancelled:
        """Return the end of a process that ended without saying how."""
        if self._kill_at is not None:
            self.folder.clear_cancel()
            return events.Cancelled()
        code = self._process.returncode if self._process else None
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return events.Failed(
            "worker-died",
            "The worker process ended without a word.",
            expected="a last event that says how the job ended",
            found=f"{how}; {self._last_words()}",
            advice="Resume the job: it goes on from its checkpoint. If it happens again, see worker.log.",
        )

    def _last_words(self) -> str:
        try:
            with self.folder.log.open("rb") as log:
                log.seek(-min(_LOG_TAIL_BYTES, os.fstat(log.fileno()).st_size), os.SEEK_END)
                lines = log.read(_LOG_TAIL_BYTES).decode("utf-8", "replace").split("\n")
        except OSError:
            return "no log"
        return one_line(next((line.strip() for line in reversed(lines) if line.strip()), "an empty log"))


def kill_tree(process_id: int) -> None:
    """Kill a process and its children, without waiting for their end."""
    if os.name == "nt":
        command = ["taskkill", "/PID", str(process_id), "/T", "/F"]
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return
    try:
        os.killpg(process_id, signal.SIGKILL)
    except ProcessLookupError:
        return
