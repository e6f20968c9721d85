"""The mean change of groups over time as one figure: ``python -m LongitudinalINRLib.cohort.maps.figure OUT FILE``.

A row a group, a column a month, each with an axial and a coronal slice: the figure in which published work
compares patients with controls.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from LongitudinalINRLib.analysis.figures.planes import Plane, PlaneName, planes_at
from LongitudinalINRLib.analysis.figures.sheets import Tile, sheet
from LongitudinalINRLib.analysis.wording import month_text
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.maps.pictures import group_tiles, limit_of, named, with_bar
from LongitudinalINRLib.cohort.maps.reading import GroupMaps, open_maps
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import writing

SLICES: tuple[tuple[PlaneName, float], ...] = (("axial", 6.0), ("coronal", -20.0))
COLUMN_PIXELS = 340


def figure_of_groups(maps: GroupMaps, path: Path, months: Sequence[float] | None = None) -> Path:
    """Draw the mean |J| of each group at some months.

    Parameters
    ----------
    maps : GroupMaps
        The maps of a cohort.
    path : Path
        PNG, WebP, JPEG or TIFF, by its ending; replaced if it exists.
    months : sequence of float, optional
        The columns; all months that there are maps of by default.

    Raises
    ------
    InputError
        There is no map of one of the months.
    """
    shown = list(maps.note.months if months is None else months)
    limit, planes = limit_of(maps), planes_at(maps.space.brain, SLICES)
    rows = []
    for group, count in maps.note.groups.items():
        cells = [group_tiles(maps, planes, group, month, limit) for month in shown]
        for number, plane in enumerate(planes):
            row = [_plain(cell[number], plane) for cell in cells]
            rows.append([_called(row[0], named(group, count) if number == 0 else ""), *row[1:]])
    drawn = with_bar(sheet(rows, COLUMN_PIXELS * len(shown), [month_text(m) for m in shown]), limit, "%")
    with writing(path) as part:
        drawn.save(part)
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figure of a cohort's output folder."""
    parser = argparse.ArgumentParser(prog="python -m LongitudinalINRLib.cohort.maps.figure", description=__doc__)
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


def _plain(tile: Tile, plane: Plane) -> Tile:
    """Return a slice without its position: it is the same in the whole row."""
    return Tile(plane, tile.colours)


def _called(tile: Tile, text: str) -> Tile:
    return Tile(tile.plane, tile.colours, text)


if __name__ == "__main__":
    sys.exit(main())
