"""Trajectories of three groups of people, structure by structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from benchmarks.accuracy.cohort import SubjectSpec, scaled
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.people import Person
from benchmarks.accuracy.experiments.structures import means, sample_of
from benchmarks.accuracy.experiments.style import BLUE, FAINT, GREEN, PURPLE, VERMILION, chart, dress, saved
from benchmarks.accuracy.fitting import Fitted
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import Values
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.core.config import preset

SHOWN = ("Hippocampi", "Lateral ventricles", "Cortex", "Amygdalae")
CURVE_POINTS = 9
FACTORS = {"strong": (2.0, 1.7, 1.5), "mild": (1.1, 0.9, 0.8), "normal": (0.45, 0.35, 0.2)}
"""Rates of each person as a multiple of the default ones."""

PEOPLE_PER_GROUP = 3
FIRST_SEED = 141
COLOURS = (VERMILION, BLUE, GREEN, PURPLE)
MARKERS = ("o", "s", "^", "D")


def own_people() -> list[Person]:
    """Return three simulated people of each group, each with a pattern of its own within the regions."""
    factors = [(group, of_group[n]) for n in range(PEOPLE_PER_GROUP) for group, of_group in FACTORS.items()]
    return [
        Person.simulated(
            SubjectSpec(
                f"group-{group}-{seed}",
                f"{factor:g} times the default rates",
                seed,
                months=(0.0, 12.0, 24.0),
                rates_percent_per_year=scaled(factor),
            ),
            group,
        )
        for seed, (group, factor) in enumerate(factors, start=FIRST_SEED)
    ]


def run(setting: Setting) -> Numbers:
    """Fit every person and follow the structures."""
    people = setting.people or tuple(own_people())
    if setting.quick:
        people = tuple({person.group: person for person in people}.values())
    rows, curves = [], []
    for person in people:
        subject = setting.prepared(person)
        months = subject.follow_up_months
        fit = setting.fitted(subject, "groups", months, config=preset("preview"))
        times = np.union1d(np.linspace(0.0, max(months), CURVE_POINTS), months).tolist()
        followed = {time: found_percent(subject, fit, time) for time in times}
        curves += [
            {
                "subject": person.name,
                "group": person.group,
                "structure": structure,
                "months": times,
                "change_percent": [followed[time][structure] for time in times],
                "scans": list(months),
            }
            for structure in followed[0.0]
        ]
        truth = true_percent(subject, max(months))
        rows.append(
            {
                "subject": person.name,
                "group": person.group,
                "months": max(months),
                **{f"{name}, %": followed[max(months)][name] for name in followed[0.0]},
                **{f"{name}, true %": value for name, value in truth.items()},
            }
        )
    return {"rows": rows, "curves": curves}


def found_percent(subject: Prepared, fit: Fitted, month: float) -> dict[str, float]:
    """Return the volume change of each structure, in percent."""
    regions = subject.regions
    sample = sample_of(regions)
    return _percent(regions, sample, fit.jacobian(regions.points_mm(sample), month))


def true_percent(subject: Prepared, month: float) -> dict[str, float]:
    """Return the true volume change of each structure, in percent; empty where it is not known."""
    if month not in subject.jacobians:
        return {}
    sample = sample_of(subject.regions)
    truth = subject.jacobians[month].array.ravel()[subject.regions.voxels[sample]]
    return _percent(subject.regions, sample, truth.astype(np.float64))


def _percent(regions: RegionSet, sample: NDArray[np.int64], jacobian: Values) -> dict[str, float]:
    by_structure = means(regions, sample, jacobian)
    return {name: 100.0 * (by_structure[name] - 1.0) for name in SHOWN if name in by_structure}


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw a panel for each structure: people thin, means and spread of their group on top."""
    del setting
    curves = numbers["curves"]
    groups = list(dict.fromkeys(curve["group"] for curve in curves))
    shown = [name for name in SHOWN if any(curve["structure"] == name for curve in curves)]
    figure = chart(8.0, 0.6 + 2.4 * -(-len(shown) // 2))
    cells = figure.subplots(-(-len(shown) // 2), 2, sharex=True, squeeze=False).ravel()
    for extra in cells[len(shown) :]:
        extra.set_axis_off()
    for axes, structure in zip(cells, shown, strict=False):
        axes.axhline(0.0, color=FAINT, linewidth=0.7)
        for group, colour, marker in zip(groups, COLOURS, MARKERS, strict=False):
            chosen = [c for c in curves if c["group"] == group and c["structure"] == structure]
            _draw_group(axes, chosen, group, colour, marker)
        truth = [row.get(f"{structure}, true %") for row in numbers["rows"]]
        _draw_truth(axes, numbers["rows"], truth, groups)
        dress(axes, structure, y="volume change, %")
        axes.margins(x=0.04)
        axes.xaxis.set_major_locator(MultipleLocator(12))
    figure.supxlabel("months since the baseline", fontsize=9.5)
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=4, fontsize=9.5, frameon=False)
    return [saved(figure, folder / "groups.png")]


def _draw_group(
    axes: Axes, curves: Sequence[Mapping[str, Sequence[float]]], group: str, colour: str, marker: str
) -> None:
    for curve in curves:
        axes.plot(curve["months"], curve["change_percent"], color=colour, linewidth=0.7, alpha=0.6)
    ends = min(max(curve["months"]) for curve in curves)
    times = np.linspace(0.0, ends, CURVE_POINTS)
    each = np.array([np.interp(times, curve["months"], curve["change_percent"]) for curve in curves])
    mean, spread = each.mean(0), each.std(0, ddof=1) if len(each) > 1 else np.zeros(len(times))
    axes.fill_between(times, mean - spread, mean + spread, color=colour, alpha=0.16, linewidth=0)
    axes.plot(times, mean, color=colour, linewidth=2.0, label=f"{group} (n = {len(each)})")
    scans = sorted({scan for curve in curves for scan in curve["scans"]})
    at_scans = np.interp(scans, times, mean)
    axes.plot(scans, at_scans, marker, color=colour, markersize=5, markeredgecolor="white")


def _draw_truth(
    axes: Axes, rows: Sequence[Mapping[str, float]], truth: Sequence[float | None], groups: Sequence[str]
) -> None:
    label = "true mean at the last scan"
    for group in groups:
        known = [
            (row["months"], value)
            for row, value in zip(rows, truth, strict=True)
            if row["group"] == group and value is not None
        ]
        if known:
            month, change = np.mean(known, axis=0)
            axes.plot(month, change, "_", color="black", markersize=14, markeredgewidth=1.6, label=label)
            label = "_"


GROUPS = Experiment("groups", "trajectories of groups of people", run, draw)
