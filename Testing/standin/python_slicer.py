"""The launcher of Slicer's own Python, for child processes: found on the path, as in Slicer."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path


def put_on_path(folder: Path) -> str:
    """Write a launcher that runs this Python and put its folder first on PATH; return the PATH before."""
    before = os.environ.get("PATH", "")
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / "PythonSlicer"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    launcher.chmod(0o755)
    os.environ["PATH"] = os.pathsep.join((str(folder), before))
    return before
