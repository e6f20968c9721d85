"""Pictures of the groups' mean change, and of where groups differ, in the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import stats

from LongitudinalINRLib.analysis.figures.change_tiles import change_limit_percent, change_tiles, colour_bar
from LongitudinalINRLib.analysis.figures.planes import Plane, PlaneName, planes_at
from LongitudinalINRLib.analysis.figures.sheets import GROUND, INK, Tile, jpeg, sheet
from LongitudinalINRLib.analysis.map_frames import MapFrames
from LongitudinalINRLib.analysis.wording import month_text
from LongitudinalINRLib.cohort.maps.files import MapFile
from LongitudinalINRLib.cohort.maps.reading import GroupMaps

SLICES: tuple[tuple[PlaneName, float], ...] = (
    ("axial", -16.0),
    ("axial", 6.0),
    ("axial", 24.0),
    ("coronal", -20.0),
    ("coronal", 0.0),
)
"""Through hippocampi, thalamus and frontal horns, bodies of the ventricles."""

FRAME_PIXELS = 1160
LOG_P = -np.log10(0.05)
INTERVAL = 0.90
HIDDEN = 1e6
BAR_PIXELS = 300

Voxels = NDArray[np.float32]


@dataclass(frozen=True)
class GroupFrame:
    """Mean maps of all groups at one month, as one picture, a row each.

    Parameters
    ----------
    months : float
        Since the baseline.
    kind : str
        Whether the change was asked of the models at that month, or follows from the yearly change.
    jpeg : bytes
        The picture.
    """

    months: float
    kind: str
    jpeg: bytes


@dataclass(frozen=True, eq=False)
class GroupPictures:
    """What the page of the groups shows of the maps.

    Parameters
    ----------
    frames : tuple of GroupFrame
        By month, for a slider.
    start : int
        Which frame is shown first: the last month.
    limit_percent : float
        Ends of the colour scale, one for all frames.
    description : str
        What the frames show, for a caption.
    tests : tuple of (str, bytes)
        Where groups differ: a caption and a JPEG each.
    """

    frames: tuple[GroupFrame, ...]
    start: int
    limit_percent: float
    description: str
    tests: tuple[tuple[str, bytes], ...]


def group_pictures(maps: GroupMaps) -> GroupPictures:
    """Draw the mean maps of the groups at each month, and the tests."""
    limit = limit_of(maps)
    planes = planes_at(maps.space.brain, SLICES)
    frames = tuple(_frame(maps, planes, month, limit) for month in maps.note.months)
    description = (
        f"Mean change of each group since the baseline in the template ({maps.note.space}), blue for less volume, red "
        f"for more, to {limit:g} %. {maps.note.notes[-1]}"
    )
    tests = tuple(_test(maps, planes, pair) for pair in maps.contrasts)
    return GroupPictures(frames, len(frames) - 1, limit, description, tests)


def limit_of(maps: GroupMaps) -> float:
    """Return the ends of the colours, percent: one scale for all groups and months."""
    last, inside = max(maps.note.months), maps.mask.array.astype(bool)
    return max(change_limit_percent(maps.jacobian(group, last)[inside]) for group in maps.note.groups)


def group_tiles(
    maps: GroupMaps, planes: Sequence[Plane], group: str, months: float, limit_percent: float
) -> list[Tile]:
    """Draw the mean change of a group on slices of the template."""
    frames = MapFrames(maps.mask, (months,), maps.jacobian(group, months)[None], None)
    return _tiles(maps, planes, frames, limit_percent)


def named(group: str, count: int) -> str:
    """Return a group and how many people are in it."""
    return f"{group} (n = {count})"


def with_bar(image: Image.Image, limit: float, unit: str) -> Image.Image:
    """Return a picture with the scale of its colours below it."""
    letters = ImageFont.load_default(15)
    whole = Image.new("RGB", (image.width, image.height + 34), GROUND)
    whole.paste(image, (0, 0))
    bar = colour_bar().resize((BAR_PIXELS, 14))
    left, top = (image.width - BAR_PIXELS) // 2, image.height + 10
    whole.paste(bar, (left, top))
    draw = ImageDraw.Draw(whole)
    draw.text((left - 8, top + 7), f"\N{MINUS SIGN}{limit:g}", INK, letters, anchor="rm")
    draw.text((left + BAR_PIXELS + 8, top + 7), f"+{limit:g} {unit}", INK, letters, anchor="lm")
    return whole


def _frame(maps: GroupMaps, planes: Sequence[Plane], months: float, limit: float) -> GroupFrame:
    rows = [
        _titled(group_tiles(maps, planes, group, months, limit), named(group, count))
        for group, count in maps.note.groups.items()
    ]
    title = f"{month_text(months)} after the baseline"
    picture = with_bar(_headed(sheet(rows, FRAME_PIXELS), title), limit, "%")
    return GroupFrame(months, _kind(maps, months), jpeg(picture))


def _kind(maps: GroupMaps, months: float) -> str:
    return "mean of the models" if months in maps.note.months_of_models else "from the yearly change"


def _test(maps: GroupMaps, planes: Sequence[Plane], pair: tuple[str, str]) -> tuple[str, bytes]:
    """Draw the difference of two groups where it is beyond chance, or, if nowhere, beyond its interval."""
    difference, t = (np.asarray(maps.read(_of(maps, kind, pair)).array, np.float32) for kind in ("difference", "t"))
    log_p = [maps.read(file).array for file in maps.files("log_p") if _pair(file) == pair and file.of != "uncorrected"]
    certain = np.any([each > LOG_P for each in log_p], axis=0)
    free = maps.note.free[f"{pair[0]} - {pair[1]}"]
    interval = np.abs(difference / 100.0 / np.where(t == 0, 1.0, t)) * stats.t.isf((1 - INTERVAL) / 2, free)
    half_width = np.where(certain, 1e-6, HIDDEN) if certain.any() else np.where(t == 0, HIDDEN, interval)
    jacobian = np.exp(difference / 100.0)
    limit = change_limit_percent(jacobian[maps.mask.array.astype(bool)])
    frames = MapFrames(maps.mask, (0.0,), jacobian[None], half_width.astype(np.float32)[None])
    what = f"{pair[0]} \N{MINUS SIGN} {pair[1]}"
    tiles = _titled(_tiles(maps, planes, frames, limit), what)
    picture = with_bar(sheet([tiles], FRAME_PIXELS), limit, "points a year")
    caption = (
        "Where the yearly change differs beyond chance (p < 0.05 corrected for the whole brain, by voxel or by cluster)."
        if certain.any()
        else "No voxel and no cluster differs beyond chance (p < 0.05 corrected for the whole brain); shown is the "
        "difference where it lies beyond its own 90 % interval."
    )
    return f"{what}, percentage points a year. {caption}", jpeg(picture)


def _of(maps: GroupMaps, kind: str, pair: tuple[str, str]) -> MapFile:
    return next(file for file in maps.note.files if file.kind == kind and _pair(file) == pair)


def _pair(file: MapFile) -> tuple[str, str]:
    return file.group, file.reference


def _tiles(maps: GroupMaps, planes: Sequence[Plane], frames: MapFrames, limit: float) -> list[Tile]:
    return change_tiles(planes, maps.space.t1, maps.space.brain, frames, frames.months[0], limit)


def _titled(tiles: list[Tile], title: str) -> list[Tile]:
    """Write a title into the corner of the first slice of a row, in the place of its position."""
    return [Tile(tiles[0].plane, tiles[0].colours, title), *tiles[1:]]


def _headed(image: Image.Image, title: str) -> Image.Image:
    whole = Image.new("RGB", (image.width, image.height + 30), GROUND)
    whole.paste(image, (0, 30))
    ImageDraw.Draw(whole).text((image.width / 2, 15), title, INK, ImageFont.load_default(18), anchor="mm")
    return whole
