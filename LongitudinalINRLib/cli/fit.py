"""`fit` and `resume`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from LongitudinalINRLib.cli.inputs import typed_scan
from LongitudinalINRLib.cli.options import (
    Age,
    AllowFar,
    AsJson,
    NormsFile,
    Numbering,
    ResultFolder,
    SexOption,
    absolute,
    label_names,
    month_list,
    norms_entry,
    scan_entry,
)
from LongitudinalINRLib.cli.outcome import outcome, print_line
from LongitudinalINRLib.cli.running import run_again, run_new
from LongitudinalINRLib.cli.summary import print_summary
from LongitudinalINRLib.core.config import FitConfig, Identity, PresetName, Similarity, TimeEncoding, preset
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.given import given_scans
from LongitudinalINRLib.jobs.places import refuse_nested_scans
from LongitudinalINRLib.jobs.request import Align, Device, Outputs, Regions, Request, Scanner


def fit(
    baseline: Annotated[
        Path,
        typer.Option(
            help="The earliest scan: a file, or a folder of DICOM files, in which FOLDER#SERIES names one "
            "series by its number or UID; see scans."
        ),
    ],
    output: Annotated[Path, typer.Option(help="Folder for the results.", metavar="DIR")],
    follow_up: Annotated[
        list[str],
        typer.Option(
            help="A later scan, once for each; DICOM headers give the months where only a PATH is given.",
            metavar="[MONTHS:]PATH",
        ),
    ] = [],  # noqa: B006 (typer copies it)
    mask: Annotated[Path | None, typer.Option(help="Brain mask on the baseline's grid.")] = None,
    labels: Annotated[Path | None, typer.Option(help="Segmentation of the baseline.")] = None,
    regions: Annotated[
        Regions | None,
        typer.Option(
            help="Regions where no labels are given: carried over from an atlas (approximate, the default), "
            "by mri_synthseg or FastSurfer where they are installed, or none."
        ),
    ] = None,
    label_numbers: Numbering = "auto",
    follow_up_labels: Annotated[
        list[str], typer.Option(help="Segmentation of a follow-up, for its overlap.", metavar="MONTHS:PATH")
    ] = [],  # noqa: B006 (typer copies it)
    exclude: Annotated[
        Path | None,
        typer.Option(help="Where scans are not compared: a mask of a lesion, on the baseline's grid."),
    ] = None,
    norms: NormsFile = None,
    age: Age = None,
    sex: SexOption = None,
    preset_name: Annotated[
        PresetName, typer.Option("--preset", help="standard, preview (fast), or paper (as published).")
    ] = "standard",
    align: Annotated[
        Align,
        typer.Option(
            help="How each follow-up is aligned to the baseline; rigid-scaled takes out how much larger a "
            "scanner shows the skull (not for children under about 18, whose skull grows)."
        ),
    ] = "rigid",
    scanner: Annotated[
        Scanner,
        typer.Option(help="Whether all scans are of one scanner, for the intervals; auto: as headers say."),
    ] = "auto",
    bias_correction: Annotated[
        bool, typer.Option("--bias-correction", help="Correct intensity drift (N4).")
    ] = False,
    identity: Annotated[
        Identity | None, typer.Option(help="hard: no change at month 0 by construction.")
    ] = None,
    lambda_: Annotated[float | None, typer.Option("--lambda", help="Weight of the soft identity.")] = None,
    alpha: Annotated[float | None, typer.Option("--alpha", help="Weight of smoothness in space.")] = None,
    beta: Annotated[float | None, typer.Option("--beta", help="Weight of smoothness in time.")] = None,
    gamma: Annotated[float | None, typer.Option("--gamma", help="Weight of change in one direction.")] = None,
    similarity: Annotated[Similarity | None, typer.Option(help="How likeness of scans is measured.")] = None,
    time_encoding: Annotated[TimeEncoding | None, typer.Option(help="Layers that time joins.")] = None,
    device: Annotated[Device, typer.Option(help="Where to compute.")] = "auto",
    seed: Annotated[int, typer.Option(help="The same seed gives the same result on the same CPU.")] = 0,
    maps_at: Annotated[
        str | None, typer.Option(help="Months of the maps; those of the scans by default.", metavar="0,6,12")
    ] = None,
    allow_far: AllowFar = False,
    same_person: Annotated[
        bool,
        typer.Option(
            "--same-person", help="The scans are one person's, although their DICOM headers name several."
        ),
    ] = False,
    no_dates: Annotated[
        bool, typer.Option("--no-dates", help="Do not keep the dates of DICOM headers in the result.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fit the scans of one person and write maps, regions and a report."""
    with outcome(as_json):
        config = chosen_config(
            preset_name,
            {"lambda_": lambda_, "alpha": alpha, "beta": beta, "gamma": gamma},
            {"identity": identity, "similarity": similarity, "time_encoding": time_encoding, "seed": seed},
        )
        folder = JobFolder(output)
        later = [typed_scan(text) for text in follow_up]
        refuse_nested_scans([baseline, *(path for _, path in later)], folder)
        scans = given_scans(baseline, later, keep_dates=not no_dates)
        request = Request(
            baseline=scans.baseline.path,
            follow_ups=scans.follow_ups,
            mask=absolute(mask),
            labels=absolute(labels),
            regions=regions or ("none" if labels else "atlas"),
            follow_up_labels=tuple(scan_entry(text, "--follow-up-labels") for text in follow_up_labels),
            exclude=absolute(exclude),
            region_names=label_names(label_numbers),
            norms=norms_entry(norms, age, sex),
            config=config,
            align=align,
            scanner=scanner,
            bias_correction=bias_correction,
            device=device,
            outputs=Outputs(month_list(maps_at, "--maps-at") if maps_at else None, allow_far=allow_far),
            baseline_date=scans.baseline.date,
            same_person=same_person,
            notes=scans.notes,
        )
        from LongitudinalINRLib.jobs.checks import check_request

        check_request(request)
        if not as_json:
            _tell_intervals(request)
        run_new(folder, request, as_json)
        if not as_json:
            print_summary(folder)


def _tell_intervals(request: Request) -> None:
    """Say which months come from headers, and how."""
    for index, scan in enumerate(sorted(request.follow_ups, key=lambda scan: scan.months), start=1):
        if scan.months_from == "headers":
            print_line(
                f"scan-{index}: month {scan.months:g}, by the dates of the DICOM headers "
                "(days / 30.4375, rounded to 0.01)"
            )


def resume(directory: ResultFolder, as_json: AsJson = False) -> None:
    """Go on with a fit that was interrupted."""
    with outcome(as_json):
        folder = JobFolder(directory)
        if not folder.request.exists():
            raise InputError(
                "no-job",
                f"{folder.path.name} holds no job that could go on.",
                expected="the output folder of a fit that was interrupted",
                found="a folder without a request.json" if folder.path.is_dir() else "no such folder",
                advice="Give the folder that was the --output of the fit.",
            )
        run_again(folder, as_json)
        if not as_json:
            print_summary(folder)


def chosen_config(name: PresetName, weights: dict[str, float | None], settings: dict[str, Any]) -> FitConfig:
    """Return a preset with what was given instead of its own values."""
    config = preset(name)
    given = {key: value for key, value in settings.items() if value is not None}
    given_weights = {key: value for key, value in weights.items() if value is not None}
    return replace(config, weights=replace(config.weights, **given_weights), **given)
