"""Slicer 5.12's installer of Python packages: pip in Slicer's Python, beside the window or not."""

from __future__ import annotations

import shutil
import subprocess

import qt

POLL_MS = 20
_running = []


def isPipInstallInProgress():
    """Say whether an installation is running."""
    return bool(_running)


def pip_install(
    requirements,
    constraints=None,
    no_deps_requirements=None,
    skip_packages=None,
    blocking=True,
    show_progress=True,
    requester=None,
    parent=None,
    logCallback=None,
    completedCallback=None,
):
    """Run pip; when it is not waited for, callbacks come from the event loop."""
    wanted = requirements if isinstance(requirements, list) else [requirements]
    limits = [] if constraints is None else ["--constraint", str(constraints)]
    command = [shutil.which("PythonSlicer"), "-m", "pip", "install", *limits, *wanted]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if blocking:
        _end(process, logCallback, completedCallback)
        return
    timer = qt.QTimer()
    _running.append(timer)

    def look():
        if process.poll() is not None:
            timer.stop()
            _running.remove(timer)
            _end(process, logCallback, completedCallback)

    timer.timeout.connect(look)
    timer.start(POLL_MS)


def _end(process, log, completed):
    output, _ = process.communicate()
    for line in output.splitlines():
        if log is not None:
            log(line)
    if completed is not None:
        completed(process.returncode)
