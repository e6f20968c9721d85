"""A child process whose output goes to a file. Nothing here waits; needs the standard library alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from LongitudinalINRLib.jobs.runner import kill_tree
from LongitudinalINRModule.library_path import add_library_path

_MODULE_FOLDER = Path(__file__).resolve().parents[2]


class ChildProcess:
    """Runs a command that imports the library or this module.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    log : Path
        Where its output goes.
    """

    def __init__(self, command: Sequence[str], log: Path):
        self._log = log
        paths = (str(_MODULE_FOLDER), str(add_library_path()), os.environ.get("PYTHONPATH", ""))
        with log.open("w", encoding="utf-8") as stream:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                start_new_session=True,  # Slicer's Python is a launcher: its child has to end with it
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        """End the process if it still runs."""
        if self._process.poll() is None:
            kill_tree(self._process.pid)
            self._process.wait()
