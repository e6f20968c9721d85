"""Whether anything is left to do for a person: the folder decides, not what an engine remembers."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import Outcome, read_outcome
from LongitudinalINRLib.cohort.plan import read_plan, request_of
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.failures import BAD_INPUT, DONE
from LongitudinalINRLib.jobs.identity import input_files


def settled(folder: PersonFolder) -> Outcome | None:
    """Return how a person ended for good; None where there is something to do.

    Done is settled while its result is there; bad input is, while the scans are the same files as then.
    """
    outcome = read_outcome(folder)
    if outcome is None or not outcome.is_final or outcome.plan != _digest(folder.plan):
        return None
    if outcome.code == DONE:
        fit = folder.path / "fit"
        whole = (fit / "results.json").exists() and (fit / "model.safetensors").exists()
        return outcome if whole else None
    return outcome if outcome.code == BAD_INPUT and not _mended(folder) else None


def _digest(plan: Path) -> str:
    """Return what `plan.digest_of` does, from the file as it was written: much quicker for many people."""
    try:
        return hashlib.sha256(plan.read_bytes()).hexdigest()
    except OSError:
        return ""


def _mended(folder: PersonFolder) -> bool:
    """Tell whether an input was put there or changed after it was found bad."""
    judged = os.stat(folder.outcome).st_mtime
    try:
        inputs = input_files(request_of(read_plan(folder))).values()
    except InputError:
        return False
    for path in inputs:
        try:
            found = os.stat(folder.job.resolve(path))
        except OSError:
            continue
        if max(found.st_mtime, found.st_ctime) > judged:
            return True
    return False
