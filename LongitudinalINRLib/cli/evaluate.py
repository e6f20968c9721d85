"""`evaluate`: how right a fit is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from LongitudinalINRLib.cli.options import AsJson, ResultFolder, scan_entry
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_warning
from LongitudinalINRLib.cli.screen import table_shown
from LongitudinalINRLib.cli.streams import put
from LongitudinalINRLib.errors import InputError

if TYPE_CHECKING:
    from LongitudinalINRLib.analysis.time_scores import TimeScore
    from LongitudinalINRLib.jobs.evaluation import HeldOut


def evaluate(
    directory: ResultFolder,
    truth: Annotated[
        Path | None, typer.Option(help="Folder of the simulated subject that was fitted.")
    ] = None,
    held_out: Annotated[
        list[str], typer.Option(help="A scan that was not fitted, as MONTHS:PATH.", metavar="MONTHS:PATH")
    ] = [],  # noqa: B006 (typer copies it)
    held_out_labels: Annotated[
        list[str], typer.Option(help="Segmentation of a held-out scan.", metavar="MONTHS:PATH")
    ] = [],  # noqa: B006 (typer copies it)
    as_json: AsJson = False,
) -> None:
    """Score a fit against a known truth, or against scans held out of it."""
    with outcome(as_json):
        scans = held_out_scans(held_out, held_out_labels)
        from LongitudinalINRLib.jobs.evaluation import evaluate as score
        from LongitudinalINRLib.jobs.results import open_result

        result = open_result(directory, warn=print_warning)
        scores = score(result, truth, scans)
        if as_json:
            print_json({"times": [asdict(row) for row in scores], "seconds": result.account.seconds["fit"]})
        else:
            print_scores(scores)


def held_out_scans(scans: list[str], labels: list[str]) -> list[HeldOut]:
    """Pair the held-out scans with their segmentations by their months.

    Raises
    ------
    InputError
        A segmentation has no held-out scan at its month, or a month is given twice.
    """
    from LongitudinalINRLib.jobs.evaluation import HeldOut

    entries = [scan_entry(text, "--held-out") for text in scans]
    of_labels = [scan_entry(text, "--held-out-labels") for text in labels]
    for option, given in (("--held-out", entries), ("--held-out-labels", of_labels)):
        _refuse_same_month(option, [entry.months for entry in given])
    segmentations = {entry.months: Path(entry.path) for entry in of_labels}
    alone = sorted(set(segmentations) - {entry.months for entry in entries})
    if alone:
        raise InputError(
            "labels-without-scan",
            "A held-out segmentation has no held-out scan at its month.",
            expected="a --held-out scan for each of the --held-out-labels, to align it by",
            found=f"labels alone at month {alone[0]:g}",
            advice="Give the scan that the segmentation was made on too.",
        )
    return [HeldOut(entry.months, Path(entry.path), segmentations.get(entry.months)) for entry in entries]


def _refuse_same_month(option: str, months: list[float]) -> None:
    twice = sorted(month for month in set(months) if months.count(month) > 1)
    if twice:
        raise InputError(
            "same-month",
            f"One month is given twice by {option}.",
            expected="a different month for each",
            found=f"month {twice[0]:g} more than once",
            advice="Correct the months, or give the better of the two.",
        )


def print_scores(scores: list[TimeScore]) -> None:
    """Show scores to a person."""
    table = Table()
    for heading in ("months", "kind", "RMSE log|J|", "correlation", "region error", "folded", "Dice"):
        table.add_column(heading, no_wrap=heading in ("months", "kind"))
    for row in scores:
        table.add_row(
            f"{row.months:g}",
            row.kind,
            _shown(row.rmse_log_jacobian, 4),
            _shown(row.correlation, 3),
            _shown(row.region_error_points, 2, " points"),
            str(row.folded_voxels),
            _shown(row.dice, 3),
        )
    put(table_shown(table))


def _shown(value: float | None, digits: int, unit: str = "") -> str:
    return "" if value is None else f"{value:.{digits}f}{unit}"
