"""The eight combinations of the three regularisers, against overlap of labels and steadiness over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.measures import errors_and_signs
from benchmarks.accuracy.experiments.noise import ACTING_GAMMA
from benchmarks.accuracy.experiments.style import BLUE, FAINT, INK, chart, dress, saved
from benchmarks.accuracy.fitting import Fitted
from benchmarks.accuracy.prepared import BASELINE, Prepared
from LongitudinalINRLib.analysis.overlap import dice, warped_labels
from LongitudinalINRLib.core.config import Weights, preset

TERMS = ("spatial", "temporal", "monotonic")
SHOWN = {
    "dice_held_out": "Dice, scan left out",
    "dice_fitted": "Dice, last scan",
    "sign_consistency": "Sign consistency",
    "region_error_held_out": "Region error, points,\nscan left out",
    "folded_percent": "Voxels folded, %",
}


def weights_of(on: Sequence[str]) -> Weights:
    """Return the usual weights of the terms that are on, the monotonic one so that it acts; 0 otherwise."""
    usual = preset("preview").weights
    return replace(
        usual,
        alpha=usual.alpha if "spatial" in on else 0.0,
        beta=usual.beta if "temporal" in on else 0.0,
        gamma=ACTING_GAMMA if "monotonic" in on else 0.0,
    )


def run(setting: Setting) -> Numbers:
    """Fit every combination with one scan held out."""
    own = next(spec for spec in REPORTING if spec.name == "default")
    chosen = [
        tuple(term for term, is_on in zip(TERMS, switches, strict=True) if is_on)
        for switches in product((False, True), repeat=len(TERMS))
    ]
    if setting.quick:
        chosen = [(), TERMS]
    rows = []
    for person in setting.who(own):
        subject = setting.prepared(person)
        for on in chosen:
            rows.append(
                {
                    "subject": person.name,
                    **{term: term in on for term in TERMS},
                    **_measured(setting, subject, on),
                }
            )
    return {"rows": rows}


def _measured(setting: Setting, subject: Prepared, on: Sequence[str]) -> Mapping[str, float | None]:
    *earlier, last = subject.follow_up_months
    held_out = earlier[len(earlier) // 2]
    fitted_months = [month for month in subject.follow_up_months if month != held_out]
    config = replace(preset("preview"), weights=weights_of(on))
    label = "combination-" + ("-".join(on) or "none")
    fit = setting.fitted(subject, label, fitted_months, config)
    at_held_out = errors_and_signs(subject, fit, (held_out,))
    points_mm = subject.regions.points_mm(subject.sample)
    jacobian = fit.jacobian(points_mm, last)
    return {
        "dice_held_out": _dice(subject, fit, held_out),
        "dice_fitted": _dice(subject, fit, last),
        "sign_consistency": at_held_out["sign_consistency"],
        "region_error_held_out": at_held_out["region_error_points"],
        "rmse_held_out": at_held_out["rmse_log_jacobian"],
        "folded_percent": 100.0 * float(np.mean(jacobian <= 0)),
        "seconds": fit.seconds,
    }


def _dice(subject: Prepared, fit: Fitted, month: float) -> float | None:
    """Return the mean Dice of the scan's labels, carried into baseline space, with the baseline's."""
    if month not in subject.labels:
        return None
    carried = warped_labels(fit.model, month, subject.labels[month], subject.matrices[month], subject.mask)
    return float(np.mean(list(dice(subject.labels[BASELINE], carried, subject.mask).values())))


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw a row for each combination, a column for each measure."""
    del setting
    rows = numbers["rows"]
    shown = [key for key in SHOWN if any(row[key] is not None for row in rows)]
    figure = chart(1.25 + 1.75 * len(shown), 1.0 + 0.3 * len(rows))
    cells = figure.subplots(1, len(shown), sharey=True, squeeze=False).ravel()
    for axes, key in zip(cells, shown, strict=True):
        _draw_measure(axes, [row[key] for row in rows])
        dress(axes, SHOWN[key])
        if "dice" not in key and "sign" in key:
            axes.xaxis.set_major_formatter(PercentFormatter(1.0, 1))
    names = [" ".join(term if row[term] else "–" for term in TERMS) for row in rows]
    cells[0].set_yticks(range(len(rows)), names, fontsize=9, color=INK)
    cells[0].invert_yaxis()
    return [saved(figure, folder / "combinations.png")]


def _draw_measure(axes: Axes, values: Sequence[float | None]) -> None:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    places, lengths = [place for place, _ in known], [value for _, value in known]
    axes.hlines(places, min(lengths), lengths, color=FAINT, linewidth=0.8)
    axes.plot(lengths, places, "o", color=BLUE, markersize=6)
    span = (max(lengths) - min(lengths)) or 1.0
    axes.set_xlim(min(lengths) - 0.12 * span, max(lengths) + 0.12 * span)
    axes.locator_params(axis="x", nbins=3)


COMBINATIONS = Experiment(
    "combinations", "the three regularisers on and off, against overlap and steadiness", run, draw
)
