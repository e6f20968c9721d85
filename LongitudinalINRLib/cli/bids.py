"""`bids`: everybody in a BIDS folder, as a BIDS App."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from LongitudinalINRLib.cli.bids_screen import failures_shown, plan_shown, plan_values
from LongitudinalINRLib.cli.options import AsJson
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line, print_warning
from LongitudinalINRLib.cli.streams import put
from LongitudinalINRLib.core.config import PresetName, preset
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import Align, Device, Regions, Scanner
from LongitudinalINRLib.plain_text import one_line

if TYPE_CHECKING:
    from LongitudinalINRLib.cohort.bids.planning import CohortPlan
    from LongitudinalINRLib.cohort.folder import CohortFolder

Level = Literal["participant", "group"]
Engine = Literal["local", "dask", "slurm"]
KeepName = Literal["model", "maps", "all"]

LISTS = ("--participant-label", "--participant_label", "--session-label", "--session_label")
"""Options that take every argument up to the next option, as the guidelines of BIDS Apps have it."""

_SCANS, _WORK = "Which scans, and when they were made", "How the work is done"


def _of_scans(text: str, unit: str | None = None, *names: str) -> Any:
    return typer.Option(*names, help=text, metavar=unit, rich_help_panel=_SCANS)


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
        int, typer.Option("--n-jobs", help="People at a time.", min=1, rich_help_panel=_WORK)
    ] = 1,
    engine: Annotated[Engine, typer.Option(help="What the people are done by.", rich_help_panel=_WORK)] = (
        "local"
    ),
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler.", rich_help_panel=_WORK)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fit everybody in a BIDS folder, and compare groups.

    Ends with 0 where all people that could be planned are done, 6 where some are not; people whose scans
    cannot be used are left out and listed.
    """
    with outcome(as_json):
        from LongitudinalINRLib.cohort.bids.choice import Wanted
        from LongitudinalINRLib.cohort.bids.given_months import read_given_months
        from LongitudinalINRLib.cohort.bids.options import Options
        from LongitudinalINRLib.cohort.bids.place import check_bids, check_output
        from LongitudinalINRLib.cohort.folder import CohortFolder

        cohort = CohortFolder(output)
        check_bids(bids_dir)
        check_output(cohort, bids_dir)
        if level == "group":
            _group(cohort, bids_dir, as_json)
            return
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
        )
        plan = _planned(bids_dir, cohort, options, dry_run, as_json)
        if not dry_run:
            _fit_people(plan, bids_dir, cohort, (engine, n_jobs, scheduler), as_json)


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


def _planned(bids_dir: Path, cohort: CohortFolder, options: Any, dry_run: bool, as_json: bool) -> CohortPlan:
    """Make the plans, and say what they are."""
    from LongitudinalINRLib.cohort.bids.planning import plan_cohort

    plan = plan_cohort(bids_dir, cohort, options)
    if dry_run and as_json:
        print_json(plan_values(plan, bids_dir))
    elif not as_json:
        put(plan_shown(plan, in_full=dry_run))
    for warning in plan.warnings:
        print_warning(warning)
    if not plan.plans and not dry_run:
        raise _nobody(plan)
    return plan


def _fit_people(
    plan: CohortPlan,
    bids_dir: Path,
    cohort: CohortFolder,
    how: tuple[Engine, int, str | None],
    as_json: bool,
) -> None:
    """Write the plans, do what is left to do, and say how it ended.

    Raises
    ------
    typer.Exit
        The work for some people did not end well.
    """
    from LongitudinalINRLib.cohort.bids.writing import write_cohort
    from LongitudinalINRLib.cohort.participants import run_people

    engine, jobs, scheduler = how
    people = write_cohort(plan, bids_dir, cohort)
    summary = run_people(people, engine=engine, jobs=jobs, scheduler=scheduler)
    if as_json:
        failed = [vars(item) for item in summary.not_done]
        left_out = [vars(item) for item in plan.left_out]
        print_json(
            {"output": str(cohort.path), "done": summary.done, "not_done": failed, "left_out": left_out}
        )
    else:
        put(failures_shown(plan, summary))
        print_line(f"{summary.done} of {len(people)} people are done: {one_line(str(cohort.path))}")
    if summary.code:
        raise typer.Exit(summary.code)


def _group(cohort: CohortFolder, bids_dir: Path, as_json: bool) -> None:
    """Do the group level."""
    name = "LongitudinalINRLib.cohort.group"
    if find_spec(name) is None:
        raise InputError(
            "no-group-level",
            "This version has no group level.",
            expected="participant",
            found="group",
            advice="Update LongitudinalINR; the results of people stay.",
        )
    import_module(name).run_group(cohort, bids_dir, as_json=as_json)


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
