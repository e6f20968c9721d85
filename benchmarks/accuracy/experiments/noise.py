"""Noise in the follow-ups, with and without the monotonic term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.measures import errors_and_signs
from benchmarks.accuracy.experiments.style import BLUE, VERMILION, chart, dress, saved
from benchmarks.accuracy.prepared import BASELINE, Prepared
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.imaging.volume import Volume

DEVIATIONS = (0.15, 0.2, 0.25)
NOISE_SEEDS = (0, 1, 2)
ACTING_GAMMA = 1.0
"""Weight at which the monotonic term acts: chosen on the tuning subjects, see ``docs/evidence.md``."""

WITHOUT, WITH = "without", "with"
GAMMAS = {WITHOUT: 0.0, WITH: ACTING_GAMMA}
SHOWN = {
    "sign_consistency": ("Sign consistency", "months with the voxel's main sign"),
    "region_error_points": ("Region error", "percentage points"),
    "rmse_log_jacobian": ("Voxel error", "RMSE of log |J|"),
}


def noisy(subject: Prepared, deviation: float, seed: int) -> Prepared:
    """Return a subject with noise in its follow-ups, as in the authors' code.

    Each follow-up is scaled to -1 .. 1 by its smallest and largest voxel, given Gaussian noise, and clipped
    to -1 .. 1; the baseline is left as it is. Alignments are those of the scans without the noise.

    Parameters
    ----------
    subject : Prepared
        Whom.
    deviation : float
        Standard deviation of the noise; 0 for none.
    seed : int
        Of the noise.
    """
    if deviation == 0:
        return subject
    scans = {
        month: scan if month == BASELINE else _with_noise(scan, deviation, [seed, number])
        for number, (month, scan) in enumerate(subject.scans.items())
    }
    return replace(subject, scans=scans)


def _with_noise(scan: Volume, deviation: float, seed: list[int]) -> Volume:
    low, high = float(scan.array.min()), float(scan.array.max())
    scaled = 2.0 * (scan.array - low) / (high - low) - 1.0
    noise = np.random.default_rng(seed).normal(0.0, deviation, scan.shape)
    return scan.with_array(np.clip(scaled + noise, -1.0, 1.0).astype(np.float32))


def run(setting: Setting) -> Numbers:
    """Fit every noise level, seed and weight."""
    own = next(spec for spec in REPORTING if spec.name == "default")
    cases = [(0.0, 0), *((deviation, seed) for seed in NOISE_SEEDS for deviation in DEVIATIONS)]
    if setting.quick:
        cases = [(0.0, 0), (DEVIATIONS[1], 0)]
    rows = []
    for person in setting.who(own):
        clean = setting.prepared(person)
        for deviation, seed in cases:
            subject = noisy(clean, deviation, seed)
            rows += [
                {
                    "subject": person.name,
                    "noise": deviation,
                    "seed": seed,
                    "monotonic_term": name,
                    **_scored(setting, subject, f"noise-{deviation:g}-{seed}-{name}", gamma),
                }
                for name, gamma in GAMMAS.items()
            ]
    return {"gammas": GAMMAS, "rows": rows}


def _scored(setting: Setting, subject: Prepared, label: str, gamma: float) -> Mapping[str, float | None]:
    months = subject.follow_up_months
    cheap = preset("preview")  # 20 fits a subject
    config = replace(cheap, weights=replace(cheap.weights, gamma=gamma))
    return errors_and_signs(subject, setting.fitted(subject, label, months, config=config), months)


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw a panel for each measure."""
    del setting
    rows = numbers["rows"]
    shown = [key for key in SHOWN if any(row[key] is not None for row in rows)]
    figure = chart(3.0 * len(shown), 3.3)
    for axes, key in zip(figure.subplots(1, len(shown), squeeze=False).ravel(), shown, strict=True):
        title, unit = SHOWN[key]
        _draw_measure(axes, rows, key)
        dress(axes, title, "noise, standard deviation\n(intensities from −1 to 1)", unit)
        if key == "sign_consistency":
            axes.yaxis.set_major_formatter(PercentFormatter(1.0, 1))
        else:
            axes.set_ylim(bottom=0)
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2, fontsize=9.5, frameon=False)
    return [saved(figure, folder / "noise.png")]


def _draw_measure(axes: Axes, rows: Sequence[Mapping[str, float]], key: str) -> None:
    for name, colour, marker, aside in ((WITHOUT, VERMILION, "s", -0.002), (WITH, BLUE, "o", 0.002)):
        chosen = [row for row in rows if row["monotonic_term"] == name]
        levels = sorted({row["noise"] for row in chosen})
        means = [np.mean([row[key] for row in chosen if row["noise"] == level]) for level in levels]
        axes.plot(levels, means, color=colour, linewidth=1.6, label=f"{name} the monotonic term")
        axes.plot(
            [row["noise"] + aside for row in chosen],
            [row[key] for row in chosen],
            marker,
            color=colour,
            markersize=4.5,
            markeredgecolor="white",
            markeredgewidth=0.6,
        )
    axes.set_xticks(levels)


NOISE = Experiment("noise", "noise in the follow-ups, with and without the monotonic term", run, draw)
