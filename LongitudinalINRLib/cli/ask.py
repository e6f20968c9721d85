"""Questions to a finished fit: `predict`, `regions`, `report` and `info`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from LongitudinalINRLib.cli.destination import Destination
from LongitudinalINRLib.cli.options import (
    Age,
    AllowFar,
    AsJson,
    NormsFile,
    Numbering,
    Overwrite,
    ResultFolder,
    SexOption,
    StudyCode,
    checked_study_code,
    label_names,
    month_list,
    norms_entry,
)
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line, print_warning
from LongitudinalINRLib.cli.streams import put
from LongitudinalINRLib.cli.summary import describe, info_text
from LongitudinalINRLib.horizon import refuse_far, warning_of_far
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.plain_text import one_line
from LongitudinalINRLib.words import MAP_SUFFIXES, MapName


def predict(
    directory: ResultFolder,
    months: Annotated[
        float, typer.Option(help="Months since baseline; after the last scan it is extrapolated.")
    ],
    kind: Annotated[
        MapName,
        typer.Option(
            "--map",
            help="rate is per month; displacement is RAS mm; warped: the follow-up of that month in baseline "
            "space; predicted: the baseline carried to that month.",
        ),
    ],
    output: Annotated[Path, typer.Option(help="Image file: .nii.gz, .nii, .nrrd or .mha.")],
    like: Annotated[Path | None, typer.Option(help="Image in baseline space whose grid is taken.")] = None,
    allow_far: AllowFar = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write one map at any month."""
    with outcome(as_json):
        destination = Destination(output, MAP_SUFFIXES, overwrite)
        from LongitudinalINRLib.imaging.writing import write_volume
        from LongitudinalINRLib.jobs.checks import ALLOW_FAR, check_asked_month
        from LongitudinalINRLib.jobs.prediction import predict as make_map
        from LongitudinalINRLib.jobs.results import open_result
        from LongitudinalINRLib.jobs.scans import read_grid

        check_asked_month(months)
        result = open_result(directory, warn=print_warning)
        last = max(result.model.observed_months)
        if not allow_far:
            refuse_far([months], last, ALLOW_FAR)
        if far := warning_of_far([months], last):
            print_warning(far)
        destination.protect(result.folder, result.request, [like])
        grid = None if like is None else read_grid(like)
        volume = make_map(result, months, [kind], grid)[kind]
        write_volume(volume, output, destination.place)
        time_kind = result.model.kind(months)
        if as_json:
            print_json({"output": str(output), "map": kind, "months": months, "kind": time_kind})
        else:
            print_line(f"{kind} at month {months:g} ({time_kind}): {one_line(str(output))}")


def regions(
    directory: ResultFolder,
    labels: Annotated[Path, typer.Option(help="Segmentation on the baseline's grid.")],
    output: Annotated[Path, typer.Option(help="CSV file.")],
    months: Annotated[
        str | None, typer.Option(help="Months; those of the fit's maps by default.", metavar="0,12,24")
    ] = None,
    label_numbers: Numbering = "auto",
    norms: NormsFile = None,
    age: Age = None,
    sex: SexOption = None,
    allow_far: AllowFar = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Measure the regions of a segmentation at any months."""
    with outcome(as_json):
        destination = Destination(output, (".csv",), overwrite)
        from LongitudinalINRLib.analysis.region_row import write_regions
        from LongitudinalINRLib.jobs.beside_norms import beside_norms
        from LongitudinalINRLib.jobs.checks import ALLOW_FAR
        from LongitudinalINRLib.jobs.measuring import measure_regions
        from LongitudinalINRLib.jobs.results import open_result

        asked = None if months is None else month_list(months, "--months")
        entry = norms_entry(norms, age, sex)
        result = open_result(directory, warn=print_warning)
        if asked is not None and not allow_far:
            refuse_far(asked, max(result.model.observed_months), ALLOW_FAR)
        destination.protect(result.folder, result.request, [labels, norms])
        analysis = measure_regions(result, labels, asked, label_names(label_numbers))
        if entry is not None:
            analysis = beside_norms(analysis, entry, result.request)
        write_regions(analysis.rows, output, destination.place)
        if as_json:
            print_json({"output": str(output), "rows": len(analysis.rows), "warnings": analysis.warnings})
            return
        for warning in analysis.warnings:
            print_line(f"Warning: {one_line(warning)}")
        print_line(f"{len(analysis.rows)} rows: {one_line(str(output))}")


def report(
    directory: ResultFolder,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write report.pdf, on A4, too.")] = False,
    study_code: StudyCode = None,
    as_json: AsJson = False,
) -> None:
    """Write the report of a fit again."""
    with outcome(as_json):
        code = checked_study_code(study_code)
        from LongitudinalINRLib.jobs.results import open_result
        from LongitudinalINRLib.jobs.stages.report import write_report_again

        result = open_result(directory, warn=print_warning)
        written = write_report_again(result, as_pdf=pdf, study_code=code)
        if as_json:
            print_json(dict(zip(("report", "pdf"), map(str, written), strict=False)))
        else:
            for path in written:
                print_line(f"Report: {one_line(str(path))}")


def info(directory: ResultFolder, as_json: AsJson = False) -> None:
    """Say what a folder holds: the scans, the settings, how the fit went."""
    with outcome(as_json):
        content = describe(JobFolder(directory))
        if as_json:
            print_json(content)
        else:
            put(info_text(content))
