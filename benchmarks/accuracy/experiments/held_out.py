"""A time held out of the fit: how well it is interpolated and extrapolated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from benchmarks.accuracy.cases import Case, cases_of
from benchmarks.accuracy.cohort import REPORTING, SubjectSpec
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.maps import Pixels, found_percent, true_percent
from benchmarks.accuracy.experiments.measures import errors
from benchmarks.accuracy.experiments.people import Person
from benchmarks.accuracy.experiments.slices import Cell, Scale, draw_sheet, plane_through, saved_picture
from benchmarks.accuracy.experiments.structures import HIPPOCAMPI, LATERAL_VENTRICLES, STRUCTURES
from benchmarks.accuracy.experiments.style import BLUE, FAINT, INK, VERMILION, chart, dress, saved
from benchmarks.accuracy.fitting import Fitted
from benchmarks.accuracy.prepared import BASELINE, Prepared
from LongitudinalINRLib.analysis.overlap import dice, warped_labels
from LongitudinalINRLib.analysis.scores import counted_regions, sample_weights
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume

PUBLISHED_DICE = {"interpolated": 0.89, "extrapolated": 0.82}
"""Of one ADNI subject whose scans were segmented one by one (Shuaibu et al. 2025)."""

DICE = {"aligned alone": FAINT, "held out": VERMILION, "fitted": BLUE}


def run(setting: Setting) -> Numbers:
    """Hold out one time between the scans and the last one; compare with the fit of all scans."""
    rows, overlaps = [], []
    for person in setting.who(_own()):
        subject = setting.prepared(person)
        everything, *held_out = fits(setting, person, subject)
        for case, fit in held_out:
            (month,) = case.asked_months
            about = {"subject": person.name, "kind": case.kind, "month": month}
            by_structure = _overlaps(subject, everything[1], fit, month)
            means = {f"Dice, {name}": float(np.mean(list(d.values()))) for name, d in by_structure.items()}
            rows.append(
                {
                    **about,
                    **means,
                    "Dice, published": PUBLISHED_DICE[case.kind],
                    "residual (points)": _residual_points(subject, everything[1], fit, month),
                    **{f"{name}, fitted": v for name, v in errors(subject, everything[1], [month]).items()},
                    **{f"{name}, held out": v for name, v in errors(subject, fit, [month]).items()},
                }
            )
            overlaps.append({**about, "dice": by_structure})
    return {"rows": rows, "overlaps": overlaps}


def _own() -> SubjectSpec:
    return next(spec for spec in REPORTING if spec.name == "default")


def fits(setting: Setting, person: Person, subject: Prepared) -> list[tuple[Case, Fitted]]:
    """Return the fit of all scans, then those with a time held out."""
    spec = person.spec or SubjectSpec(person.name, "scanned", 0, months=tuple(subject.scans))
    return [(case, setting.fitted(subject, case.kind, case.fitted_months)) for case in cases_of(spec)]


def _overlaps(
    subject: Prepared, everything: Fitted, held_out: Fitted, month: float
) -> Mapping[str, dict[int, float]]:
    """Return the Dice of every region of at least 0.5 mL; empty where the scan has no labels."""
    labels = subject.labels.get(month)
    if labels is None:
        return {}
    matrix = subject.matrices[month]

    def carried(fit: Fitted) -> Volume:
        return warped_labels(fit.model, month, labels, matrix, subject.mask)

    brought = {
        "aligned alone": resample(labels, subject.mask, matrix, order="nearest"),
        "held out": carried(held_out),
        "fitted": carried(everything),
    }
    counted = [subject.regions.labels[position] for position in counted_regions(subject.regions)]
    found = {name: dice(subject.labels[BASELINE], other, subject.mask) for name, other in brought.items()}
    return {name: {label: by_label[label] for label in counted} for name, by_label in found.items()}


def _residual_points(subject: Prepared, everything: Fitted, held_out: Fitted, month: float) -> float:
    """Return the root mean square over the brain of |J| held out minus |J| fitted, in percentage points."""
    points_mm = subject.regions.points_mm(subject.sample)
    residual = held_out.jacobian(points_mm, month) - everything.jacobian(points_mm, month)
    return float(
        100.0 * np.sqrt(np.average(residual**2, weights=sample_weights(subject.regions, subject.sample)))
    )


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw the maps of the first person, and everybody's overlaps."""
    person = setting.who(_own())[0]
    subject = setting.prepared(person)
    drawn = [saved_picture(_maps(setting, person, subject), folder / "held-out.png")]
    known = [entry for entry in numbers["overlaps"] if entry["subject"] == person.name and entry["dice"]]
    if known:
        drawn.append(saved(_draw_overlaps(known), folder / "held-out-dice.png"))
    return drawn


CHANGE = Scale("volume change since the baseline", "%", 15.0)
RESIDUAL = Scale("residual", "percentage points", 5.0, ("too low", "too high"))


def _maps(setting: Setting, person: Person, subject: Prepared) -> Figure:
    (_, everything), *held_out = fits(setting, person, subject)
    planes = [
        plane_through(subject, "axial", LATERAL_VENTRICLES),
        plane_through(subject, "coronal", HIPPOCAMPI),
    ]
    columns = ["scan fitted", "scan held out", "held out − fitted"]
    knows_truth = bool(subject.jacobians)
    rows, names = [], []
    for case, fit in held_out:
        (month,) = case.asked_months
        for plane in planes:
            with_scan, without = (found_percent(subject, f, plane, month) for f in (everything, fit))
            shown: list[tuple[Pixels, Scale]] = [
                (with_scan, CHANGE),
                (without, CHANGE),
                (without - with_scan, RESIDUAL),
            ]
            truth = true_percent(subject, plane, month)
            if truth is not None:
                shown.append((without - truth, RESIDUAL))
            rows.append([Cell(plane, values, scale) for values, scale in shown])
            names.append(f"month {month:g}, {case.kind}")
    return draw_sheet(subject, rows, columns + ["held out − truth"] * knows_truth, names)


def _draw_overlaps(overlaps: Sequence[Mapping[str, object]]) -> Figure:
    """Draw the Dice of every structure, a panel for each time held out."""
    figure = chart(8.0, 3.4)
    panels = figure.subplots(1, len(overlaps), sharey=True, squeeze=False).ravel()
    for axes, entry in zip(panels, overlaps, strict=True):
        found: Mapping[str, Mapping[str, float]] = entry["dice"]  # type: ignore[assignment]
        names = [
            name
            for name, labels in STRUCTURES.items()
            if any(str(label) in found["fitted"] for label in labels)
        ]
        for kind, colour in DICE.items():
            means = [
                np.mean([found[kind][str(label)] for label in STRUCTURES[name] if str(label) in found[kind]])
                for name in names
            ]
            everywhere = float(np.mean(list(found[kind].values())))
            places = range(len(names) + 1)
            axes.plot([*means, everywhere], places, "o", color=colour, markersize=7, label=kind)
        axes.set_yticks(range(len(names) + 1), [*names, "mean of all regions"], color=INK)
        dress(axes, f"month {entry['month']:g}, {entry['kind']}", "Dice with the baseline's labels")
        axes.grid(axis="y", color="#dddddd", linewidth=0.7)
    panels[0].invert_yaxis()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=3, fontsize=9.5, frameon=False)
    return figure


HELD_OUT = Experiment("held-out", "interpolation and extrapolation with a time held out", run, draw)
