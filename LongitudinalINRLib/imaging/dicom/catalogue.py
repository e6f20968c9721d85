"""The series in a folder and below it, each in a line for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.dates import HeaderDate, header_date
from LongitudinalINRLib.imaging.dicom.headers import Header
from LongitudinalINRLib.imaging.dicom.kind import T1_3D, kind_of
from LongitudinalINRLib.imaging.dicom.parser import ShouldStop
from LongitudinalINRLib.imaging.dicom.stack import stack_of
from LongitudinalINRLib.imaging.dicom.walk import files_below, look_at

LONGEST_DESCRIPTION = 64
"""Of a long string, LO (DICOM PS3.5, section 6.2)."""


@dataclass(frozen=True)
class SeriesEntry:
    """A series of a folder.

    Parameters
    ----------
    uid, number, description : str
        As the header says; empty where it does not.
    images : int
        Slices, those of multi-frame files included.
    spacing_mm : tuple of float, optional
        Between voxels along column, row and slice axis; None where the images are not one volume.
    kind : str
        See `kind.kind_of`.
    date : HeaderDate
        The earliest of its images.
    files : tuple of Path
        By path.
    """

    uid: str
    number: str
    description: str
    images: int
    spacing_mm: tuple[float, ...] | None
    kind: str
    date: HeaderDate
    files: tuple[Path, ...]

    @property
    def qualifies(self) -> bool:
        """Whether it is known to be a three-dimensional T1-weighted scan."""
        return self.kind.startswith(T1_3D)


@dataclass(frozen=True)
class Catalogue:
    """What a folder holds.

    Parameters
    ----------
    series : tuple of SeriesEntry
        By day and number.
    harmed : int
        Files that are damaged, or named like a slice and are none.
    """

    series: tuple[SeriesEntry, ...]
    harmed: int

    def name_of(self, entry: SeriesEntry) -> str:
        """Return what a series may be called after a `#`: its number if no other has it, else its UID."""
        alike = [other for other in self.series if other.number == entry.number]
        return entry.number if entry.number.isdecimal() and len(alike) == 1 else entry.uid


def catalogue(folder: Path, should_stop: ShouldStop = None) -> Catalogue:
    """Look through a folder and its subfolders by the headers of the files.

    Raises
    ------
    InputError
        The folder cannot be read, or holds too much.
    Cancelled
        The person asked to stop.
    """
    found = look_at(files_below(folder, should_stop), should_stop)
    groups: dict[str, list[Header]] = {}
    for header in found.images:
        groups.setdefault(header.elements.text(tags.SERIES), []).append(header)
    entries = [_entry(uid, headers) for uid, headers in groups.items()]
    return Catalogue(tuple(sorted(entries, key=_order)), len(found.harmed))


def _order(entry: SeriesEntry) -> tuple[date, int, str]:
    number = int(entry.number) if entry.number.isdecimal() else 0
    return entry.date.day or date.max, number, entry.uid


def _entry(uid: str, headers: list[Header]) -> SeriesEntry:
    elements = headers[0].elements
    spacing_mm = _spacing_mm(headers)
    dates = [header_date(header.elements) for header in headers]
    return SeriesEntry(
        uid,
        elements.text(tags.SERIES_NUMBER),
        elements.words(tags.SERIES_DESCRIPTION)[:LONGEST_DESCRIPTION],
        sum(_frames(header) for header in headers),
        spacing_mm,
        _kind(headers[0], spacing_mm),
        min(dates, key=lambda each: (each.day is None, each.day)),
        tuple(header.path for header in headers),
    )


def _kind(header: Header, spacing_mm: tuple[float, ...] | None) -> str:
    try:
        return kind_of(header.elements, None if spacing_mm is None else spacing_mm[2])
    except InputError:  # a number of the header is none
        return "damaged"


def _frames(header: Header) -> int:
    text = header.elements.text(tags.FRAMES)
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _spacing_mm(headers: list[Header]) -> tuple[float, ...] | None:
    try:
        affine = stack_of(headers, "").affine
    except InputError:
        return None
    return tuple(float(mm) for mm in np.linalg.norm(affine[:3, :3], axis=0))
