"""Options that several commands share, and how their texts are read."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import typer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import NormsEntry, ScanEntry
from LongitudinalINRLib.words import LONGEST_MONTHS, SAME_MONTH, Sex

ResultFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a fit.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
AllowFar = Annotated[
    bool,
    typer.Option("--allow-far", help="Allow months farther beyond the last scan than the scans span."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the output if it exists.")]

NormsFile = Annotated[
    Path | None,
    typer.Option(help="Norms of healthy people (see `norms build`); gives centiles. Needs --age and --sex."),
]
Age = Annotated[
    float | None, typer.Option(help="Age at the baseline, for --norms.", metavar="YEARS", show_default=False)
]
SexOption = Annotated[
    Sex | None, typer.Option("--sex", help="As the people of the norms were recorded, for --norms.")
]

StudyCode = Annotated[
    str | None,
    typer.Option(
        "--study-code",
        help="Shown on the report: what the study calls this person, never a name.",
        metavar="TEXT",
    ),
]

LabelNumbers = Literal["auto", "freesurfer", "other"]
Numbering = Annotated[
    LabelNumbers,
    typer.Option(
        "--label-numbers",
        help="Whose numbers the labels are; auto: FreeSurfer's where all fit and sides lie right.",
    ),
]

LONGEST_STUDY_CODE = 40

MOST_MONTHS = 1201
"""Of one list: every month of the longest time that can be asked for."""


def checked_study_code(code: str | None) -> str | None:
    """Return a study code that may be printed.

    Raises
    ------
    InputError
        It is too long, or holds what cannot be printed.
    """
    if code is None or (len(code) <= LONGEST_STUDY_CODE and code.isprintable()):
        return code
    raise InputError(
        "study-code",
        "The study code cannot be used.",
        expected=f"at most {LONGEST_STUDY_CODE} letters that can be printed",
        found=f"{len(code)} letters" if code.isprintable() else "letters that cannot be printed",
        advice="Give the short code of the study, never a name.",
    )


def label_names(numbers: LabelNumbers) -> dict[int, str] | None:
    """Return the names that labels get, as `Request.region_names` takes them."""
    if numbers == "auto":
        return None
    from LongitudinalINRLib.analysis.atlas import freesurfer_names

    return freesurfer_names() if numbers == "freesurfer" else {}


def norms_entry(path: Path | None, age_years: float | None, sex: Sex | None) -> NormsEntry | None:
    """Return the norms that were asked for.

    Raises
    ------
    InputError
        One of the three is missing, or the age cannot be.
    """
    given = {"--norms": path, "--age": age_years, "--sex": sex}
    missing = [option for option, value in given.items() if value is None]
    if path is None or age_years is None or sex is None:
        if len(missing) == len(given):
            return None
        raise InputError(
            "norms-incomplete",
            "Norms need a file, an age and a sex.",
            expected="--norms FILE --age YEARS --sex F or M, or none of them",
            found="no " + ", no ".join(missing),
            advice="Give what is missing, or leave the others out.",
        )
    from LongitudinalINRLib.jobs.checks import check_age

    check_age(age_years)
    return NormsEntry(str(path.absolute()), age_years, sex)


def scan_entry(text: str, option: str) -> ScanEntry:
    """Read `12:path`, split at the first colon; the path becomes absolute."""
    months, colon, path = text.partition(":")
    if not (colon and path.strip()):
        raise InputError(
            "option-format",
            f"{option} cannot be read.",
            expected="months and a path, for example 12:scan.nii.gz",
            found=text,
            advice="Put the months since the baseline and a colon before the path.",
        )
    return ScanEntry(str(Path(path).absolute()), number(months, option))


def month_list(text: str, option: str) -> tuple[float, ...]:
    """Read months separated by commas, for example `0,12,24.5`.

    Raises
    ------
    InputError
        One of them is not a number from 0 to 1200, two are the same time, or there are too many.
    """
    parts = text.split(",")
    if len(parts) > MOST_MONTHS:
        raise _refused(option, f"at most {MOST_MONTHS} months", f"{len(parts)} months", "Ask for fewer.")
    months = tuple(number(part, option) for part in parts)
    for month in months:
        if not (month == 0 or SAME_MONTH <= month <= LONGEST_MONTHS):
            raise _refused(
                option,
                f"months since the baseline, from 0 to {LONGEST_MONTHS:g}",
                f"{month:g}",
                "The baseline is month 0; give every other time in months after it.",
            )
    ordered = sorted(months)
    for earlier, later in pairwise(ordered):
        if later - earlier < SAME_MONTH:
            raise _refused(option, "every month once", f"{earlier:g} and {later:g}", "Leave one of them out.")
    return months


def number(text: str, option: str) -> float:
    """Read a number of months."""
    try:
        return _float(text)
    except ValueError as error:
        raise InputError(
            "option-format",
            f"{option} cannot be read.",
            expected="months as a number, for example 12 or 12.5",
            found=repr(text),
            advice="Give the time in months since the baseline, not as a date.",
        ) from error


def numbers(text: str, option: str, expected: str) -> tuple[float, ...]:
    """Read numbers separated by commas; `expected` says what they are.

    Raises
    ------
    InputError
        One of them is no number.
    """
    try:
        return tuple(_float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(
            "option-format",
            f"{option} cannot be read.",
            expected=expected,
            found=repr(text),
            advice="Put commas between the numbers and nothing else.",
        ) from error


def _float(text: str) -> float:
    if "_" in text:  # which Python takes between digits
        raise ValueError
    return float(text)


def absolute(path: Path | None) -> str | None:
    """Return an absolute path as text, where there is one."""
    return None if path is None else str(path.absolute())


def _refused(option: str, expected: str, found: str, advice: str) -> InputError:
    return InputError(
        "option-months",
        f"The months of {option} cannot be used.",
        expected=expected,
        found=found,
        advice=advice,
    )
