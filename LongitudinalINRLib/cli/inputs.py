"""Scans as they are typed on the command line."""

from __future__ import annotations

import os
from pathlib import Path

from LongitudinalINRLib.cli.options import number
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.place import series_place


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


def _is_number(text: str) -> bool:
    try:
        number(text, "")
    except InputError:
        return False
    return True
