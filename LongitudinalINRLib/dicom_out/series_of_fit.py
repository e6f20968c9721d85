"""Which series an export is about: those that were given, else those that the fit was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.dicom_out.source import read_source
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.choice import choose_series
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.folder import JobFolder, read_json
from LongitudinalINRLib.jobs.identity import BASELINE, digest, scan_files
from LongitudinalINRLib.jobs.request import Request

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Series:
    """The series of an export.

    Parameters
    ----------
    baseline : Path
        Leads to the baseline's series alone.
    follow_ups : tuple of Path
        Lead to those of follow-ups.
    """

    baseline: Path
    follow_ups: tuple[Path, ...]


def series_for(
    folder: JobFolder, request: Request, baseline: Path | None, follow_ups: tuple[Path, ...], tell: Tell
) -> Series:
    """Find the series of an export.

    Parameters
    ----------
    folder, request : JobFolder, Request
        The fit's.
    baseline : Path or None
        As it was given, or None to take the one that the fit was made from.
    follow_ups : tuple of Path
        As they were given, or empty to take those that the fit was made from.
    tell : callable
        Takes what the person should know.

    Raises
    ------
    InputError
        No series of the baseline is known, or it is not clear which one is meant.
    """
    if baseline is None:
        baseline = folder.resolve(request.baseline)
        if series_place(baseline) is None:
            raise InputError(
                "dicom-baseline-unknown",
                "The DICOM series of the baseline is not known.",
                expected="a fit whose baseline is a DICOM series that is still there, or that series",
                found="a fit of another file, or of one that is gone",
                advice="Give the folder with the baseline's DICOM files: --baseline-dicom.",
            )
    given = tuple(_located(path, tell) for path in follow_ups)
    return Series(_located(baseline, tell), given or _follow_ups_of_fit(folder, request, tell))


def stated_by_fit(folder: JobFolder) -> bool:
    """Tell whether it was said for the fit that its scans are one person's, though their headers differ.

    A request of an older version, which asked nobody, says nothing of it.
    """
    content = read_json(folder.request)
    return isinstance(content, dict) and content.get("same_person") is True


def _located(path: Path, tell: Tell) -> Path:
    """Return where the series that is meant lies, searched for as a fit searches for its scans."""
    place = series_place(path)
    if place is None:
        return path  # what is wrong with it is told by whatever reads it
    chosen = choose_series(place)
    if chosen.word:
        tell(chosen.word)
    return chosen.path


def _follow_ups_of_fit(folder: JobFolder, request: Request, tell: Tell) -> tuple[Path, ...]:
    """Return those series of the fit's follow-ups, by month, that are still as they were fitted."""
    identity = read_identity(folder.identity) if folder.identity.exists() else {}
    found: dict[str, Path] = {}
    reason = ""
    for name, path in scan_files(request).items():
        if name == BASELINE:
            continue
        series, reason = _as_it_was(folder.resolve(path), identity.get(name))
        if series is not None:
            found[name] = series
    if reason:  # of the last one
        home = f"that of {list(found)[-1]}" if found else "that of the baseline"
        tell(f"The latest follow-up, {name}, {reason}: the objects go into another study, {home}.")
    return tuple(found.values())


def _as_it_was(path: Path, known_digest: str | None) -> tuple[Path | None, str]:
    """Return where a series lies that the fit was made from, or why it cannot be used, in words."""
    place = series_place(path)
    if place is None:
        return None, "is not a DICOM series, or is gone"
    try:
        series = choose_series(place).path
        read_source(series)
        same = known_digest in (None, digest(series))
    except InputError as error:
        return None, f"cannot be used ({error.message.rstrip('.')})"
    return (series, "") if same else (None, "is not the series any more that was fitted")
