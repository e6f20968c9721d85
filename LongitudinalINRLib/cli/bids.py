"""`bids`: everybody in a BIDS folder, as a BIDS App."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from LongitudinalINRLib.cli.bids_arrays import Arrays
from LongitudinalINRLib.cli.bids_group import Harmonise, compare_groups, group_options
from LongitudinalINRLib.cli.bids_people import (
    PERSON_TIMEOUT_HOURS,
    EngineChoice,
    Work,
    do_people,
    show_plan,
    write_plans,
)
from LongitudinalINRLib.cli.options import AsJson
from LongitudinalINRLib.cli.outcome import outcome
from LongitudinalINRLib.core.config import PresetName, preset
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import Align, Device, Regions, Scanner

Level = Literal["participant", "group"]
KeepName = Literal["model", "maps", "all"]

LISTS = ("--participant-label", "--participant_label", "--session-label", "--session_label")
"""Options that take every argument up to the next option, as the guidelines of BIDS Apps have it."""

_SCANS, _WORK = "Which scans, and when they were made", "How the work is done"
_SLURM, _GROUP = "Jobs of Slurm", "Groups (level group)"


def _of_scans(text: str, unit: str | None = None, *names: str) -> Any:
    return typer.Option(*names, help=text, metavar=unit, rich_help_panel=_SCANS)


def _of_work(text: str, unit: str | None = None, *names: str, least: float | None = None) -> Any:
    return typer.Option(*names, help=text, metavar=unit, min=least, rich_help_panel=_WORK)


def _of_slurm(text: str, unit: str | None = None, *names: str, least: float | None = None) -> Any:
    return typer.Option(*names, help=text, metavar=unit, min=least, rich_help_panel=_SLURM)


def _of_group(text: str, unit: str | None = None, *names: str) -> Any:
    return typer.Option(*names, help=text, metavar=unit, rich_help_panel=_GROUP)


def bids(
    bids_dir: Annotated[Path, typer.Argument(metavar="BIDS_DIR", help="Folder of the data set.")],
    output: Annotated[
        Path, typer.Argument(metavar="OUT", help="For example BIDS_DIR/derivatives/longitudinal-inr.")
    ],
    level: Annotated[Level, typer.Argument(help="participant: fit people; group: tables, maps and page.")],
    participant_label: Annotated[
        list[str],
        typer.Option(
            "--participant-label", "--participant_label", help="These people alone.", metavar="LABEL ..."
        ),
    ] = [],  # noqa: B006 (typer copies it)
    session_label: Annotated[
        list[str],
        typer.Option("--session-label", "--session_label", help="These sessions alone.", metavar="LABEL ..."),
    ] = [],  # noqa: B006
    preset_name: Annotated[
        PresetName, typer.Option("--preset", help="standard, preview (fast), or paper (as published).")
    ] = "standard",
    norms: Annotated[
        Path | None,
        typer.Option(help="Norms of healthy people; age and sex come from participants.tsv."),
    ] = None,
    acq: Annotated[str | None, _of_scans("Scans with this acq- alone.", "LABEL")] = None,
    rec: Annotated[str | None, _of_scans("Scans with this rec- alone.", "LABEL")] = None,
    run: Annotated[int | None, _of_scans("Scans of this run alone; the last by default.", "N")] = None,
    months: Annotated[
        str | None,
        _of_scans(
            "Months instead of dates: ses-M00=0,ses-M12=12, or a table with participant_id, session_id and "
            "months.",
            "TEXT|TSV",
        ),
    ] = None,
    months_from_labels: Annotated[
        bool, _of_scans("Labels such as M12, m06, 12mo and bl are months.", None, "--months-from-labels")
    ] = False,
    derivatives: Annotated[
        list[Path],
        typer.Option(help="Where FreeSurfer, FastSurfer or SynthSeg wrote; once for each.", metavar="DIR"),
    ] = [],  # noqa: B006
    no_derivatives: Annotated[
        bool, typer.Option("--no-derivatives", help="Use no segmentations that are there.")
    ] = False,
    regions: Annotated[
        Regions, typer.Option(help="Regions of people for whom no segmentation is found.")
    ] = "atlas",
    align: Annotated[Align, typer.Option(help="As for fit.")] = "rigid",
    scanner: Annotated[Scanner, typer.Option(help="As for fit.")] = "auto",
    bias_correction: Annotated[bool, typer.Option("--bias-correction", help="As for fit.")] = False,
    keep: Annotated[
        KeepName,
        typer.Option(help="model: model and tables; maps: also |J| and its rate; all: also a report each."),
    ] = "model",
    device: Annotated[Device, typer.Option(help="Where to compute.", rich_help_panel=_WORK)] = "auto",
    seed: Annotated[int, typer.Option(help="As for fit.", rich_help_panel=_WORK)] = 0,
    n_jobs: Annotated[
        int | None,
        _of_work(
            "People at a time. By default one for each core and 4 GB of free memory here, or one on a GPU; "
            "slurm: as many jobs as people, at most 100. Not used with --scheduler.",
            "N",
            "--n-jobs",
            least=1,
        ),
    ] = None,
    engine: Annotated[
        EngineChoice,
        _of_work("local: this machine; dask; slurm: Dask's workers in its jobs; slurm-array: its scripts."),
    ] = "local",
    scheduler: Annotated[str | None, _of_work("Of Dask, on any machine.", "ADDRESS")] = None,
    person_timeout: Annotated[
        float,
        _of_work("A longer attempt is ended, and made again; not of slurm-array.", "HOURS", least=0.01),
    ] = PERSON_TIMEOUT_HOURS,
    redo: Annotated[
        bool,
        _of_work("Fit people again who are done, where scans or settings changed.", None, "--redo"),
    ] = False,
    retry_failed: Annotated[
        bool, _of_work("Try people again whose input was found bad.", None, "--retry-failed")
    ] = False,
    no_template: Annotated[
        bool, _of_work("Do not register people to the template of group maps.", None, "--no-template")
    ] = False,
    partition: Annotated[str, _of_slurm("Partition of its jobs.", "NAME")] = "",
    account: Annotated[str, _of_slurm("Account of its jobs.", "NAME")] = "",
    walltime: Annotated[str, _of_slurm("Longest time of a job.", "[D-]HH:MM:SS")] = "12:00:00",
    cores: Annotated[int, _of_slurm("Cores of a job.", "N")] = 2,
    memory_gb: Annotated[float, _of_slurm("Memory of a job.", "GB")] = 6.0,
    directive: Annotated[
        list[str], _of_slurm("Another option of sbatch, such as --directive=--qos=long.", "OPTION")
    ] = [],  # noqa: B006
    slurm_setup: Annotated[
        list[str],
        _of_slurm("A line of the shell before the program: 'module load cuda'; once for each.", "LINE"),
    ] = [],  # noqa: B006
    people_a_task: Annotated[
        int, _of_slurm("slurm-array: people of a task, one after the other.", "N", least=1)
    ] = 25,
    max_array_size: Annotated[
        int | None,
        _of_slurm("slurm-array: tasks of an array; by default what Slurm says, or 1001.", "N", least=1),
    ] = None,
    submit: Annotated[bool, _of_slurm("Submit the scripts of slurm-array.", None, "--submit")] = False,
    participants: Annotated[
        Path | None, _of_group("Table of people in place of BIDS_DIR/participants.tsv.", "TSV")
    ] = None,
    group_column: Annotated[str | None, _of_group("Column of the group.", "NAME")] = None,
    age_column: Annotated[str | None, _of_group("Column of the age in years.", "NAME")] = None,
    sex_column: Annotated[str | None, _of_group("Column of the sex.", "NAME")] = None,
    site_column: Annotated[str | None, _of_group("Column of the site or scanner.", "NAME")] = None,
    reference: Annotated[
        str | None, _of_group("Group that others are compared with; by default the controls.", "GROUP")
    ] = None,
    harmonise: Annotated[
        Harmonise, _of_group("combat: take differences between sites out of the slopes.")
    ] = "none",
    no_maps: Annotated[bool, _of_group("Make no maps of groups.", None, "--no-maps")] = False,
    maps_at: Annotated[
        str | None, _of_group("Months of the maps; every six by default.", "6,12,24", "--maps-at")
    ] = None,
    permutations: Annotated[int, _of_group("Of the tests at voxels; 0: none.", "N")] = 1000,
    published: Annotated[
        Path | None,
        _of_group("Published changes to stand beside: region, group, percent_per_year.", "CSV"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fit everybody in a BIDS folder, and compare groups.

    Ends with 0 where all people that could be planned are done, 7 where some are not; people whose scans
    cannot be used are left out and listed.
    """
    with outcome(as_json):
        from LongitudinalINRLib.cohort.bids.choice import Wanted
        from LongitudinalINRLib.cohort.bids.given_months import read_given_months
        from LongitudinalINRLib.cohort.bids.options import Options
        from LongitudinalINRLib.cohort.bids.place import check_bids, check_fitted, check_output
        from LongitudinalINRLib.cohort.folder import CohortFolder

        cohort = CohortFolder(output)
        check_bids(bids_dir)
        check_output(cohort, bids_dir)
        if level == "group":
            if dry_run:
                raise InputError(
                    "no-dry-run",
                    "The group level has no --dry-run.",
                    expected="--dry-run with the level participant",
                    found="the level group",
                    advice="Leave it out: the group level changes nothing of people, and may be run again.",
                )
            check_fitted(cohort, bids_dir)
            columns = (group_column, age_column, sex_column, site_column)
            compared = (participants, columns, reference, harmonise, published)
            asked = group_options(*compared, not no_maps, maps_at, permutations, n_jobs)
            compare_groups(cohort, bids_dir, asked, as_json)
            return
        if norms is not None:
            from LongitudinalINRLib.analysis.norms.files import read_norms

            read_norms(norms)  # what is wrong with it is told once, not for each person
        options = Options(
            participants=participant_label,
            sessions=session_label,
            wanted=Wanted(acq, run, rec),
            months=read_given_months(months, months_from_labels),
            derivatives=derivatives,
            use_derivatives=not no_derivatives,
            regions=regions,
            norms=norms,
            keep=keep,
            config=replace(preset(preset_name), seed=seed),
            align=align,
            scanner=scanner,
            device=device,
            bias_correction=bias_correction,
            template=not no_template,
        )
        if dry_run:
            show_plan(bids_dir, cohort, options, as_json)
            return
        from LongitudinalINRLib.cohort.engines import SlurmOptions
        from LongitudinalINRLib.cohort.settled import try_again

        gpu = device == "cuda"
        lines = (tuple(directive), tuple(slurm_setup))
        slurm = SlurmOptions(partition, account, walltime, cores, memory_gb, gpu, *lines)
        arrays = Arrays(people_a_task, max_array_size, submit)
        work = Work(engine, n_jobs, scheduler, device, person_timeout, slurm, arrays)
        plan = write_plans(bids_dir, cohort, options, as_json, redo)
        if retry_failed:
            try_again(map(cohort.person, plan.people))
        do_people(plan, bids_dir, cohort, work, as_json)


def with_options_repeated(arguments: Sequence[str], lists: Collection[str]) -> list[str]:
    """Return arguments in which an option stands before each of its values.

    Examples
    --------
    >>> with_options_repeated(["in", "--label", "01", "02", "--json"], {"--label"})
    ['in', '--label', '01', '--label', '02', '--json']
    """
    repeated: list[str] = []
    option, has_value = "", False
    for text in arguments:
        if text.startswith("-"):
            option, has_value = (text if text in lists else ""), False
            repeated.append(text)
        else:
            repeated += [option, text] if option and has_value else [text]
            has_value = True
    return repeated
