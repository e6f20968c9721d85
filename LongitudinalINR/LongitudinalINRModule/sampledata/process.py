"""The child process that simulates the subject. Nothing here waits; needs the standard library alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from LongitudinalINRLib.jobs.runner import kill_tree
from LongitudinalINRModule.library_path import add_library_path

_MODULE_FOLDER = Path(__file__).resolve().parents[2]


class SimulationProcess:
    """Simulates into a folder of its own, which `close` deletes.

    Parameters
    ----------
    command : sequence of str
        Program and arguments; the folder is added as the last.
    parent : Path
        Where to make the folder.
    """

    def __init__(self, command: Sequence[str], parent: Path):
        self._place = Path(tempfile.mkdtemp(prefix="simulated-", dir=parent))
        self.folder = self._place / "subject"  # of its own: a simulation refuses one that holds other files
        self.folder.mkdir()
        self._log = self._place / "simulation.log"
        paths = (str(_MODULE_FOLDER), str(add_library_path()), os.environ.get("PYTHONPATH", ""))
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*command, str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
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

    @property
    def progress(self) -> tuple[float, str]:
        """The share that is done, and what is being done."""
        for line in reversed(self.log.splitlines()):
            share, _, text = line.partition(" ")
            if share.replace(".", "", 1).isdigit():
                return float(share), text
        return 0.0, "starting"

    def close(self) -> None:
        """End the process if it still runs, and delete its folder."""
        if self._process.poll() is None:
            kill_tree(self._process.pid)
            self._process.wait()
        # What the launcher has started may hold its log open for a moment: Windows deletes no such file.
        shutil.rmtree(self._place, ignore_errors=True)
