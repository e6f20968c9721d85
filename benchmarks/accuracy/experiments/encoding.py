"""Time joined in every layer against time joined in the first layer only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    fit = setting.fitted(subject, label, case.fitted_months, case.asked_months, config)
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
    """Draw errors by kind of time, sign consistency and seconds."""
    del setting
    rows = numbers["rows"]
    figure = chart(8.0, 3.2)
    region, voxel, signs = figure.subplots(1, 3, width_ratios=(3, 3, 1.4))
    _draw_bars(region, rows, "region_error_points", KINDS, "{:.2f}")
    dress(region, "Region error", y="percentage points")
    _draw_bars(voxel, rows, "rmse_log_jacobian", KINDS, "{:.4f}")
    dress(voxel, "Voxel error", y="RMSE of log |J|")
    _draw_bars(signs, rows, "sign_consistency", KINDS[:1], "{:.0%}")
    dress(signs, "Sign consistency", y="share of months")
    signs.set_ylim(0, 1.1)
    handles, names = region.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2, fontsize=9.5, frameon=False)
    return [saved(figure, folder / "encoding.png")]


def _draw_bars(
    axes: Axes, rows: Sequence[Mapping[str, float]], key: str, kinds: Sequence[str], shown: str
) -> None:
    width = 0.36
    for number, encoding in enumerate(ENCODINGS):
        of_kind = [[row for row in rows if (row["time_joins"], row["kind"]) == (encoding, k)] for k in kinds]
        means = [np.mean([row[key] for row in chosen]) for chosen in of_kind]
        places = np.arange(len(kinds)) + (number - 0.5) * width
        name = f"time joins {encoding.replace('-', ' ')}"
        bars = axes.bar(places, means, 0.94 * width, color=COLOURS[encoding], label=name)
        axes.bar_label(bars, [shown.format(mean) for mean in means], fontsize=8, color=INK)
    axes.set_xticks(range(len(kinds)), kinds)


ENCODING = Experiment("encoding", "time joined in every layer, or in the first only", run, draw)
