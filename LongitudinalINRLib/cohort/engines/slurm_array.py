"""People as job arrays of Slurm, for sites without Dask: scripts to look at, submit, and submit again.

Scripts and lists are named by what they hold and never written again: an array that waits for its turn keeps
its list, and a script that somebody changed stays as it is.
"""

from __future__ import annotations

import hashlib
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from LongitudinalINRLib.cohort.engines.child import PERSON
from LongitudinalINRLib.cohort.engines.sbatch import USUAL_MAX_ARRAY_SIZE
from LongitudinalINRLib.cohort.engines.slurm_options import USUAL_JOB, SlurmOptions
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.settled import settled
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder, write_text
from LongitudinalINRLib.jobs.runner import LIBRARY_PARENT

_DIGITS = 10
_LIST = "@LIST@"
"""Where the path of the list will stand, which is not known before the script has a name."""

SECONDS_BEFORE_THE_END = 120
"""How long before the time limit a task is asked to stop, so that it writes its checkpoint."""

PEOPLE_A_TASK = 25

_SCRIPT = r"""#!/bin/bash
#SBATCH --job-name=longitudinal-inr
#SBATCH --array=0-{last}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@{seconds}
#SBATCH --output={log}
{directives}
#
# {people} people, {per_task} a task, from the list beside this script, which has its name.
# Submitted again, it does what is left: people who are done are passed over.{setup}

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
    per_task: int = PEOPLE_A_TASK,
    max_array_size: int = USUAL_MAX_ARRAY_SIZE,
    options: SlurmOptions = USUAL_JOB,
    module: str = PERSON,
) -> list[Path]:
    """Write scripts for `sbatch` that do the people who are left, with the lists that they read.

    Parameters
    ----------
    people : iterable of PersonFolder
        With their plans, in `folder`.
    folder : CohortFolder
        The cohort; the scripts lie in its ``logs/slurm``. Those that are there already are left as they are.
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
    for start in range(0, len(left), size):
        part = left[start : start + size]
        text = _script(len(part), place, folder, per_task, options, module)
        scripts.append(_kept("".join(f"{line}\n" for line in part), text, place))
    return scripts


def _kept(people: str, script: str, place: Path) -> Path:
    """Write a list and its script, named by what they hold, unless they are there; return the script."""
    digest = hashlib.sha256((people + script).encode()).hexdigest()[:_DIGITS]
    listed, path = place / f"array-{digest}.txt", place / f"array-{digest}.sh"
    for file, text in ((listed, people), (path, script.replace(_LIST, shlex.quote(str(listed))))):
        if not file.exists():
            write_text(file, text)
    return path


def _script(
    people: int,
    place: Path,
    folder: CohortFolder,
    per_task: int,
    options: SlurmOptions,
    module: str,
) -> str:
    return _SCRIPT.format(
        last=(people - 1) // per_task,
        seconds=SECONDS_BEFORE_THE_END,
        log=_directive_path(place, "%x-%A_%a.log"),
        directives="\n".join(f"#SBATCH {line}" for line in options.all_directives()),
        people=people,
        per_task=per_task,
        setup="\n\n" * bool(options.setup) + "\n".join(options.setup),
        cores=options.cores,
        library=shlex.quote(str(LIBRARY_PARENT)),
        folder=shlex.quote(str(folder.path)),
        list=_LIST,
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
