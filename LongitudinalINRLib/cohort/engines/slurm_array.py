"""People as job arrays of Slurm, for sites without Dask: scripts to look at, submit, and submit again."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from LongitudinalINRLib.cohort.engines.child import PERSON
from LongitudinalINRLib.cohort.engines.slurm_options import USUAL_JOB, SlurmOptions
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.settled import settled
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder, write_text
from LongitudinalINRLib.jobs.runner import LIBRARY_PARENT

SECONDS_BEFORE_THE_END = 120
"""How long before the time limit a task is asked to stop, so that it writes its checkpoint."""

_SCRIPT = r"""#!/bin/bash
#SBATCH --job-name=longitudinal-inr
#SBATCH --array=0-{last}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@{seconds}
#SBATCH --output={log}
{directives}
#
# {people} people, {per_task} a task. Submit with: sbatch {script}
# Submitted again, it does what is left: people who are done are passed over.

export OMP_NUM_THREADS="${{SLURM_CPUS_PER_TASK:-{cores}}}"
export PYTHONPATH={library}"${{PYTHONPATH:+:$PYTHONPATH}}"
cd {folder} || exit 1
first=$((SLURM_ARRAY_TASK_ID * {per_task} + 1))
mapfile -t people < <(sed -n "$first,$((first + {per_task} - 1))p" {list})
# exec: a signal then reaches the program, which writes its checkpoint, and not the shell.
exec {python} -m {module} "${{people[@]}}"
"""


def write_array(
    people: Iterable[PersonFolder],
    folder: CohortFolder,
    *,
    per_task: int = 25,
    max_array_size: int = 1001,
    options: SlurmOptions = USUAL_JOB,
    module: str = PERSON,
) -> list[Path]:
    """Write scripts for `sbatch` that do the people who are left, with the lists that they read.

    Parameters
    ----------
    people : iterable of PersonFolder
        With their plans, in `folder`.
    folder : CohortFolder
        The cohort; the scripts lie in its ``logs/slurm``.
    per_task : int
        People that a task does one after the other.
    max_array_size : int
        ``MaxArraySize`` of the site: there are as many arrays as that takes.
    options : SlurmOptions
        What each task asks for; its time is that of all its people.
    module : str
        What is run with the folders of people, as ``python -m``.

    Returns
    -------
    list of Path
        The scripts; none where nobody is left.

    Raises
    ------
    InputError
        A path cannot stand in a script of Slurm.
    """
    left = [f"people/{person.path.name}" for person in people if settled(person) is None]
    place = folder.logs / "slurm"
    make_folder(place)
    size = per_task * max_array_size
    scripts = []
    for number, start in enumerate(range(0, len(left), size), 1):
        part = left[start : start + size]
        listed, script = place / f"array-{number}.txt", place / f"array-{number}.sh"
        write_text(listed, "".join(f"{line}\n" for line in part))
        text = _script(part, listed, script, folder, per_task, options, module)
        write_text(script, text)
        scripts.append(script)
    return scripts


def _script(
    part: Sequence[str],
    listed: Path,
    script: Path,
    folder: CohortFolder,
    per_task: int,
    options: SlurmOptions,
    module: str,
) -> str:
    return _SCRIPT.format(
        last=(len(part) - 1) // per_task,
        seconds=SECONDS_BEFORE_THE_END,
        log=_directive_path(script.parent, "%x-%A_%a.log"),
        directives="\n".join(f"#SBATCH {line}" for line in options.all_directives()),
        people=len(part),
        per_task=per_task,
        script=shlex.quote(str(script)),
        cores=options.cores,
        library=shlex.quote(str(LIBRARY_PARENT)),
        folder=shlex.quote(str(folder.path)),
        list=shlex.quote(str(listed)),
        python=shlex.quote(sys.executable),
        module=shlex.quote(module),
    )


def _directive_path(folder: Path, pattern: str) -> str:
    """Return a file name for an option of sbatch, in which a percent sign and quotes have a meaning.

    Raises
    ------
    InputError
        The path holds what no quotes keep.
    """
    text = str(folder)
    if not text.isprintable() or set(text) & set('"\\'):
        raise InputError(
            "slurm-path",
            "The output folder has a name that Slurm cannot write logs to.",
            expected="a path without line breaks, double quotes and backslashes",
            found=repr(text),
            advice="Choose another output folder.",
        )
    return f'"{text.replace("%", "%%")}/{pattern}"'
