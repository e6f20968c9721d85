"""Sign consistency of every voxel, structure by structure, with and without the monotonic term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.monotonic_term import (
    ACTING,
    OUR_TIME,
    OWN,
    PUBLISHED_TIME,
    VARIANTS,
    WITHOUT,
    course_of,
    fit_with,
)
from benchmarks.accuracy.experiments.structures import structures_of
from benchmarks.accuracy.experiments.style import BLUE, INK, VERMILION, chart, dress, saved
from LongitudinalINRLib.analysis.monotonicity import SignTally

BINS = np.linspace(0.5, 1.0, 26)
"""The share of the majority sign lies between one half and one."""


def run(setting: Setting) -> Numbers:
    """Count signs voxel by voxel with every weight of the term, and with time as published."""
    rows, shares = [], []
    for person in setting.who(OWN):
        subject = setting.prepared(person)
        for time, gamma in VARIANTS:
            fit = fit_with(setting, subject, gamma, time)
            course = course_of(subject, fit)
            tally = SignTally(len(course.sample))
            for rate in course.rates:
                tally.add(rate)
            codes = subject.regions.codes[course.sample]
            of_voxels = {
                name: _defined(tally.consistency()[np.isin(codes, positions)])
                for name, positions in structures_of(subject.regions).items()
            }
            about = {"subject": person.name, "time": time, "gamma": gamma}
            rows.append({**about, **{name: float(values.mean()) for name, values in of_voxels.items()}})
            shares += [
                {
                    **about,
                    "structure": name,
                    "histogram": np.histogram(values, BINS)[0].tolist(),
                    "median": float(np.median(values)),
                    "never_changes_sign": float((values == 1.0).mean()),
                }
                for name, values in of_voxels.items()
            ]
    return {"bins": BINS.tolist(), "rows": rows, "shares": shares}


def _defined(values: np.ndarray) -> np.ndarray:
    return values[np.isfinite(values)]


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw half a violin for each structure without the term and half with it; a panel for either time."""
    person = setting.who(OWN)[0].name
    chosen = [share for share in numbers["shares"] if share["subject"] == person]
    names = list(dict.fromkeys(share["structure"] for share in chosen))
    figure = chart(8.0, 5.4)
    panels = figure.subplots(2, 1, sharex=True)
    for axes, time in zip(panels, (OUR_TIME, PUBLISHED_TIME), strict=True):
        for place, name in enumerate(names):
            for gamma, colour, side in ((WITHOUT, VERMILION, -1), (ACTING, BLUE, 1)):
                wanted = (time, name, gamma)
                share = next(s for s in chosen if (s["time"], s["structure"], s["gamma"]) == wanted)
                _draw_half(axes, share, numbers["bins"], place, side, colour)
        dress(axes, "our time" if time == OUR_TIME else "time as published")
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, 0))
        axes.set_ylim(0.49, 1.02)
    axes.set_xticks(range(len(names)), [name.replace(" ", "\n") for name in names])
    figure.supylabel("months with the voxel's main sign", fontsize=9.5, color=INK)
    handles = [
        Patch(color=VERMILION, label="without the monotonic term"),
        Patch(color=BLUE, label=f"with it, γ = {ACTING:g}"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2, fontsize=9.5, frameon=False)
    return [saved(figure, folder / "consistency.png")]


def _draw_half(
    axes: Axes, share: Mapping[str, object], bins: Sequence[float], place: int, side: int, colour: str
) -> None:
    """Draw the histogram sideways, widths as roots so that rare voxels show; a mark at the median."""
    counts = np.array(share["histogram"], float)
    widths = side * 0.44 * np.sqrt(counts / counts.max())
    axes.fill_betweenx(
        np.repeat(bins, 2)[1:-1], place, place + np.repeat(widths, 2), color=colour, alpha=0.75, linewidth=0
    )
    axes.plot([place, place + side * 0.3], [share["median"]] * 2, color=INK, linewidth=1.4)


CONSISTENCY = Experiment("consistency", "voxel-wise sign consistency with and without the term", run, draw)
