"""The mean change of groups over time as one figure.

``python -m LongitudinalINRLib.cohort.maps.figure OUT FILE`` draws it: a row a group, a column a month,
each with an axial and a coronal slice, as published work compares patients with controls.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from LongitudinalINRLib.analysis.figures.planes import PlaneName, planes_at
from LongitudinalINRLib.analysis.figures.sheets import GROUND, INK, Tile, sheet
from LongitudinalINRLib.analysis.wording import month_text
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.maps.pictures import (
    HEAD_PIXELS,
    group_tiles,
    headed,
    limit_of,
    named,
    stacked,
    with_bar,
)
from LongitudinalINRLib.cohort.maps.reading import GroupMaps, open_maps
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, writing

SLICES: tuple[tuple[PlaneName, float], ...] = (("axial", 6.0), ("coronal", -20.0))
COLUMN_PIXELS = 340


def figure_of_groups(
    maps: GroupMaps, path: Path, months: Sequence[float] | None = None, place: Place = writing
) -> Path:
    """Draw the mean |J| of each group at some months.

    Parameters
    ----------
    maps : GroupMaps
        The maps of a cohort.
    path : Path
        PNG, WebP, JPEG or TIFF, by its ending; replaced if it exists.
    months : sequence of float, optional
        The columns; all months that there are maps of by default.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).

    Raises
    ------
    InputError
        There is no map of one of the months.
    """
    shown = list(maps.note.months if months is None else months)
    limit, planes = limit_of(maps), planes_at(maps.space.brain, SLICES)
    parts = [_months(shown, COLUMN_PIXELS)]
    for group, count in maps.note.groups.items():
        cells = [group_tiles(maps, planes, group, month, limit) for month in shown]
        rows = [[Tile(plane, cell[number].colours) for cell in cells] for number, plane in enumerate(planes)]
        parts.append(headed(sheet(rows, COLUMN_PIXELS * len(shown)), named(group, count)))
    drawn = with_bar(stacked(parts), limit, "%")
    with place(path) as part:
        drawn.save(part)
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figure of a cohort's output folder."""
    parser = argparse.ArgumentParser(prog="python -m LongitudinalINRLib.cohort.maps.figure")
    parser.add_argument("out", type=Path, help="output folder of the cohort, its group level done")
    parser.add_argument("file", type=Path, help="the figure: .png, .webp, .jpg or .tif")
    parser.add_argument("--months", type=float, nargs="+", help="columns; by default all months with maps")
    asked = parser.parse_args(arguments)
    try:
        figure_of_groups(open_maps(CohortFolder(asked.out)), asked.file, asked.months)
    except InputError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _months(months: Sequence[float], column_pixels: int) -> Image.Image:
    """Return the titles of the columns."""
    strip = Image.new("RGB", (column_pixels * len(months), HEAD_PIXELS), GROUND)
    draw, letters = ImageDraw.Draw(strip), ImageFont.load_default(0.6 * HEAD_PIXELS)
    for number, month in enumerate(months):
        middle = ((number + 0.5) * column_pixels, HEAD_PIXELS / 2)
        draw.text(middle, month_text(month), INK, letters, anchor="mm")
    return strip


if __name__ == "__main__":
    sys.exit(main())
