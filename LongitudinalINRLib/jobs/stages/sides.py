"""Warnings about follow-ups whose left and right are exchanged. No fit is needed."""

from __future__ import annotations

from collections.abc import Sequence

from LongitudinalINRLib.analysis.laterality import Sides, compare_sides
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.jobs.job import Job

SMALLEST_LIKENESS = 0.6
"""Of what both sides share; less is another contrast or another person, and nothing can be told."""

EXCHANGED = "its left looks like the baseline's right"
"""What the warning says, and nothing else does."""

LARGEST_OPPOSITION = -0.25
"""Half way between brains with exchanged sides (-0.5 and less) and those whose sides do not differ (0)."""


def warn_of_sides(job: Job, problem: FitProblem) -> None:
    """Compare the sides of each follow-up with the baseline's, and warn of those that are exchanged."""
    for warning in side_warnings(problem.months, compare_sides(problem)):
        job.reporter.warn(warning)


def side_warnings(months: Sequence[float], sides: Sequence[Sides]) -> list[str]:
    """Return what the person should know about the sides of the follow-ups, in the order of time."""
    return [
        f"scan-{number} (month {month:g}): {EXCHANGED}. The difference between "
        f"the two sides of the brain correlates with the baseline's by {found.antisymmetric:+.2f}, expected "
        "about +0.9. One of the two was flipped left to right, or its header lost the sign of that axis: "
        "convert both anew from the DICOM files and compare a landmark; until then trust no side."
        for number, (month, found) in enumerate(zip(months, sides, strict=True), start=1)
        if found.symmetric > SMALLEST_LIKENESS and found.antisymmetric < LARGEST_OPPOSITION
    ]
