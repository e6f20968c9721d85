"""Months between scans from the dates of their DICOM headers. Needs the standard library alone."""

from __future__ import annotations

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.dates import HeaderDate

DAYS_PER_MONTH = 30.4375
DIGITS = 2
"""A hundredth of a month is a third of a day: rounding never makes two days one."""

LARGEST_DIFFERENCE_MONTHS = 1.0
"""Between typed months and dates; more is a slip in one of them."""


def months_between(baseline: HeaderDate, scan: HeaderDate, name: str) -> float:
    """Return how many months after the baseline a scan was made: days / 30.4375, to 0.01.

    Parameters
    ----------
    baseline, scan : HeaderDate
        Of both headers.
    name : str
        What messages call the scan.

    Raises
    ------
    InputError
        A date is missing, was removed, is that of the baseline or lies before it.
    """
    for date, whose in ((baseline, "the baseline"), (scan, name)):
        if date.day is None or date.changed == "REMOVED":
            raise _refused(
                "dates-missing",
                f"The interval from the baseline to {name} is not known.",
                "a date in the DICOM headers of both, or months before the path",
                f"no date in the header of {whose}"
                if date.day is None
                else f"a header of {whose} that says that its dates were removed",
            )
    days = _days(baseline, scan)
    if days <= 0:
        raise _refused(
            "dates-order",
            f"By the dates of the headers, {name} was not made after the baseline.",
            "follow-ups later than the baseline",
            f"{name} {-days} days ({_months(-days):g} months) before the baseline"
            if days
            else f"{name} on the day of the baseline",
        )
    return _months(days)


def interval_notes(
    baseline: HeaderDate, scan: HeaderDate, name: str, months: float, typed: bool
) -> list[str]:
    """Return what is doubtful about an interval.

    Parameters
    ----------
    baseline, scan, name
        As for :func:`months_between`; dates may be missing.
    months : float
        What is taken.
    typed : bool
        Whether a person gave the months.
    """
    changed = "MODIFIED" in (baseline.changed, scan.changed)
    if not typed:
        return [_shifted(name, months)] if changed else []
    if baseline.day is None or scan.day is None or "REMOVED" in (baseline.changed, scan.changed):
        return []
    days = _days(baseline, scan)
    if abs(days / DAYS_PER_MONTH - months) <= LARGEST_DIFFERENCE_MONTHS:
        return []
    shifted = ", which were changed to hide the person" if changed else ""
    return [
        f"{name}: {months:g} months after the baseline as given, {days / DAYS_PER_MONTH:.2f} by the dates of "
        f"the headers{shifted}. The given months are taken: check them."
    ]


def _shifted(name: str, months: float) -> str:
    return (
        f"{name}: a header says, or its date shows, that dates were changed to hide the person. The "
        f"{months:g} months hold only where both scans were shifted alike: check them, or give the months."
    )


def _days(baseline: HeaderDate, scan: HeaderDate) -> int:
    assert baseline.day is not None  # the callers looked
    assert scan.day is not None
    return (scan.day - baseline.day).days


def _months(days: int) -> float:
    return round(days / DAYS_PER_MONTH, DIGITS)


def _refused(code: str, message: str, expected: str, found: str) -> InputError:
    return InputError(
        code,
        message,
        expected=expected,
        found=found,
        advice="Give the months since the baseline: --follow-up MONTHS:PATH, for example 12:scan, or "
        "months= in Python; or exchange the scans if they are in the wrong order.",
    )
