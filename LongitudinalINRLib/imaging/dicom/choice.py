"""Which of the series in a folder is the scan that is meant: told or asked, never guessed in silence."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.catalogue import Catalogue, SeriesEntry, catalogue
from LongitudinalINRLib.imaging.dicom.folder import not_one_series
from LongitudinalINRLib.imaging.dicom.kind import T1_3D
from LongitudinalINRLib.imaging.dicom.parser import ShouldStop
from LongitudinalINRLib.imaging.dicom.place import SeriesPlace

MOST_SHOWN = 20


@dataclass(frozen=True)
class ChosenSeries:
    """The series that is read.

    Parameters
    ----------
    path : Path
        Leads to it alone: the folder that holds nothing else, or `FOLDER#SeriesInstanceUID`.
    entry : SeriesEntry
        What it is.
    word : str
        Why this one and what was left out; empty where it was named or is the only one.
    """

    path: Path
    entry: SeriesEntry
    word: str = ""


def choose_series(place: SeriesPlace, should_stop: ShouldStop = None) -> ChosenSeries:
    """Find the series that is meant.

    One that is named is taken whatever it is. Else the one that lies directly in the folder, if it is alone
    there; else the only one below it; else the only one that is known to be a 3D T1-weighted scan.

    Raises
    ------
    InputError
        There is none, or several could be meant; the message lists them.
    Cancelled
        The person asked to stop.
    """
    found = catalogue(place.folder, should_stop)
    if not found.series:
        raise not_one_series(place.folder.name, 0)
    if place.series:
        return ChosenSeries(*_located(place, found, _named(place, found)))
    direct = [entry for entry in found.series if any(file.parent == place.folder for file in entry.files)]
    if len(direct) == 1 and all(file.parent == place.folder for file in direct[0].files):
        return ChosenSeries(place.folder, direct[0])
    if len(found.series) == 1:
        return ChosenSeries(*_located(place, found, found.series[0]))
    entry = _only_qualified(place, found)
    return ChosenSeries(*_located(place, found, entry), _word(entry, found))


def listed(entry: SeriesEntry) -> str:
    """Return a series in a line: number, description, kind, images, voxel size, date, UID."""
    size = " x ".join(f"{mm:.3g}" for mm in entry.spacing_mm) + " mm" if entry.spacing_mm else "no volume"
    day = entry.date.day.isoformat() if entry.date.day else "no date"
    images = f"{entry.images} image" + ("" if entry.images == 1 else "s")
    parts = [entry.description or "no description", entry.kind, images, size, day, entry.uid]
    return f"{entry.number or '?'}: " + ", ".join(parts)


def _named(place: SeriesPlace, found: Catalogue) -> SeriesEntry:
    for named in (
        [entry for entry in found.series if entry.uid == place.series],
        [entry for entry in found.series if entry.number == place.series],
    ):
        if len(named) == 1:
            return named[0]
        if named:
            raise _unclear(place, found, f"{len(named)} series of the number {place.series}", named)
    raise _unclear(place, found, f"no series {place.series}", found.series)


def _only_qualified(place: SeriesPlace, found: Catalogue) -> SeriesEntry:
    qualified = [entry for entry in found.series if entry.qualifies]
    if len(qualified) == 1:
        return qualified[0]
    if qualified:
        raise _unclear(place, found, f"{len(qualified)} {T1_3D} series", qualified)
    raise _unclear(
        place,
        found,
        f"{len(found.series)} series, none of them known to be a {T1_3D} scan",
        found.series,
    )


def _located(place: SeriesPlace, found: Catalogue, entry: SeriesEntry) -> tuple[Path, SeriesEntry]:
    """Return the folder that holds a series and nothing else, else the smallest with its UID."""
    folders = {file.parent for file in entry.files}
    others = {file.parent for other in found.series if other is not entry for file in other.files}
    if len(folders) == 1 and not folders & others:
        return folders.pop(), entry
    return Path(f"{os.path.commonpath(folders)}#{entry.uid}"), entry


def _word(entry: SeriesEntry, found: Catalogue) -> str:
    kinds = Counter(other.kind for other in found.series if other is not entry)
    left_out = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    harmed = f"; damaged files: {found.harmed}" if found.harmed else ""
    return (
        f"of the {len(found.series)} series in its folder number {entry.number or '(none)'} was taken, the "
        f"only {T1_3D} one, with {entry.images} images. Left out: {left_out}{harmed}."
    )


def _unclear(
    place: SeriesPlace, catalogue: Catalogue, found: str, series: Sequence[SeriesEntry]
) -> InputError:
    shown = "; ".join(listed(entry) for entry in series[:MOST_SHOWN])
    more = f"; and {len(series) - MOST_SHOWN} more" if len(series) > MOST_SHOWN else ""
    example = f"{place.folder.name}#{catalogue.name_of(series[0])}"
    return InputError(
        "dicom-series",
        f"Which of the series in {place.folder.name} is meant is not clear.",
        expected=f"one {T1_3D} series, or the number or SeriesInstanceUID of a series behind a #",
        found=f"{found}: {shown}{more}",
        advice=f"Name the series, for example {example}; longitudinal-inr scans FOLDER lists them.",
    )
