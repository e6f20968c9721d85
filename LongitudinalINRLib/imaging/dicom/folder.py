"""The files of one DICOM series, told by their headers.

A folder that is given alone must hold one series, and its subfolders are not looked at: nothing is left out
unseen. A series that is named (`FOLDER#SERIES`) is gathered from the folder and all below it. A file that is
named like an image and is none may be a slice that was lost, and is never passed over.
"""

from __future__ import annotations

import os
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import damaged
from LongitudinalINRLib.imaging.dicom.headers import Header
from LongitudinalINRLib.imaging.dicom.parser import ShouldStop
from LongitudinalINRLib.imaging.dicom.place import SeriesPlace, series_place
from LongitudinalINRLib.imaging.dicom.walk import Found, entries, files_below, look_at

LARGEST_SERIES_BYTES = 8 << 30
MANY_OTHER_FILES = 20


def find_series(path: Path, should_stop: ShouldStop = None) -> tuple[list[Header], list[str]]:
    """Read the headers of one series.

    Parameters
    ----------
    path : Path
        A folder that holds the files of one scan; or `FOLDER#SERIES`, which names one of the series in a
        folder and its subfolders by SeriesInstanceUID or number.
    should_stop : callable, optional
        Asked before every file.

    Returns
    -------
    headers : list of Header
        In the order of the file names.
    warnings : list of str
        Which files are not part of the series, where that may be a mistake.

    Raises
    ------
    InputError
        There is no series or more than one, a file is damaged or cannot be read, or there is too much.
    Cancelled
        The person asked to stop.
    """
    place = series_place(path) or SeriesPlace(path)
    if place.series:
        found = _part_of(look_at(files_below(place.folder, should_stop), should_stop), place)
        subfolders = 0
    else:
        paths = entries(path, should_stop)
        files = [each for each in paths if not os.path.isdir(each)]
        found, subfolders = look_at(files, should_stop), len(paths) - len(files)
    for _, error in found.harmed:
        raise error
    series = {header.elements.text(tags.SERIES) for header in found.images}
    if len(series) != 1:
        raise not_one_series(path.name, len(series), subfolders)
    for header in found.without_voxels:
        if header.elements.text(tags.SERIES) in series:
            raise damaged(header.path.name, "a file of the series without voxels")
    _check_size(found.images, path.name)
    return found.images, _warnings(found, path.name)


def of_series(images: list[Header], series: str) -> list[Header]:
    """Return the images of a series, by its SeriesInstanceUID, else by its number."""
    named = [header for header in images if header.elements.text(tags.SERIES) == series]
    return named or [header for header in images if header.elements.text(tags.SERIES_NUMBER) == series]


def not_one_series(name: str, count: int, subfolders: int = 0) -> InputError:
    """Return the error of a path that does not lead to one series."""
    nested = f"; its {subfolders} subfolders are not searched" if subfolders and not count else ""
    return InputError(
        "dicom-series",
        f"The folder {name} does not hold exactly one DICOM series.",
        expected="one series",
        found=f"{count} series{nested}",
        advice="Give the subfolder that holds the files themselves."
        if nested
        else "Put the files of one scan into a folder of their own, or name a series: FOLDER#SERIES; "
        "longitudinal-inr scans FOLDER lists them.",
    )


def _part_of(found: Found, place: SeriesPlace) -> Found:
    """Leave out what belongs to other series; what is damaged beside the series may belong to it."""
    images = of_series(found.images, place.series)
    beside = {header.path.parent for header in images}
    return Found(
        images,
        found.without_voxels,
        [path for path in found.others if path.parent in beside],
        [(path, error) for path, error in found.harmed if path.parent in beside],
    )


def _check_size(images: list[Header], name: str) -> None:
    total = sum(header.file_bytes for header in images)
    if total > LARGEST_SERIES_BYTES:
        raise InputError(
            "dicom-too-large",
            f"The series in {name} is too large for one scan.",
            expected=f"at most {LARGEST_SERIES_BYTES >> 30} GiB",
            found=f"{total / (1 << 30):.3g} GiB in {len(images)} files",
            advice="Put the files of one scan into a folder of their own.",
        )


def _warnings(found: Found, name: str) -> list[str]:
    """Tell of files that are no DICOM, where one of them may have been a slice."""
    suffixes = {header.path.suffix.lower() for header in found.images}
    others = found.others
    alike = [path for path in others if path.suffix.lower() in suffixes and not path.name.startswith(".")]
    if not alike and len(others) <= MANY_OTHER_FILES:
        return []
    return [
        f"{name}: {len(others)} of its files are not DICOM and were left out. "
        "Check that no slices are missing."
    ]
