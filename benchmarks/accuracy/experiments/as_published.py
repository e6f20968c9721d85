"""The published settings against ours, on one subject: the preset `paper` run to a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.measures import errors
from benchmarks.accuracy.experiments.style import BLUE, INK, chart, dress, saved
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import score
from LongitudinalINRLib.core.config import FitConfig, preset

SHARE_OF_POINTS = 4
"""A quick run takes so many times fewer points a step: at the published rate it is steps that count."""

SHOWN = {
    "region_error_points": "Region error, points",
    "rmse_log_jacobian": "RMSE of log |J|",
    "slope": "Slope",
}


def published(setting: Setting) -> FitConfig:
    """Return the preset `paper`, with the steps that were asked for; quick: with fewer points a step."""
    config = preset("paper")
    if setting.quick:
        config = replace(
            config,
            similarity_points=config.similarity_points // SHARE_OF_POINTS,
            derivative_points=config.derivative_points // SHARE_OF_POINTS,
        )
    return replace(config, steps=setting.steps or config.steps)


def run(setting: Setting) -> Numbers:
    """Fit every subject with our settings and with the published ones."""
    own = next(spec for spec in REPORTING if spec.name == "coarse")
    rows = []
    for person in setting.who(own):
        subject = setting.prepared(person)
        for name, config in (("ours", setting.config), ("published", published(setting))):
            rows.append({"subject": person.name, **_scored(setting, subject, name, config)})
    return {"rows": rows}


def _scored(setting: Setting, subject: Prepared, name: str, config: FitConfig) -> Mapping[str, object]:
    months = subject.follow_up_months
    fit = setting.fitted(subject, f"{name}-{config.steps}-{config.similarity_points}", months, config)
    middle = months[len(months) // 2]
    return {
        "settings": config.preset,
        "month": middle,
        **errors(subject, fit, (middle,)),
        "slope": score(subject, fit, middle).slope if middle in subject.jacobians else None,
        "similarity": fit.losses["similarity"],
        "points a step": config.similarity_points,
        "steps": fit.steps,
        "seconds a step": fit.seconds / fit.steps,
    }


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw the errors and the slope of both, where the truth is known."""
    del setting
    rows = numbers["rows"]
    shown = [key for key in SHOWN if any(row[key] is not None for row in rows)]
    figure = chart(1.0 + 2.4 * max(len(shown), 1), 3.0)
    for axes, key in zip(figure.subplots(1, max(len(shown), 1), squeeze=False).ravel(), shown, strict=False):
        _draw_bars(axes, rows, key)
        dress(axes, SHOWN[key])
    return [saved(figure, folder / "as-published.png")]


def _draw_bars(axes: Axes, rows: list[Mapping[str, Any]], key: str) -> None:
    names = list(dict.fromkeys(str(row["settings"]) for row in rows))
    means = [np.mean([row[key] for row in rows if row["settings"] == name]) for name in names]
    bars = axes.bar(range(len(names)), means, color=BLUE)
    axes.bar_label(bars, [f"{mean:.3g}" for mean in means], fontsize=8, color=INK)
    axes.set_xticks(range(len(names)), names)


AS_PUBLISHED = Experiment("as-published", "the published settings against ours", run, draw)
