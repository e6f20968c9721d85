"""Questions to a finished fit: `predict`, `regions`, `report` and `info`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from LongitudinalINRLib.cli.options import AsJson, ResultFolder, month_list
from LongitudinalINRLib.cli.outcome import outcome, print_json
from LongitudinalINRLib.cli.summary import describe, print_info
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
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
    as_json: AsJson = False,
) -> None:
    """Write one map at any month."""
    with outcome(as_json):
        _check_suffix(output, MAP_SUFFIXES)
        from LongitudinalINRLib.imaging.writing import write_volume
        from LongitudinalINRLib.jobs.checks import check_asked_month
        from LongitudinalINRLib.jobs.prediction import predict as make_map
        from LongitudinalINRLib.jobs.results import open_result
        from LongitudinalINRLib.jobs.scans import read_grid

        check_asked_month(months)
        result = open_result(directory)
        grid = None if like is None else read_grid(like)
        volume = make_map(result, months, [kind], grid)[kind]
        write_volume(volume, output)
        time_kind = result.model.kind(months)
        if as_json:
            print_json({"output": str(output), "map": kind, "months": months, "kind": time_kind})
        else:
            _say(f"{kind} at month {months:g} ({time_kind}): {output}")


def regions(
    directory: ResultFolder,
    labels: Annotated[Path, typer.Option(help="Segmentation on the baseline's grid.")],
    output: Annotated[Path, typer.Option(help="CSV file.")],
    months: Annotated[
        str | None, typer.Option(help="Months; those of the fit's maps by default.", metavar="0,12,24")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the regions of a segmentation at any months."""
    with outcome(as_json):
        _check_suffix(output, (".csv",))
        from LongitudinalINRLib.analysis.region_row import write_regions
        from LongitudinalINRLib.jobs.checks import check_asked_month
        from LongitudinalINRLib.jobs.measuring import measure_regions
        from LongitudinalINRLib.jobs.results import open_result

        asked = month_list(months, "--months") if months else None
        for month in asked or ():
            check_asked_month(month)
        result = open_result(directory)
        analysis = measure_regions(result, labels, asked)
        write_regions(analysis.rows, output)
        if as_json:
            print_json({"output": str(output), "rows": len(analysis.rows), "warnings": analysis.warnings})
            return
        for warning in analysis.warnings:
            _say(f"Warning: {warning}")
        _say(f"{len(analysis.rows)} rows: {output}")


def report(directory: ResultFolder, as_json: AsJson = False) -> None:
    """Write the report of a fit again."""
    with outcome(as_json):
        from LongitudinalINRLib.jobs.results import open_result
        from LongitudinalINRLib.jobs.stages.report import write_report_again

        path = write_report_again(open_result(directory))
        if as_json:
            print_json({"report": str(path)})
        else:
            _say(f"Report: {path}")


def info(directory: ResultFolder, as_json: AsJson = False) -> None:
    """Say what a folder holds: the scans, the settings, how the fit went."""
    with outcome(as_json):
        content = describe(JobFolder(directory))
        if as_json:
            print_json(content)
        else:
            print_info(content)


def _say(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text, markup=False)


def _check_suffix(path: Path, suffixes: tuple[str, ...]) -> None:
    if not path.name.lower().endswith(suffixes):
        raise InputError(
            "output-kind",
            f"{path.name} is not a name for this output.",
            expected="a name ending in " + " or ".join(suffixes),
            found=path.name,
            advice="Change the ending of --output.",
        )
