"""The scans of a fit: which files are meant, how many months lie between them, and what there is to say."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.cli.options import number
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.dates import HeaderDate
from LongitudinalINRLib.imaging.dicom.kind import UNKNOWN
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.imaging.formats.source import open_regular
from LongitudinalINRLib.jobs.intervals import interval_notes, months_between
from LongitudinalINRLib.jobs.request import ScanEntry


@dataclass(frozen=True)
class GivenScans:
    """What becomes a part of a request.

    Parameters
    ----------
    baseline : ScanEntry
        At month 0.
    follow_ups : tuple of ScanEntry
        As they were given, in their order.
    notes : tuple of str
        What the account of the fit should tell.
    """

    baseline: ScanEntry
    follow_ups: tuple[ScanEntry, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Scan:
    path: str
    date: HeaderDate
    word: str = ""
    kind: str = UNKNOWN


def given_scans(baseline: Path, follow_ups: Sequence[str], keep_dates: bool = True) -> GivenScans:
    """Find the scans that a person gave.

    Parameters
    ----------
    baseline : Path
        A file, a folder of DICOM files, or `FOLDER#SERIES`.
    follow_ups : sequence of str
        Each `MONTHS:PATH`, or `PATH` where the headers have the dates.
    keep_dates : bool
        Whether the days are kept in the request.

    Raises
    ------
    InputError
        A series is not there or not clear (see `choice.choose_series`), an interval is not known (see
        `intervals.months_between`), or a text cannot be read.
    """
    first = _found(baseline)
    entries, scans = [], {}
    for place, (months, path) in enumerate(map(typed_scan, follow_ups), start=1):
        if months is None and series_place(path) is None:
            open_regular(path).close()  # what is not there is told before its date is missed
        scan = _found(path)
        taken = months_between(first.date, scan.date, f"follow-up {place}") if months is None else months
        entry = ScanEntry(
            scan.path, taken, "headers" if months is None else "given", _kept(scan.date, keep_dates)
        )
        entries.append(entry)
        scans[entry] = scan
    notes = [f"scan-0: {first.word}"] if first.word else []
    for index, entry in enumerate(sorted(entries, key=lambda entry: entry.months), start=1):
        scan, name = scans[entry], f"scan-{index}"
        notes += [f"{name}: {scan.word}"] if scan.word else []
        notes += _kind_notes(first, scan, name)
        notes += interval_notes(first.date, scan.date, name, entry.months, entry.months_from == "given")
    kept = _kept(first.date, keep_dates)
    return GivenScans(ScanEntry(first.path, 0.0, date=kept), tuple(entries), tuple(notes))


def typed_scan(text: str) -> tuple[float | None, Path]:
    """Read `12:path`, split at the first colon, or a path alone.

    Raises
    ------
    InputError
        There are no months before the colon, and no file or folder of the whole name.
    """
    months, colon, path = text.partition(":")
    whole = Path(text)
    if not colon or not _is_number(months):
        if series_place(whole) or os.path.exists(whole) or not colon:
            return None, whole
        number(months, "--follow-up")
    if not path.strip():
        raise InputError(
            "option-format",
            "--follow-up cannot be read.",
            expected="months and a path, for example 12:scan.nii.gz, or a folder of DICOM files",
            found=text,
            advice="Put the path behind the colon.",
        )
    return number(months, "--follow-up"), Path(path)


def _found(path: Path) -> _Scan:
    place = series_place(path)
    if place is None:
        return _Scan(str(path.absolute()), HeaderDate())
    from LongitudinalINRLib.imaging.dicom.choice import choose_series  # numpy, only where it is needed

    chosen = choose_series(place)
    return _Scan(str(chosen.path.absolute()), chosen.entry.date, chosen.word, chosen.entry.kind)


def _kind_notes(first: _Scan, scan: _Scan, name: str) -> list[str]:
    """Tell of scans of two kinds: what they differ in would be taken for change."""
    if UNKNOWN in (first.kind, scan.kind) or first.kind == scan.kind:
        return []
    return [f"{name}: {scan.kind} by its header, the baseline {first.kind}. Compare scans of one kind."]


def _kept(date: HeaderDate, keep: bool) -> str | None:
    return date.day.isoformat() if keep and date.day and date.changed != "REMOVED" else None


def _is_number(text: str) -> bool:
    try:
        number(text, "")
    except InputError:
        return False
    return True
