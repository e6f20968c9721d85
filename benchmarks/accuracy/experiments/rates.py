"""Rate of change over the months, structure by structure, with and without the monotonic term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.measures import errors_and_signs
from benchmarks.accuracy.experiments.monotonic_term import (
    OWN,
    PUBLISHED_TIME,
    USUAL,
    VARIANTS,
    Course,
    course_of,
    fit_with,
)
from benchmarks.accuracy.experiments.structures import means, sample_of
from benchmarks.accuracy.experiments.style import FAINT, INK, chart, dress, saved
from benchmarks.accuracy.prepared import Prepared

PUBLISHED = "2-5 % a month without the term, five times less with it; 5-10 % atrophy in two years"
# Okabe and Ito's palette: black and seven colours that colour-blind people can tell apart.
COLOURS = ("#000000", "#d55e00", "#cc79a7", "#0072b2", "#009e73", "#e69f00", "#56b4e9")
DASHES = ((), (5, 1.5), (1.5, 1.5), (), (5, 1.5), (1.5, 1.5), ())


def run(setting: Setting) -> Numbers:
    """Follow the structures with every weight of the term, and with time as published."""
    rows, curves = [], []
    for person in setting.who(OWN):
        subject = setting.prepared(person)
        for time, gamma in VARIANTS:
            fit = fit_with(setting, subject, gamma, time)
            course = course_of(subject, fit)
            about = {"subject": person.name, "time": time, "gamma": gamma}
            by_structure = _monthly_percent(subject, course)
            curves += [
                {**about, "structure": name, "months": course.months, "percent_per_month": values}
                for name, values in by_structure.items()
            ]
            rows.append(
                {
                    **about,
                    **_sizes(subject, course, by_structure),
                    **errors_and_signs(subject, fit, subject.follow_up_months),
                }
            )
    return {"published": PUBLISHED, "rows": rows, "curves": curves, "truth": _truth(setting)}


def _monthly_percent(subject: Prepared, course: Course) -> dict[str, list[float]]:
    """Return the rate of each structure at each month, in percent of its volume at baseline per month."""
    by_month = [means(subject.regions, course.sample, 100.0 * rate) for rate in course.rates]
    return {name: [values[name] for values in by_month] for name in by_month[0]}


def _sizes(
    subject: Prepared, course: Course, by_structure: Mapping[str, Sequence[float]]
) -> dict[str, float]:
    """Return how large the rates are, of structures and of single voxels, and how much they waver."""
    at_voxels = np.abs(100.0 * course.rates)
    wavering = {name: float(np.std(values)) for name, values in by_structure.items()}
    usual = [means(subject.regions, course.sample, rate) for rate in at_voxels]
    spread = means(subject.regions, course.sample, 100.0 * course.rates.std(axis=0))
    return {
        "largest rate of a structure (%/month)": float(np.abs(list(by_structure.values())).max()),
        "mean |rate| of a voxel (%/month)": float(np.mean([list(values.values()) for values in usual])),
        "99th percentile of a voxel (%/month)": float(np.percentile(at_voxels, 99)),
        "wavering of a structure (%/month)": float(np.mean(list(wavering.values()))),
        "wavering of a voxel (%/month)": float(np.mean(list(spread.values()))),
    }


def _truth(setting: Setting) -> list[dict[str, object]]:
    """Return the true mean rates between the scans, in percent per month, of simulated people."""
    steps = []
    for person in setting.who(OWN):
        subject = setting.prepared(person)
        known = sorted(subject.jacobians)
        sample = sample_of(subject.regions)
        voxels = subject.regions.voxels[sample]
        change = [
            means(
                subject.regions, sample, 100.0 * subject.jacobians[month].array.ravel()[voxels].astype(float)
            )
            for month in known
        ]
        for start, stop, before, after in zip(known, known[1:], change, change[1:], strict=False):
            rates = {name: (after[name] - before[name]) / (stop - start) for name in after}
            steps.append({"subject": person.name, "from": start, "to": stop, "percent_per_month": rates})
    return steps


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw a panel for each weight, a line for each structure; the truth as thin lines behind."""
    person = setting.who(OWN)[0].name
    curves = [curve for curve in numbers["curves"] if curve["subject"] == person]
    truth = [step for step in numbers["truth"] if step["subject"] == person]
    names = list(dict.fromkeys(curve["structure"] for curve in curves))
    figure = chart(11.0, 6.0)
    panels = figure.subplots(2, 3, sharex=True, sharey=True).ravel()
    for axes, (time, gamma) in zip(panels, VARIANTS, strict=True):
        axes.axhline(0.0, color=FAINT, linewidth=0.7)
        shown = [curve for curve in curves if (curve["time"], curve["gamma"]) == (time, gamma)]
        chosen = {curve["structure"]: curve for curve in shown}
        for name, colour, dashes in zip(names, COLOURS, DASHES, strict=False):
            _draw_truth(axes, truth, name, colour)
            curve = chosen[name]
            line = {"color": colour, "linewidth": 1.7, "dashes": dashes, "label": name}
            axes.plot(curve["months"], curve["percent_per_month"], **line)
        dress(axes, _title(time, gamma))
    figure.supxlabel("months since the baseline", fontsize=9.5, color=INK)
    figure.supylabel("rate of volume change, % a month", fontsize=9.5, color=INK)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, fontsize=9.5, frameon=False)
    return [saved(figure, folder / "rates.png")]


def _title(time: str, gamma: float) -> str:
    """Say which weight, and whose time."""
    weight = "without the monotonic term" if gamma == 0 else f"γ = {gamma:g}" + ", default" * (gamma == USUAL)
    return f"published time, {weight}" if time == PUBLISHED_TIME else weight


def _draw_truth(axes: Axes, truth: Sequence[Mapping[str, object]], name: str, colour: str) -> None:
    for step in truth:
        rate = step["percent_per_month"][name]  # type: ignore[index]
        axes.plot([step["from"], step["to"]], [rate, rate], color=colour, linewidth=4, alpha=0.18)


RATES = Experiment("rates", "rate of change with and without the monotonic term", run, draw)
