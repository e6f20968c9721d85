"""The participant level of `bids` with `--engine slurm-array`: who is done, and scripts for the others."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from LongitudinalINRLib.cli.bids_screen import ended_shown, ended_values
from LongitudinalINRLib.cli.outcome import print_json, print_line
from LongitudinalINRLib.cli.streams import put
from LongitudinalINRLib.jobs.failures import SOME_NOT_DONE

if TYPE_CHECKING:
    from LongitudinalINRLib.cohort.bids.planning import CohortPlan
    from LongitudinalINRLib.cohort.engines import SlurmOptions
    from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder


@dataclass(frozen=True)
class Arrays:
    """How people are spread over arrays of Slurm.

    Parameters
    ----------
    people_a_task : int
        Done one after the other.
    max_array_size : int, optional
        Tasks of an array; by default what the site says.
    submit : bool
        Whether the scripts are given to Slurm.
    """

    people_a_task: int
    max_array_size: int | None
    submit: bool


def do_arrays(
    people: Sequence[PersonFolder],
    plan: CohortPlan,
    cohort: CohortFolder,
    arrays: Arrays,
    slurm: SlurmOptions,
    as_json: bool,
) -> None:
    """Say who is done, and write scripts that do the others as arrays of Slurm.

    Raises
    ------
    typer.Exit
        Some failed, and nobody is left to do.
    """
    from LongitudinalINRLib.cohort.engines import max_array_size, submit, summary_so_far, write_array
    from LongitudinalINRLib.cohort.overview.reading import write_overview

    summary = summary_so_far(people)
    write_overview(cohort)
    scripts = write_array(
        people,
        cohort,
        per_task=arrays.people_a_task,
        max_array_size=arrays.max_array_size or max_array_size(),
        options=slurm,
    )
    if not as_json:
        put(ended_shown(summary, plan, cohort))
        put("".join(f"sbatch {shlex.quote(str(script))}\n" for script in scripts))
    numbers = submit(scripts) if arrays.submit else []
    if as_json:
        made = {"scripts": list(map(str, scripts)), "jobs": numbers}
        print_json({**ended_values(summary, plan, cohort), **made})
    elif scripts:
        if numbers:
            print_line(f"Submitted: {', '.join(numbers)}")
        print_line(
            "Once they have ended, the same command says who is done, and writes scripts for the rest."
        )
    if summary.failed and not scripts:
        raise typer.Exit(SOME_NOT_DONE)
