"""Time joined in every layer against time joined in the first layer only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
from matplotlib.axes import Axes

from benchmarks.accuracy.cases import Case, Kind, cases_of
from benchmarks.accuracy.cohort import REPORTING, SubjectSpec
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.measures import errors
from benchmarks.accuracy.experiments.style import BLUE, INK, VERMILION, chart, dress, saved
from benchmarks.accuracy.prepared import BASELINE, Prepared
from benchmarks.accuracy.scoring import sign_consistency
from LongitudinalINRLib.core.config import TimeEncoding

ENCODINGS: tuple[TimeEncoding, ...] = get_args(TimeEncoding)
COLOURS = {"every-layer": BLUE, "first-layer": VERMILION}
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Panel:
    """A measure that is drawn, for some kinds of times."""

    key: str
    title: str
    unit: str
    form: str
    kinds: tuple[Kind, ...] = KINDS


PANELS = (
    Panel("region_error_points", "Region error", "percentage points", "{:.2f}"),
    Panel("rmse_log_jacobian", "Voxel error", "RMSE of log |J|", "{:.3f}"),
    Panel("sign_consistency", "Sign consistency", "share of months", "{:.1%}", ("observed",)),
)


def run(setting: Setting) -> Numbers:
    """Fit both encodings with all scans, one held out, and the last held out."""
    own = next(spec for spec in REPORTING if spec.name == "default")
    rows = []
    for person in setting.who(own):
        subject = setting.prepared(person)
        as_scanned = SubjectSpec(person.name, "as scanned", 0, (BASELINE, *subject.follow_up_months))
        for encoding in ENCODINGS:
            rows += [
                {"subject": person.name, "time_joins": encoding, **_scored(setting, subject, encoding, case)}
                for case in cases_of(as_scanned)
            ]
    return {"rows": rows}


def _scored(setting: Setting, subject: Prepared, encoding: TimeEncoding, case: Case) -> Mapping[str, object]:
    config = replace(setting.config, time_encoding=encoding)
    # The usual encoding is what the suite fits anyway: the same file.
    label = case.kind if encoding == setting.config.time_encoding else f"{encoding}-{case.kind}"
    fit = setting.fitted(subject, label, case.fitted_months, config)
    signs = None
    if case.kind == "observed":
        signs = sign_consistency(subject, fit, case.fitted_months)
    return {
        "kind": case.kind,
        **errors(subject, fit, case.asked_months),
        "sign_consistency": signs,
        "seconds": fit.seconds,
        "steps": fit.steps,
    }


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw errors by kind of time, where the truth is known, and sign consistency."""
    del setting
    rows = numbers["rows"]
    shown = [panel for panel in PANELS if any(row[panel.key] is not None for row in rows)]
    figure = chart(1.0 + sum(1.0 + 0.6 * len(panel.kinds) for panel in shown), 3.2)
    widths = [len(panel.kinds) + 0.8 for panel in shown]
    cells = figure.subplots(1, len(shown), width_ratios=widths, squeeze=False).ravel()
    for axes, panel in zip(cells, shown, strict=True):
        _draw_bars(axes, rows, panel)
        dress(axes, panel.title, y=panel.unit)
        axes.margins(y=0.12)
    handles, names = cells[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2, fontsize=9.5, frameon=False)
    return [saved(figure, folder / "encoding.png")]


def _draw_bars(axes: Axes, rows: Sequence[Mapping[str, float]], panel: Panel) -> None:
    width = 0.36
    for number, encoding in enumerate(ENCODINGS):
        of_encoding = [row for row in rows if row["time_joins"] == encoding]
        means = [np.mean([row[panel.key] for row in of_encoding if row["kind"] == k]) for k in panel.kinds]
        places = np.arange(len(means)) + (number - 0.5) * width
        name = f"time joins {encoding.replace('-', ' ')}"
        bars = axes.bar(places, means, 0.94 * width, color=COLOURS[encoding], label=name)
        axes.bar_label(bars, [panel.form.format(mean) for mean in means], fontsize=8, color=INK)
    axes.set_xticks(range(len(panel.kinds)), panel.kinds)


ENCODING = Experiment("encoding", "time joined in every layer, or in the first only", run, draw)
