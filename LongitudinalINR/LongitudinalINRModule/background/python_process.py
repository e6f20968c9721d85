"""Slicer's Python for child processes."""

from __future__ import annotations

import os
import shutil

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.runner import JobRunner


def slicer_python() -> str:
    """Return the launcher of Slicer's Python.

    Raises
    ------
    InputError
        There is none.
    """
    found = shutil.which("PythonSlicer")
    if found is None:
        raise InputError(
            "python-missing",
            "Slicer's Python was not found.",
            expected="the program PythonSlicer beside Slicer",
            found="nothing of that name",
            advice="Install Slicer again.",
        )
    return found


def make_runner(folder: JobFolder) -> JobRunner:
    """Return the worker process of a job folder, not started."""
    return JobRunner(folder, python=slicer_python(), environment=os.environ)
