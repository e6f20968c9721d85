"""Rate maps around the ventricles at months with and without a scan."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.maps import Pixels, found_percent_per_year, true_percent
from benchmarks.accuracy.experiments.monotonic_term import ACTING, OWN, WITHOUT, fit_with
from benchmarks.accuracy.experiments.slices import (
    Cell,
    Scale,
    cropped,
    draw_sheet,
    plane_through,
    saved_picture,
)
from benchmarks.accuracy.experiments.structures import LATERAL_VENTRICLES, means, sample_of
from benchmarks.accuracy.prepared import BASELINE, Prepared
from LongitudinalINRLib.analysis.figures.planes import Plane

MONTHS = (7.0, 12.2, 24.0)
MARGIN_MM = 22.0
RATE = Scale("rate of volume change", "% a year", 15.0)
GAMMAS = (WITHOUT, ACTING)


def run(setting: Setting) -> Numbers:
    """Return the rate of the ventricles at the months of the maps."""
    rows = []
    for person in setting.who(OWN):
        subject = setting.prepared(person)
        sample = sample_of(subject.regions)
        points_mm = subject.regions.points_mm(sample)
        for gamma in GAMMAS:
            fit = fit_with(setting, subject, gamma)
            for month in _months(subject):
                rates = means(subject.regions, sample, 1200.0 * fit.rate(points_mm, month))
                about = {
                    "subject": person.name,
                    "gamma": gamma,
                    "month": month,
                    "kind": fit.model.kind(month),
                }
                rows.append({**about, "ventricles (% a year)": rates.get("Lateral ventricles")})
    return {"rows": rows}


def _months(subject: Prepared) -> list[float]:
    return [month for month in MONTHS if month <= max(subject.follow_up_months)]


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw a column for each month; rows without the term, with it, and the truth between two scans."""
    del numbers
    subject = setting.prepared(setting.who(OWN)[0])
    whole = plane_through(subject, "axial", LATERAL_VENTRICLES)
    ventricles = np.isin(whole.sample(subject.labels[BASELINE], order="nearest"), LATERAL_VENTRICLES)
    plane = cropped(whole, ventricles, MARGIN_MM) if ventricles.any() else whole
    months, rows, names = _months(subject), [], []
    for gamma, name in zip(GAMMAS, ("without the term", f"with it, γ = {ACTING:g}"), strict=True):
        fit = fit_with(setting, subject, gamma)
        maps = [found_percent_per_year(subject, fit, plane, month) for month in months]
        rows.append([Cell(plane, values, RATE) for values in maps])
        names.append(name)
    true = [_true_rate(subject, plane, month) for month in months]
    if all(values is not None for values in true):
        rows.append([Cell(plane, values, RATE) for values in true if values is not None])
        names.append("truth")
    kinds = [f"month {month:g}, {fit.model.kind(month)}" for month in months]
    return [saved_picture(draw_sheet(subject, rows, kinds, names), folder / "ventricles.png")]


def _true_rate(subject: Prepared, plane: Plane, month: float) -> Pixels | None:
    """Return the true mean rate between the two scans around a month, in percent per year."""
    known = sorted(subject.jacobians)
    earlier = [m for m in known if m < month]
    later = [m for m in known if m >= month]
    if not earlier or not later:
        return None
    before, after = true_percent(subject, plane, earlier[-1]), true_percent(subject, plane, later[0])
    if before is None or after is None:
        return None
    return 12.0 * (after - before) / (later[0] - earlier[-1])


VENTRICLES = Experiment("ventricles", "ventricle rate maps at 7, 12.2 and 24 months", run, draw)
