"""`demo`: the whole way on a subject that needs no download."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from LongitudinalINRLib.cli.options import AsJson
from LongitudinalINRLib.cli.outcome import outcome, print_line, print_warning
from LongitudinalINRLib.cli.running import run_new
from LongitudinalINRLib.cli.screen import table_shown
from LongitudinalINRLib.cli.streams import put
from LongitudinalINRLib.cli.summary import measured_change, print_summary
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request, ScanEntry

MONTHS = (0.0, 12.0, 24.0, 36.0)
SHOWN = (
    "brain tissue",
    "Left-Lateral-Ventricle",
    "Left-Hippocampus",
    "Left-Thalamus",
    "Left-Cerebral-Cortex",
)


def demo(
    output: Annotated[
        Path, typer.Option(help="Folder for the subject and its result.", metavar="DIR")
    ] = Path("longitudinal-inr-demo"),
    as_json: AsJson = False,
) -> None:
    """Simulate a person who is losing brain, fit the scans, and compare with the truth."""
    with outcome(as_json):
        subject, result = output / "subject", JobFolder(output / "result")
        _refuse_foreign(output)
        run_new(result, simulated_request(subject), as_json)
        if not as_json:
            print_summary(result)
            print_comparison(subject, result)


def _refuse_foreign(output: Path) -> None:
    """Refuse a folder that holds anything but an earlier demo."""
    if not os.path.lexists(output):
        return
    names = sorted(os.listdir(output)) if output.is_dir() else ["no folder"]
    foreign = [name for name in names if name not in ("subject", "result")]
    if foreign:
        raise InputError(
            "output-not-empty",
            f"The demo is not written to {output.name}.",
            expected="a folder that is new, empty, or holds an earlier demo",
            found=", ".join(foreign[:3]),
            advice="Choose a new folder with --output.",
        )


def simulated_request(folder: Path) -> Request:
    """Simulate the demo's subject into a folder and return the request of its fit."""
    from LongitudinalINRLib.simulate.crisp import crisp_subject
    from LongitudinalINRLib.simulate.ownership import check_place
    from LongitudinalINRLib.simulate.storage import load_truth
    from LongitudinalINRLib.simulate.subject import simulate_subject

    check_place(folder.absolute())
    simulate_subject(*crisp_subject(), MONTHS).save(folder.absolute(), print_warning)
    files = load_truth(folder.absolute())
    return Request(
        baseline=str(files.scan_path(0.0)),
        follow_ups=tuple(ScanEntry(str(files.scan_path(months)), months) for months in MONTHS[1:]),
        labels=str(files.labels_path(0.0)),
        config=preset("preview"),
        scanner="same",
    )


def print_comparison(subject: Path, result: JobFolder) -> None:
    """Show true and measured volume change of some regions at the last scan."""
    from LongitudinalINRLib.analysis.region_row import read_regions
    from LongitudinalINRLib.analysis.wording import signed
    from LongitudinalINRLib.jobs.evaluation import evaluate, true_changes
    from LongitudinalINRLib.jobs.results import open_result

    opened = open_result(result.path)
    last = evaluate(opened, subject)[-1]
    true = true_changes(opened, subject, last.months)
    title = f"Volume change after {last.months:g} months"
    table = Table("region", "true change", "measured, 90 % interval", title=title)
    for row in read_regions(result.regions):
        if row.region in SHOWN and row.months == last.months:
            table.add_row(row.region, f"{signed(true[row.region])} %", measured_change(row))
    put(table_shown(table))
    print_line(
        f"Over all regions the error is {last.region_error_points:.2f} percentage points. "
        "The report shows the scans before and after alignment, the maps of growth (red) and loss (blue) "
        "with a slider over time, and the course of each region."
    )
