"""How far beyond the last scan a result may be asked. Needs the standard library alone."""

from __future__ import annotations

from collections.abc import Sequence

from LongitudinalINRLib.errors import InputError

WARNED_SPANS = 0.5
"""Beyond the last scan, in spans from the baseline to it: farther off, people are warned."""

TRUSTED_SPANS = 1.0
"""Farther off, nothing is answered unless the person said that it is wanted."""

_ROUNDING = 1e-9


def spans_beyond(months: float, last_scan_months: float) -> float:
    """Return how many times the span of the scans a month lies beyond the last of them; 0 up to it.

    Parameters
    ----------
    months, last_scan_months : float
        Since the baseline; the last scan's is positive.
    """
    return max(0.0, months - last_scan_months) / last_scan_months


def warning_of_far(months: Sequence[float], last_scan_months: float) -> str | None:
    """Return what people should know about months far beyond the last scan, or None."""
    far = [month for month in months if spans_beyond(month, last_scan_months) > WARNED_SPANS + _ROUNDING]
    if not far:
        return None
    named = f"Month {far[0]:g} lies" if len(far) == 1 else f"Months {min(far):g} to {max(far):g} lie"
    return (
        f"{named} more than half the observed time beyond the last scan (month {last_scan_months:g}): a "
        f"projection of the course so far, not a measurement, and its intervals do not know what comes."
    )


def refuse_far(months: Sequence[float], last_scan_months: float, advice: str) -> None:
    """Refuse months that lie farther beyond the last scan than the scans span.

    Parameters
    ----------
    months : sequence of float
        What is asked, since the baseline.
    last_scan_months : float
        The last scan.
    advice : str
        How a person says that it is wanted all the same.

    Raises
    ------
    InputError
        One of the months lies that far off.
    """
    farthest = max(months, default=0.0)
    if spans_beyond(farthest, last_scan_months) <= TRUSTED_SPANS + _ROUNDING:
        return
    raise InputError(
        "far-beyond-scans",
        f"Month {farthest:g} lies farther beyond the last scan than the scans span.",
        expected=f"months up to {(1 + TRUSTED_SPANS) * last_scan_months:g}, twice that of the last scan",
        found=f"month {farthest:g}; the last scan is of month {last_scan_months:g}",
        advice=advice,
    )
