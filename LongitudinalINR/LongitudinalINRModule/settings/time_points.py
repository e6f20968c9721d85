"""Which months get a stored map."""

from __future__ import annotations

from collections.abc import Sequence

from LongitudinalINRLib.horizon import TRUSTED_SPANS, WARNED_SPANS, spans_beyond

FAR = "⚠ More than half the observed time beyond the last scan: where the trend leads, no more."

# A stored month this close to a scan's would show the same twice.
CLOSEST_MONTHS = 0.25


def map_months(
    scan_months: Sequence[float], step_months: float, extrapolate_months: float
) -> tuple[float, ...]:
    """Return the months of the scans, those a step apart between and beyond them, and the very last one.

    Parameters
    ----------
    scan_months : sequence of float
        Months of the scans, the baseline's 0 among them.
    step_months : float
        Distance; 0 for the scans only.
    extrapolate_months : float
        How far beyond the last scan.

    Returns
    -------
    tuple of float
        Ascending; no two closer than a quarter of a month, unless both are scans.
    """
    last = max(scan_months)
    horizon = last + extrapolate_months
    months = set(scan_months) | {horizon}
    count = int(horizon / step_months + 1e-9) if step_months > 0 else 0
    for index in range(1, count + 1):
        month = round(index * step_months, 6)
        if all(abs(month - other) >= CLOSEST_MONTHS for other in months):
            months.add(month)
    return tuple(sorted(months))


def describe_months(months: Sequence[float], last_scan: float) -> str:
    """Say in one line which months get a map, and where they are no longer measured."""
    text = f"{len(months)} maps, months {months[0]:.4g} to {months[-1]:.4g}"
    if months[-1] <= last_scan:
        return f"{text}."
    far = f" {FAR}" if spans_beyond(months[-1], last_scan) > WARNED_SPANS else ""
    return f"{text}, predicted after {last_scan:.4g}.{far}"


def is_very_far(months: float, last_scan: float) -> bool:
    """Tell whether a month lies farther beyond the last scan than the scans span."""
    return spans_beyond(months, last_scan) > TRUSTED_SPANS
