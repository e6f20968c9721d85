"""What lies in a folder of DICOM files, told by headers; nothing is refused before all was looked at.

Needs the standard library alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import damaged
from LongitudinalINRLib.imaging.dicom.headers import Header, read_header
from LongitudinalINRLib.imaging.dicom.parser import ShouldStop, check_stop

MOST_FILES = 20_000
MOST_FILES_BELOW = 100_000
SLICE_SUFFIXES = (".dcm", ".dicom", ".ima")
_DIRECTORY_CLASS = "1.2.840.10008.1.3.10"


@dataclass
class Found:
    """The files of a folder by what they are.

    Parameters
    ----------
    images, without_voxels : list of Header
        DICOM files with voxels, and without, such as reports and tables of contents.
    others : list of Path
        What is no DICOM file.
    harmed : list of (Path, InputError)
        Damaged files, and files that are named like a slice and are none: any of them may be a lost slice.
    """

    images: list[Header] = field(default_factory=list)
    without_voxels: list[Header] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    harmed: list[tuple[Path, InputError]] = field(default_factory=list)


def look_at(paths: Iterable[Path], should_stop: ShouldStop = None) -> Found:
    """Read the headers of files.

    Raises
    ------
    Cancelled
        The person asked to stop.
    """
    found = Found()
    for path in paths:
        check_stop(should_stop)
        try:
            header = read_header(path, should_stop)
            if header is None:
                _refuse_lost_slice(path)
                found.others.append(path)
            else:
                (found.images if _is_image(header) else found.without_voxels).append(header)
        except InputError as error:
            found.harmed.append((path, error))
    return found


def entries(folder: Path, should_stop: ShouldStop = None) -> list[Path]:
    """Return what lies in a folder, by name, once it is known not to be too much for one scan.

    Raises
    ------
    InputError
        The folder cannot be read, or holds more than `MOST_FILES`.
    Cancelled
        The person asked to stop.
    """
    return sorted(_scanned(folder, MOST_FILES, should_stop))


def files_below(folder: Path, should_stop: ShouldStop = None) -> list[Path]:
    """Return the files in a folder and its subfolders, by path; links to folders are not followed.

    Raises
    ------
    InputError
        A folder cannot be read, or there are more than `MOST_FILES_BELOW`.
    Cancelled
        The person asked to stop.
    """
    files: list[Path] = []
    folders = [folder]
    while folders:
        left = MOST_FILES_BELOW - len(files) - len(folders)
        for path in _scanned(folders.pop(), left, should_stop):
            if not os.path.isdir(path):
                files.append(path)
            elif not path.is_symlink():
                folders.append(path)
    return sorted(files)


def _scanned(folder: Path, most: int, should_stop: ShouldStop) -> Iterator[Path]:
    count = 0
    try:
        with os.scandir(folder) as found:
            for entry in found:
                check_stop(should_stop)
                count += 1
                if count > most:
                    raise InputError(
                        "dicom-too-large",
                        f"The folder {folder.name} holds too many files for one scan.",
                        expected=f"at most {most} files",
                        found="more than that",
                        advice="Put the files of one scan into a folder of their own.",
                    )
                yield folder / entry.name
    except OSError as error:
        raise InputError(
            "file-unreadable",
            f"The folder {folder.name} cannot be read.",
            expected="a folder with the files of one DICOM series",
            found=error.strerror or str(error),
            advice="Check the path and the rights to read it.",
        ) from error


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
