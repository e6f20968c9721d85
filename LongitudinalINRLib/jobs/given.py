"""The scans of a fit as a person gives them: which files are meant, the months between them, what to say.

The command line and Python share it. Needs the standard library alone until a folder of DICOM files is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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


def given_scans(
    baseline: Path, follow_ups: Sequence[tuple[float | None, Path]], keep_dates: bool = True
) -> GivenScans:
    """Find the scans that a person gave.

    Parameters
    ----------
    baseline : Path
        A file, a folder of DICOM files, or `FOLDER#SERIES`.
    follow_ups : sequence of (float or None, Path)
        Months since the baseline, None where the headers have the dates, and where the scan lies.
    keep_dates : bool
        Whether the days are kept in the request.

    Raises
    ------
    InputError
        A series is not there or not clear (see `choice.choose_series`), an interval is not known (see
        `intervals.months_between`), or a scan without months is not there.
    """
    first = _found(baseline)
    entries, scans = [], {}
    for place, (months, path) in enumerate(follow_ups, start=1):
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
