"""One row of slices for each bad series: volume change found, true, and the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from benchmarks.accuracy.cohort import REPORTING, SWELLING
from benchmarks.accuracy.experiments.degraded import TRUE_MONTH, wrong_month
from benchmarks.accuracy.experiments.experiment import Numbers, Setting
from benchmarks.accuracy.experiments.people import Person
from benchmarks.accuracy.experiments.style import saved
from benchmarks.accuracy.prepared import BASELINE, Prepared
from LongitudinalINRLib.analysis.figures.canvas import FOREGROUND, dark_figure, show_slice
from LongitudinalINRLib.analysis.figures.change_maps import change_percent
from LongitudinalINRLib.analysis.figures.change_scale import CHANGE_COLOURS
from LongitudinalINRLib.analysis.figures.overlay import signed_percent
from LongitudinalINRLib.analysis.figures.planes import Plane, centre_planes
from LongitudinalINRLib.analysis.figures.window import window
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.core.config import preset

LIMIT_PERCENT = 20.0
COLUMNS = ("Found", "True", "Found − true")
WIDTH_INCHES, TEXT_INCHES, BAR_INCHES, TITLE_INCHES = 8.0, 1.75, 0.75, 0.3
DOTS_PER_INCH = 110
COLOURS_IN_FILE = 128


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw the slices of every case below one another."""
    pictures, rows = numbers["pictures"], numbers["rows"]
    clean = setting.prepared(Person.simulated(next(spec for spec in REPORTING if spec.name == "default")))
    plane = centre_planes(clean.mask)[1]
    width_mm, height_mm = plane.size_mm
    slice_inches = (WIDTH_INCHES - TEXT_INCHES - BAR_INCHES) / len(COLUMNS)
    row_inches = slice_inches * height_mm / width_mm
    figure = dark_figure(WIDTH_INCHES, TITLE_INCHES + row_inches * len(pictures))
    figure.set_dpi(DOTS_PER_INCH)
    grid = figure.add_gridspec(
        len(pictures),
        len(COLUMNS),
        left=TEXT_INCHES / WIDTH_INCHES,
        right=1 - BAR_INCHES / WIDTH_INCHES,
        bottom=0,
        top=1 - TITLE_INCHES / figure.get_figheight(),
        wspace=0,
        hspace=0,
    )
    for number, (picture, row) in enumerate(zip(pictures, rows, strict=True)):
        subject = _subject(picture, clean, setting)
        maps = _maps(setting, subject, picture, plane)
        for column, (title, values) in enumerate(zip(COLUMNS, maps, strict=True)):
            axes = figure.add_subplot(grid[number, column])
            _draw_slice(axes, subject, plane, values)
            if number == 0:
                axes.set_title(title, color=FOREGROUND, fontsize=10)
            if column == 0:
                _describe(axes, picture, row)
    _add_colour_bar(figure)
    return [saved(figure, folder / "bad-cases.png", COLOURS_IN_FILE)]


def _subject(picture: Mapping[str, object], clean: Prepared, setting: Setting) -> Prepared:
    """Return whose truth is shown: the bad scan itself is not needed for that."""
    if picture["subject"] == SWELLING.name:
        return setting.prepared(Person.simulated(SWELLING))
    truth = clean if picture["month"] == TRUE_MONTH else wrong_month(clean).subject
    return replace(truth, name=str(picture["subject"]))


def _maps(
    setting: Setting, subject: Prepared, picture: Mapping[str, Sequence[float]], plane: Plane
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    month = float(picture["month"])  # type: ignore[arg-type]
    fit = setting.fitted(subject, "bad-cases", picture["months"], config=preset("preview"))
    (found,) = change_percent(PointEvaluator(fit.model), [plane], subject.mask, month)
    true = 100.0 * (plane.sample(subject.jacobians[month]) - 1.0)
    return found, np.where(np.isfinite(found), true, np.nan), found - true


def _draw_slice(axes: Axes, subject: Prepared, plane: Plane, percent: np.ndarray) -> None:
    baseline = subject.scans[BASELINE]
    low, high = window(baseline, subject.mask.array.astype(bool))
    grey = show_slice(axes, plane, plane.sample(baseline), low, 1.25 * high)
    axes.imshow(
        percent, cmap=CHANGE_COLOURS, vmin=-LIMIT_PERCENT, vmax=LIMIT_PERCENT, extent=grey.get_extent()
    )


def _describe(axes: Axes, picture: Mapping[str, Sequence[str]], row: Mapping[str, float]) -> None:
    lines = [f"month {row['month']:g}", f"region error {row['region_error_points']:.1f} points"]
    alarms = len(picture["warnings"])
    lines.append("no warning" if not alarms else "1 warning" if alarms == 1 else f"{alarms} warnings")
    for place, (text, size, weight) in enumerate(
        [(str(picture["case"]), 10.5, "bold"), *((line, 9, "normal") for line in lines)]
    ):
        axes.text(
            -TEXT_INCHES * 0.95 / _width_inches(axes),
            0.72 - 0.14 * place,
            text,
            color=FOREGROUND,
            fontsize=size,
            fontweight=weight,
            transform=axes.transAxes,
        )


def _width_inches(axes: Axes) -> float:
    return float(axes.get_position().width * WIDTH_INCHES)


def _add_colour_bar(figure: Figure) -> None:
    axes = figure.add_axes(
        (1 - (BAR_INCHES - 0.08) / WIDTH_INCHES, 0.3, 0.14 / WIDTH_INCHES, 0.4), facecolor="#777777"
    )
    colours = ScalarMappable(Normalize(-LIMIT_PERCENT, LIMIT_PERCENT), CHANGE_COLOURS)
    bar = figure.colorbar(colours, cax=axes, ticks=np.linspace(-LIMIT_PERCENT, LIMIT_PERCENT, 5))
    bar.ax.set_yticklabels([signed_percent(tick) for tick in bar.get_ticks()])
    bar.ax.tick_params(colors=FOREGROUND, labelsize=9)
    bar.outline.set_edgecolor("#777777")
