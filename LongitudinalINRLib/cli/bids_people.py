"""The participant level of `bids`: plans are made and shown, people are done, and it is told how it ended."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from LongitudinalINRLib.cli.bids_arrays import Arrays, do_arrays
from LongitudinalINRLib.cli.bids_screen import (
    ended_shown,
    ended_values,
    left_out_shown,
    notes_shown,
    people_shown,
    plan_shown,
    plan_values,
)
from LongitudinalINRLib.cli.outcome import print_json, print_line, print_warning
from LongitudinalINRLib.cli.streams import put
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.failures import CANCELLED, SOME_NOT_DONE
from LongitudinalINRLib.jobs.request import Device

if TYPE_CHECKING:
    from LongitudinalINRLib.cohort.bids.options import Options
    from LongitudinalINRLib.cohort.bids.planning import CohortPlan
    from LongitudinalINRLib.cohort.engines import SlurmOptions, Summary
    from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
    from LongitudinalINRLib.cohort.plan import PersonPlan

EngineChoice = Literal["local", "dask", "slurm", "slurm-array"]


PERSON_TIMEOUT_HOURS = 24.0
"""After that an attempt is taken to hang: a fit takes minutes to a few hours, also on one core."""


@dataclass(frozen=True)
class Work:
    """How people are done.

    Parameters
    ----------
    engine : str
        See docs/cohorts-engines.md; ``slurm-array`` writes scripts and ends.
    jobs : int, optional
        People at once; by default as many as `default_jobs` says.
    scheduler : str, optional
        Address of a scheduler of Dask.
    device : str
        Where to compute.
    person_timeout_hours : float
        Longest time of an attempt at a person.
    slurm : SlurmOptions
        What jobs of Slurm ask for.
    arrays : Arrays
        For ``slurm-array``.
    """

    engine: EngineChoice
    jobs: int | None
    scheduler: str | None
    device: Device
    person_timeout_hours: float
    slurm: SlurmOptions
    arrays: Arrays


def show_plan(bids_dir: Path, cohort: CohortFolder, options: Options, as_json: bool) -> None:
    """Say what would be done, and write nothing."""
    from LongitudinalINRLib.cohort.bids.planning import plan_cohort
    from LongitudinalINRLib.cohort.bids.refits import Refits

    people: list[PersonPlan] = []
    plan = plan_cohort(bids_dir, cohort, options, people.append)
    refits = Refits(cohort)
    for person in people:
        refits.look_at(person)
    if as_json:
        again = {"people": refits.people, "because": dict(refits.because)}
        print_json({**plan_values(plan, people, bids_dir), "fitted_again": again})
    else:
        put(people_shown(people) + notes_shown(plan) + left_out_shown(plan) + plan_shown(plan))
        if refits.people:
            print_warning(f"{refits.message} What differs: {refits.reasons}. That needs --redo.")
    for warning in plan.warnings:
        print_warning(warning)


def write_plans(
    bids_dir: Path, cohort: CohortFolder, options: Options, as_json: bool, redo: bool = False
) -> CohortPlan:
    """Write the plans and the logs, and say what they are.

    Raises
    ------
    InputError
        There is nobody to fit; or people who are done would be fitted again and `redo` is not asked for: then
        nothing is written.
    """
    from LongitudinalINRLib.cohort.bids.planning import plan_cohort
    from LongitudinalINRLib.cohort.bids.refits import Refits
    from LongitudinalINRLib.cohort.bids.writing import write_logs, writing_plans

    if cohort.people.is_dir() and not redo:
        refits = Refits(cohort)
        plan_cohort(bids_dir, cohort, options, refits.look_at)
        if refits.people:
            raise refits.refusal()
    with writing_plans(cohort) as take:
        plan = plan_cohort(bids_dir, cohort, options, take)
    if plan.people or cohort.index.is_file():
        write_logs(plan, bids_dir, cohort)
    if not plan.people:
        raise _nobody(plan)
    if not as_json:
        put(plan_shown(plan))
    for warning in plan.warnings:
        print_warning(warning)
    return plan


def do_people(plan: CohortPlan, bids_dir: Path, cohort: CohortFolder, work: Work, as_json: bool) -> None:
    """Do what is left to do for people, and say how it ended.

    Raises
    ------
    typer.Exit
        The work for some people did not end well, or was stopped.
    """
    from LongitudinalINRLib.cohort.derivatives.dataset import write_dataset
    from LongitudinalINRLib.cohort.overview.reading import write_overview
    from LongitudinalINRLib.cohort.plan import read_plan

    people = [cohort.person(label) for label in plan.people]
    write_dataset(cohort, bids_dir, (read_plan(person) for person in people), tell=print_warning)
    if work.engine == "slurm-array":
        do_arrays(people, plan, cohort, work.arrays, work.slurm, as_json)
        return
    summary = _run(people, work, as_json)
    write_overview(cohort)
    if as_json:  # the last of the lines that told of the work
        print_line(json.dumps({"event": "finished", **ended_values(summary, plan, cohort)}))
    else:
        put(ended_shown(summary, plan, cohort))
    if summary.cancelled or summary.not_started:
        if not as_json:
            print_line("Stopped; the same command goes on.")
        raise typer.Exit(CANCELLED)
    if summary.failed:
        raise typer.Exit(SOME_NOT_DONE)


def _run(people: Sequence[PersonFolder], work: Work, as_json: bool) -> Summary:
    from LongitudinalINRLib.cli.cohort_screen import CohortScreen
    from LongitudinalINRLib.cohort.engines import default_jobs, run
    from LongitudinalINRLib.cohort.engines.telling import to_line

    assert work.engine != "slurm-array"
    screen = CohortScreen(sys.stdout)
    with nullcontext() if as_json else screen.drawn():
        return run(
            people,
            engine=work.engine,
            jobs=work.jobs or default_jobs(work.engine, work.device),
            scheduler=work.scheduler,
            tell=(lambda told: print_line(to_line(told))) if as_json else screen.show,
            slurm=work.slurm,
            gpu=work.device == "cuda",
            timeout_seconds=3600 * work.person_timeout_hours,
        )


def _nobody(plan: CohortPlan) -> InputError:
    reasons = sorted({item.reason for item in plan.left_out})
    return InputError(
        "nobody",
        "There is nobody to fit.",
        expected="people with two sessions or more that have a T1w scan, and known times",
        found=f"{len(plan.left_out)} people, all left out ({', '.join(reasons)})" if reasons else "no sub-*",
        advice=plan.left_out[0].what_to_do
        if plan.left_out
        else "Give the folder that holds the folders sub-*.",
    )
