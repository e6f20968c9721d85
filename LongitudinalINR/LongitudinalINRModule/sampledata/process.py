"""The child process that simulates the subject. Nothing here waits; needs the standard library alone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from LongitudinalINRModule.background.child_process import ChildProcess


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
        self._process = ChildProcess([*command, str(self.folder)], self._place / "simulation.log")

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.exit_code

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return self._process.log

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
        self._process.end()
        # What the launcher has started may hold its log open for a moment: Windows deletes no such file.
        shutil.rmtree(self._place, ignore_errors=True)
