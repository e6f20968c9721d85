"""Sheets of slices with colour on anatomy, small enough for a document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from benchmarks.accuracy.experiments.canvas import BACKGROUND, CHANGE_COLOURS, FOREGROUND, show_slice, write
from benchmarks.accuracy.experiments.structures import centre_mm
from benchmarks.accuracy.prepared import BASELINE, Prepared
from LongitudinalINRLib.analysis.figures.planes import Plane, PlaneName, centre_planes
from LongitudinalINRLib.analysis.figures.window import window

DOTS_PER_INCH = 100
WIDTH_INCHES = 8.0
LEFT_INCHES, RIGHT_INCHES, TOP_INCHES, BAR_INCHES = 0.3, 0.04, 0.3, 0.7
PICTURE_COLOURS, BAR_COLOURS, GREYS = 40, 33, 26
BAR_GROUND = "#777777"
NORMAL_AXES: dict[PlaneName, int] = {"axial": 2, "coronal": 1, "sagittal": 0}


@dataclass(frozen=True)
class Scale:
    """What colours mean: what is shown, its unit, and where the scale ends."""

    what: str
    unit: str
    limit: float
    words: tuple[str, str] = ("contraction", "expansion")


@dataclass(frozen=True, eq=False)
class Cell:
    """One slice: where, its values (NaN where there is none), their scale, and a word in its corner."""

    plane: Plane
    values: NDArray[np.float64]
    scale: Scale
    corner: str = ""
    frame: str | None = None


def plane_through(subject: Prepared, name: PlaneName, labels: tuple[int, ...]) -> Plane:
    """Return the slice of a direction through the centre of some labels."""
    plane = next(plane for plane in centre_planes(subject.mask) if plane.name == name)
    axis = NORMAL_AXES[name]
    position_mm = float(centre_mm(subject, labels)[axis])
    points_mm = plane.points_mm.copy()
    points_mm[..., axis] = position_mm
    return _trimmed(replace(plane, position_mm=position_mm, points_mm=points_mm), subject)


def _trimmed(plane: Plane, subject: Prepared) -> Plane:
    """Cut away what lies beyond the brain in this slice."""
    inside = plane.sample(subject.mask, order="nearest") > 0.5
    return cropped(plane, inside, margin_mm=5.0)


def cropped(plane: Plane, wanted: NDArray[np.bool_], margin_mm: float) -> Plane:
    """Return the part of a slice around some of its pixels."""
    margin = round(margin_mm / plane.spacing_mm)
    box = []
    for axis in (0, 1):
        hit = np.flatnonzero(wanted.any(axis=1 - axis))
        box.append(slice(max(int(hit[0]) - margin, 0), int(hit[-1]) + 1 + margin))
    return replace(plane, points_mm=plane.points_mm[tuple(box)])


def draw_sheet(
    subject: Prepared, rows: Sequence[Sequence[Cell]], columns: Sequence[str], row_names: Sequence[str]
) -> Figure:
    """Draw slices of the baseline with values on top.

    Parameters
    ----------
    subject : Prepared
        Whose baseline lies beneath.
    rows : sequence of sequence of Cell
        From the top; the slices of one row are of one size.
    columns, row_names : sequence of str
        Titles; empty for none.
    """
    scales = list(dict.fromkeys(cell.scale for row in rows for cell in row))
    left, top = LEFT_INCHES * any(row_names), TOP_INCHES * any(columns)
    widths_mm = [cell.plane.size_mm[0] for cell in max(rows, key=lambda row: row[0].plane.size_mm[0])]
    heights_mm = [row[0].plane.size_mm[1] for row in rows]
    inches_per_mm = (WIDTH_INCHES - left - RIGHT_INCHES) / sum(widths_mm)
    height = sum(heights_mm) * inches_per_mm + top + BAR_INCHES
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DOTS_PER_INCH, facecolor=BACKGROUND)
    grid = figure.add_gridspec(
        len(rows),
        len(widths_mm),
        height_ratios=heights_mm,
        left=left / WIDTH_INCHES,
        right=1 - RIGHT_INCHES / WIDTH_INCHES,
        bottom=BAR_INCHES / height,
        top=1 - top / height,
        wspace=0.015,
        hspace=0.015,
    )
    grey_levels = window(subject.scans[BASELINE], subject.mask.array)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            axes = figure.add_subplot(grid[number, column])
            _draw_cell(axes, subject, cell, grey_levels)
            if number == 0 and any(columns):
                axes.set_title(columns[column], color=FOREGROUND, fontsize=10.5, pad=5)
            if column == 0 and any(row_names):
                _name_row(axes, row_names[number])
    for number, scale in enumerate(scales):
        _add_bar(figure, scale, (number + 0.5) / len(scales), height)
    return figure


def _draw_cell(axes: Axes, subject: Prepared, cell: Cell, grey_levels: tuple[float, float]) -> None:
    plane, limit = cell.plane, cell.scale.limit
    show_slice(axes, replace(plane, letters="R   "), plane.sample(subject.scans[BASELINE]), *grey_levels)
    extent = (0, plane.size_mm[0], 0, plane.size_mm[1])
    axes.imshow(cell.values, cmap=CHANGE_COLOURS, vmin=-limit, vmax=limit, extent=extent)
    if cell.corner:
        write(axes, 0.03, 0.98, cell.corner)
    if cell.frame:
        axes.set_axis_on()
        axes.set(xticks=[], yticks=[])
        for spine in axes.spines.values():
            spine.set(color=cell.frame, linewidth=2.0)


def _name_row(axes: Axes, name: str) -> None:
    axes.text(
        -0.02,
        0.5,
        name,
        rotation=90,
        color=FOREGROUND,
        fontsize=10.5,
        ha="right",
        va="center",
        transform=axes.transAxes,
    )


def _add_bar(figure: Figure, scale: Scale, centre: float, height: float) -> None:
    """Add a colour bar under the slices, on grey, because its middle is clear."""
    width = 0.26
    axes = figure.add_axes((centre - width / 2, 0.32 / height, width, 0.12 / height), facecolor=BAR_GROUND)
    colours = ScalarMappable(Normalize(-scale.limit, scale.limit), CHANGE_COLOURS)
    ticks = np.linspace(-scale.limit, scale.limit, 5)
    bar = figure.colorbar(colours, cax=axes, orientation="horizontal", ticks=ticks)
    bar.ax.set_xticklabels([f"{tick:+g}".replace("-", "−") if tick else "0" for tick in ticks])
    bar.ax.tick_params(colors=FOREGROUND, labelsize=9, length=2, pad=2)
    bar.outline.set_edgecolor(BAR_GROUND)
    style = {"color": FOREGROUND, "fontsize": 9, "transform": axes.transAxes}
    axes.text(0.5, 1.25, f"{scale.what}, {scale.unit}", ha="center", va="bottom", **style)
    axes.text(-0.02, 0.5, scale.words[0], ha="right", va="center", **style)
    axes.text(1.02, 0.5, scale.words[1], ha="left", va="center", **style)


def saved_picture(figure: Figure, file: Path) -> Path:
    """Write a figure with a palette, which makes it a third of the size.

    The colours of the bars and pure greys have places of their own in it: else bars are drawn in steps, and a
    dark grey that is missing turns into a dark red, which would look like change.
    """
    stream = io.BytesIO()
    figure.savefig(stream, format="png", facecolor=figure.get_facecolor())
    with Image.open(stream) as opened:
        picture = opened.convert("RGB")
    of_picture = picture.quantize(PICTURE_COLOURS).getpalette() or []
    red_green_blue_alpha = CHANGE_COLOURS(np.linspace(0.0, 1.0, BAR_COLOURS))
    opacity = red_green_blue_alpha[:, 3:]
    of_bars = opacity * red_green_blue_alpha[:, :3] + (1.0 - opacity) * np.array(to_rgb(BAR_GROUND))
    greys = np.repeat(np.linspace(0.0, 1.0, GREYS), 3)
    fixed = np.rint(255.0 * np.concatenate([of_bars.ravel(), greys])).astype(int)
    palette = Image.new("P", (1, 1))
    palette.putpalette([*of_picture[: 3 * PICTURE_COLOURS], *fixed.tolist()])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)
    return file
