"""Twenty-one predicted months on one sheet: observed, interpolated, extrapolated."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.maps import found_percent
from benchmarks.accuracy.experiments.people import Person
from benchmarks.accuracy.experiments.slices import Cell, Scale, draw_sheet, plane_through, saved_picture
from benchmarks.accuracy.experiments.structures import LATERAL_VENTRICLES, means, sample_of
from benchmarks.accuracy.fitting import Fitted
from benchmarks.accuracy.prepared import Prepared

MONTHS, COLUMNS = 21, 7
HORIZON_SHARE = 4 / 3
"""How far the sheet goes, as a multiple of the last scan's month."""

FRAMES = {"observed": "#f2c14e", "interpolated": None, "extrapolated": "#9b8cc4"}
WORDS = {"observed": "scan", "interpolated": "", "extrapolated": "projected"}
CHANGE = Scale("volume change since the baseline", "%", 15.0)


def run(setting: Setting) -> Numbers:
    """Fit all scans and follow the structures through the months of the sheet."""
    rows = []
    for person in _people(setting):
        subject = setting.prepared(person)
        fit = _fit(setting, subject)
        sample = sample_of(subject.regions)
        points_mm = subject.regions.points_mm(sample)
        for month in sheet_months(subject.follow_up_months):
            found = means(subject.regions, sample, 100.0 * (fit.jacobian(points_mm, month) - 1.0))
            about = {"subject": person.name, "month": month, "kind": fit.model.kind(month)}
            rows.append({**about, **{f"{name}, %": change for name, change in found.items()}})
    return {"rows": rows}


def _people(setting: Setting) -> tuple[Person, ...]:
    return setting.who(next(spec for spec in REPORTING if spec.name == "default"))


def _fit(setting: Setting, subject: Prepared) -> Fitted:
    months = subject.follow_up_months
    return setting.fitted(subject, "months", months)


def sheet_months(follow_up_months: tuple[float, ...]) -> list[float]:
    """Return months evenly spread up to a third beyond the last scan; the nearest ones are the scans' own."""
    months = np.linspace(0.0, HORIZON_SHARE * max(follow_up_months), MONTHS).round(2)
    for seen in follow_up_months:
        months[np.abs(months - seen).argmin()] = seen
    return months.tolist()


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw the sheet of the first person."""
    del numbers
    subject = setting.prepared(_people(setting)[0])
    fit = _fit(setting, subject)
    plane = plane_through(subject, "axial", LATERAL_VENTRICLES)
    cells = []
    for month in sheet_months(subject.follow_up_months):
        kind = fit.model.kind(month)
        values = found_percent(subject, fit, plane, month)
        corner = f"month {month:g}\n{WORDS[kind]}".strip()
        cells.append(Cell(plane, values, CHANGE, corner, FRAMES[kind]))
    rows = [cells[start : start + COLUMNS] for start in range(0, MONTHS, COLUMNS)]
    figure = draw_sheet(subject, rows, [""] * COLUMNS, [""] * len(rows))
    return [saved_picture(figure, folder / "months.png")]


SHEET = Experiment("months", "a contact sheet of 21 predicted months", run, draw)
