"""The files of the one DICOM series that a folder holds, told by their headers.

Only the folder itself is looked at, not its subfolders. A file is part of the series if it is a DICOM image;
one that is named like an image and is none may be a slice that was lost, and is never passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import damaged
from LongitudinalINRLib.imaging.dicom.headers import Header, read_header
from LongitudinalINRLib.imaging.dicom.parser import ShouldStop, check_stop

MOST_FILES = 20_000
LARGEST_SERIES_BYTES = 8 << 30
SLICE_SUFFIXES = (".dcm", ".dicom", ".ima")
MANY_OTHER_FILES = 20
_DIRECTORY_CLASS = "1.2.840.10008.1.3.10"


def find_series(folder: Path, should_stop: ShouldStop = None) -> tuple[list[Header], list[str]]:
    """Read the headers in a folder and return those of its one series.

    Parameters
    ----------
    folder : Path
        Where the files of one scan lie; subfolders are not searched.
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
    images: list[Header] = []
    without_voxels: list[Header] = []
    others: list[Path] = []
    subfolders = 0
    for path in _entries(folder, should_stop):
        if os.path.isdir(path):
            subfolders += 1
            continue
        header = read_header(path, should_stop)
        if header is None:
            _refuse_lost_slice(path)
            others.append(path)
        elif _is_image(header):
            images.append(header)
        else:
            without_voxels.append(header)
    series = {header.elements.text(tags.SERIES) for header in images}
    if len(series) != 1:
        raise _not_one_series(folder, len(series), subfolders)
    for header in without_voxels:
        if header.elements.text(tags.SERIES) in series:
            raise damaged(header.path.name, "a file of the series without voxels")
    _check_size(images, folder)
    return images, _warnings(images, others, folder)


def _entries(folder: Path, should_stop: ShouldStop) -> Iterator[Path]:
    """Yield what lies in a folder by name, once it is known not to be too much."""
    names = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                check_stop(should_stop)
                names.append(entry.name)
                if len(names) > MOST_FILES:
                    raise InputError(
                        "dicom-too-large",
                        f"The folder {folder.name} holds too many files for one scan.",
                        expected=f"at most {MOST_FILES} files",
                        found="more than that",
                        advice="Put the files of one scan into a folder of their own.",
                    )
    except OSError as error:
        raise InputError(
            "file-unreadable",
            f"The folder {folder.name} cannot be read.",
            expected="a folder with the files of one DICOM series",
            found=error.strerror or str(error),
            advice="Check the path and the rights to read it.",
        ) from error
    for name in sorted(names):
        check_stop(should_stop)
        yield folder / name


def _is_image(header: Header) -> bool:
    """Tell images from a table of contents, reports and the like."""
    elements = header.elements
    if elements.text(tags.MEDIA_SOP_CLASS) == _DIRECTORY_CLASS:
        return False
    if not elements.text(tags.SERIES):
        raise damaged(header.path.name, "no SeriesInstanceUID")
    return header.pixel_bytes is not None or elements.integer(tags.ROWS) is not None


def _refuse_lost_slice(path: Path) -> None:
    if path.suffix.lower() in SLICE_SUFFIXES and not path.name.startswith("."):
        raise damaged(path.name, _what_else(path))


def _what_else(path: Path) -> str:
    if not os.path.exists(path):
        return "a link that leads nowhere"
    if not path.is_file():
        return "a pipe or a device"
    return "no bytes" if path.stat().st_size == 0 else "a file that is not DICOM"


def _not_one_series(folder: Path, count: int, subfolders: int) -> InputError:
    nested = f"; its {subfolders} subfolders are not searched" if subfolders and not count else ""
    return InputError(
        "dicom-series",
        f"The folder {folder.name} does not hold exactly one DICOM series.",
        expected="one series",
        found=f"{count} series{nested}",
        advice="Give the subfolder that holds the files themselves."
        if nested
        else "Put the files of one scan into a folder of their own.",
    )


def _check_size(images: list[Header], folder: Path) -> None:
    total = sum(header.file_bytes for header in images)
    if total > LARGEST_SERIES_BYTES:
        raise InputError(
            "dicom-too-large",
            f"The series in {folder.name} is too large for one scan.",
            expected=f"at most {LARGEST_SERIES_BYTES >> 30} GiB",
            found=f"{total / (1 << 30):.3g} GiB in {len(images)} files",
            advice="Put the files of one scan into a folder of their own.",
        )


def _warnings(images: list[Header], others: list[Path], folder: Path) -> list[str]:
    """Tell of files that are no DICOM, where one of them may have been a slice."""
    suffixes = {header.path.suffix.lower() for header in images}
    alike = [path for path in others if path.suffix.lower() in suffixes and not path.name.startswith(".")]
    if not alike and len(others) <= MANY_OTHER_FILES:
        return []
    return [
        f"{folder.name}: {len(others)} of its files are not DICOM and were left out. "
        "Check that no slices are missing."
    ]
