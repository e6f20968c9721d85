"""Options that several commands share, and how their texts are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import ScanEntry

ResultFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a fit.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def scan_entry(text: str, option: str) -> ScanEntry:
    """Read `12:path`, split at the first colon; the path becomes absolute."""
    months, colon, path = text.partition(":")
    if not (colon and path):
        raise InputError(
            "option-format",
            f"{option} cannot be read.",
            expected="months and a path, for example 12:scan.nii.gz",
            found=text,
            advice="Put the months since the baseline and a colon before the path.",
        )
    return ScanEntry(str(Path(path).absolute()), number(months, option))


def month_list(text: str, option: str) -> tuple[float, ...]:
    """Read months separated by commas, for example `0,12,24.5`."""
    return tuple(number(part, option) for part in text.split(","))


def number(text: str, option: str) -> float:
    """Read a number of months."""
    try:
        return float(text)
    except ValueError as error:
        raise InputError(
            "option-format",
            f"{option} cannot be read.",
            expected="months as a number, for example 12 or 12.5",
            found=repr(text),
            advice="Give the time in months since the baseline, not as a date.",
        ) from error


def absolute(path: Path | None) -> str | None:
    """Return an absolute path as text, where there is one."""
    return None if path is None else str(path.absolute())
