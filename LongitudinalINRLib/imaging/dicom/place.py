"""Where a series lies: a folder of DICOM files, or `FOLDER#SERIES`. Needs the standard library alone."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_CHOSEN = re.compile(r"(?s)(.+)#([0-9][0-9.]{0,63})")
"""A SeriesInstanceUID has at most 64 characters (DICOM PS3.5, section 9.1)."""


@dataclass(frozen=True)
class SeriesPlace:
    """A folder, and which of the series below it is meant.

    Parameters
    ----------
    folder : Path
        Exists.
    series : str
        SeriesInstanceUID or number of the series; empty where the folder itself holds one series alone.
    """

    folder: Path
    series: str = ""


def series_place(path: Path) -> SeriesPlace | None:
    """Read a path that may lead to a DICOM series.

    Returns
    -------
    SeriesPlace or None
        None where there is no such folder. What is there under the whole text is what is meant, whatever
        stands behind a `#` in its name.
    """
    if os.path.isdir(path):
        return SeriesPlace(path)
    match = _CHOSEN.fullmatch(str(path))
    if match is None or os.path.lexists(path) or not os.path.isdir(match[1]):
        return None
    return SeriesPlace(Path(match[1]), match[2])


def on_disk(path: Path) -> Path:
    """Return the file or folder that a path leads to, without the series that is chosen in it."""
    place = series_place(path)
    return path if place is None else place.folder
