"""Slices of each bad series: volume change found, true, and the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.accuracy.cohort import REPORTING, SWELLING
from benchmarks.accuracy.experiments.degraded import TRUE_MONTH, wrong_month
from benchmarks.accuracy.experiments.experiment import Numbers, Setting
from benchmarks.accuracy.experiments.maps import found_percent, true_percent
from benchmarks.accuracy.experiments.people import Person
from benchmarks.accuracy.experiments.slices import Cell, Scale, draw_sheet, plane_through, saved_picture
from benchmarks.accuracy.experiments.structures import HIPPOCAMPI
from benchmarks.accuracy.prepared import Prepared
from LongitudinalINRLib.core.config import preset

CHANGE = Scale("volume change since the baseline", "%", 20.0)
ERROR = Scale("found − true", "percentage points", 20.0, ("too low", "too high"))
COLUMNS = ("found", "true", "found − true")
CASES_IN_A_ROW = 2


def label_of(fitted_months: Sequence[float]) -> str:
    """Return how the fit of a case is called."""
    return "bad-cases" if len(fitted_months) > 1 else "bad-cases-alone"


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw the slices of every case, two cases side by side."""
    clean = setting.prepared(Person.simulated(next(spec for spec in REPORTING if spec.name == "default")))
    swelling = None
    cells = []
    for picture, row in zip(numbers["pictures"], numbers["rows"], strict=True):
        if picture["subject"] == SWELLING.name:
            swelling = swelling or setting.prepared(Person.simulated(SWELLING))
            subject = swelling
        else:
            # The bad scan itself is not needed: its fit is read back, and the truth is that of the person.
            truth = clean if picture["month"] == TRUE_MONTH else wrong_month(clean).subject
            subject = replace(truth, name=picture["subject"])
        cells.append(_cells(setting, subject, picture, row))
    rows = [
        [cell for case in cells[start : start + CASES_IN_A_ROW] for cell in case]
        for start in range(0, len(cells), CASES_IN_A_ROW)
    ]
    sheet = draw_sheet(clean, rows, COLUMNS * min(CASES_IN_A_ROW, len(cells)), [""] * len(rows))
    return [saved_picture(sheet, folder / "bad-cases.png")]


def _cells(
    setting: Setting, subject: Prepared, picture: Mapping[str, Any], row: Mapping[str, float]
) -> Sequence[Cell]:
    month = float(picture["month"])
    plane = plane_through(subject, "coronal", HIPPOCAMPI)
    fit = setting.fitted(subject, label_of(picture["months"]), picture["months"], config=preset("preview"))
    found, true = found_percent(subject, fit, plane, month), true_percent(subject, plane, month)
    assert true is not None
    count = len(picture["warnings"])
    alarm = "no warning" if count == 0 else "1 warning" if count == 1 else f"{count} warnings"
    error = f"{row['region_error_points']:.1f} points"
    return (
        Cell(plane, found, CHANGE, f"{picture['case']}\n{alarm}"),
        Cell(plane, true, CHANGE, f"month {month:g}"),
        Cell(plane, found - true, ERROR, error),
    )
