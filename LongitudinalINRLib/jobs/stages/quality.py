"""Warnings about scans that do not go with the rest of their series."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from LongitudinalINRLib.analysis.course import exchanged_months, months_that_would_fit, turned_back
from LongitudinalINRLib.analysis.pace import Pace
from LongitudinalINRLib.analysis.quality import (
    IMPLAUSIBLE_FACTOR,
    ScanQuality,
    SeriesQuality,
    series_quality,
)
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.jobs.job import Job

LARGEST_UNEXPLAINED_SHARE = 0.1
LARGEST_UNEXPLAINED_RATIO, SMALLEST_NOTABLE_SHARE = 3.0, 0.003
"""Of a scan to the others: slices of 3 mm, turned by a few degrees, reach 1.7. A tiny share is no worry."""

NOTABLY_LESS = 0.8
"""Share left unexplained at another month, of that at its own: 0.89 and more where the months are right."""

LARGEST_IMPLAUSIBLE_SHARE = 0.1
TURNS_BACK = "The change goes one way and then back"
LARGEST_TURN_BACK = 0.005
"""In log |J|: a subject without change and with noise of 2 % reaches 0.004."""

LARGEST_TURN_BACK_SHARE, LARGEST_DOUBTED_SHARE = 0.25, 0.15
"""Of the largest change: the blurred average brain in voxels of 2 mm reaches 0.18. Less is enough where the
fit, too, explains a scan notably better at another month than its own."""

LARGEST_CHANGE_PER_YEAR = 0.08
"""The fastest loss of whole brain among 84 people with dementia (Chan et al., "Rates of global and regional
cerebral atrophy in AD and frontotemporal dementia", Neurology 57(10), 2001; 4.7 % in Alzheimer's disease)."""


def warn_of_quality(job: Job, model: FittedModel, problem: FitProblem) -> SeriesQuality:
    """Measure how well the scans of a fit go together, and warn of those that do not."""
    quality = series_quality(model, problem)
    for warning in quality_warnings(quality):
        job.reporter.warn(warning)
    return quality


def quality_warnings(quality: SeriesQuality) -> list[str]:
    """Return what the person should know about the scans, in the order of time."""
    warnings = []
    for number, scan in enumerate(quality.scans, start=1):
        name = f"scan-{number} (month {scan.months:g})"
        others = [other for other in quality.scans if other is not scan]
        if warning := _other_month(name, scan) or _unexplained(name, scan, others):
            warnings.append(warning)
        if scan.implausible_share > LARGEST_IMPLAUSIBLE_SHARE:
            warnings.append(
                f"{name}: {scan.implausible_share:.0%} of the brain would have changed by more than "
                f"{IMPLAUSIBLE_FACTOR - 1:.0%}, expected at most {LARGEST_IMPLAUSIBLE_SHARE:.0%}. Check that "
                "the scan is of this person and covers the same part of the head."
            )
    months = [scan.months for scan in quality.scans]
    extent = max(map(abs, quality.course))
    doubted = any(map(_doubted, quality.scans))
    largest_share = LARGEST_DOUBTED_SHARE if doubted else LARGEST_TURN_BACK_SHARE
    found = (
        _course_warning(months, quality.seen_course, extent, largest_share),
        _pace_warning(months, quality.fastest),
    )
    return [*warnings, *filter(None, found)]


def _unexplained(name: str, scan: ScanQuality, others: Sequence[ScanQuality]) -> str | None:
    found = scan.unexplained_share
    usual = median(other.unexplained_share for other in others) if others else found
    if found > max(SMALLEST_NOTABLE_SHARE, LARGEST_UNEXPLAINED_RATIO * usual):
        expected = f"about {usual:.2%} as in the other follow-ups"
    elif found > LARGEST_UNEXPLAINED_SHARE:
        expected = f"at most {LARGEST_UNEXPLAINED_SHARE:.0%}"
    else:
        return None
    return (
        f"{name}: after the fit {found:.2%} of its contrast is not explained by the baseline, expected "
        f"{expected}. Look at the scan for motion, another contrast or scanner, or another person; if it is "
        "bad, leave it out and fit again."
    )


def _doubted(scan: ScanQuality) -> bool:
    """Tell whether another month explains a scan notably better than its own."""
    return scan.share_at_best_month < NOTABLY_LESS * scan.unexplained_share


def _other_month(name: str, scan: ScanQuality) -> str | None:
    if not _doubted(scan):
        return None
    return (
        f"{name}: the change that the other scans show explains this one best at month "
        f"{scan.best_month:.0f}, where {scan.share_at_best_month:.2%} of its contrast would be left "
        f"unexplained, expected is its own month, where it is {scan.unexplained_share:.2%}. Check its month."
    )


def _course_warning(
    months: Sequence[float], course: Sequence[float], extent: float, largest_share: float
) -> str | None:
    """Warn of a course that goes back, if the change, whose extent is in log |J|, is more than noise."""
    share = turned_back(course) / (max(map(abs, course)) or 1.0)
    if share <= largest_share or share * extent <= LARGEST_TURN_BACK:
        return None
    warning = (
        f"{TURNS_BACK} by {share:.0%} of its largest extent, expected is one "
        "way, as in ageing and degeneration. "
    )
    advice = [
        f"the scan of month {at:g} at month {fits:.0f}"
        for at, fits in months_that_would_fit(months, course).items()
    ]
    if exchanged := exchanged_months(months, course):
        advice.insert(
            0, "the months of {} and {} exchanged".format(*(_named(months, at) for at in exchanged))
        )
    if advice:
        warning += f"It would go one way with {' or '.join(advice)}. "
    return (
        warning
        + "Check the months of the scans; if they are right, think of swelling, treatment or a bad scan."
    )


def _pace_warning(months: Sequence[float], fastest: Pace | None) -> str | None:
    if fastest is None or fastest.per_year <= LARGEST_CHANGE_PER_YEAR:
        return None
    since, until = fastest.from_months, fastest.to_months
    return (
        f"{_named(months, until)}: a typical change of {fastest.change:.1%} within {until - since:g} months, "
        f"since month {since:g}, is {fastest.per_year:.0%} a year, expected at most "
        f"{LARGEST_CHANGE_PER_YEAR:.0%}, the fastest loss known of dementia. Were years typed as months? If "
        "the months are right, think of hydrocephalus or swelling, and look at the scan for motion, another "
        "contrast or scanner, or another person."
    )


def _named(months: Sequence[float], month: float) -> str:
    return f"scan-{sorted(months).index(month) + 1} (month {month:g})"
