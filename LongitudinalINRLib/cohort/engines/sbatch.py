"""Giving scripts to Slurm, and asking it how long an array may be."""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.plain_text import one_line

USUAL_MAX_ARRAY_SIZE = 1001
"""Tasks of an array where a site says nothing else."""

_SECONDS_TO_ANSWER = 30
_MAX_ARRAY_SIZE = re.compile(r"^MaxArraySize\s*=\s*([1-9]\d*)\s*$", re.MULTILINE)


def max_array_size() -> int:
    """Return how many tasks an array may have at this site; the usual number where Slurm does not say."""
    asked = ["scontrol", "show", "config"]
    try:
        answer = subprocess.run(
            asked, capture_output=True, text=True, check=True, timeout=_SECONDS_TO_ANSWER
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return USUAL_MAX_ARRAY_SIZE
    found = _MAX_ARRAY_SIZE.search(answer)
    return int(found[1]) if found else USUAL_MAX_ARRAY_SIZE


def submit(scripts: Iterable[Path]) -> list[str]:
    """Give scripts to Slurm, and return the numbers of their jobs.

    Raises
    ------
    InputError
        Slurm is not here, or does not take one.
    """
    return [_sbatch("--parsable", script).strip().partition(";")[0] for script in scripts]


def try_script(text: str) -> None:
    """Ask Slurm whether it would take a script, so that nobody waits for jobs that never begin.

    Raises
    ------
    InputError
        Slurm is not here, or would not take it.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write(text)
        script.flush()
        _sbatch("--test-only", Path(script.name))


def _sbatch(option: str, script: Path) -> str:
    try:
        answer = subprocess.run(["sbatch", option, str(script)], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise InputError(
            "not-submitted",
            f"Slurm does not take {script.name}.",
            expected="sbatch, and a partition and an account that are yours",
            found=one_line(said.strip()),
            advice="Look them up with: sinfo; sacctmgr show assoc user=$USER. A job array can be submitted "
            f"elsewhere: sbatch {shlex.quote(str(script))}",
        ) from error
    return answer.stdout
