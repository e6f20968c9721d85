"""Which follow-ups the fit must let be blurrier or sharper than the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from LongitudinalINRLib.analysis.appearance import Appearance
from LongitudinalINRLib.core.problem import FitProblem

LEAST_EQUAL_DETAIL, MOST_EQUAL_DETAIL = 0.88, 1.14
"""Power of fine detail, of the baseline's, that counts as equal. A free blur costs a little sharpness of the
map, so only where there is one: good series of 1 mm lie between these, a blur of 0.5 mm does not."""


def with_blur_free(problem: FitProblem, found: Sequence[Appearance]) -> FitProblem:
    """Return the problem with the follow-ups marked whose sharpness is not the baseline's.

    Parameters
    ----------
    problem : FitProblem
        The scans.
    found : sequence of Appearance
        How its follow-ups look; one that is not among them counts as equally sharp.
    """
    other = {
        scan.months for scan in found if not LEAST_EQUAL_DETAIL <= scan.detail_ratio <= MOST_EQUAL_DETAIL
    }
    follow_ups = tuple(replace(scan, other_sharpness=scan.months in other) for scan in problem.follow_ups)
    return replace(problem, follow_ups=follow_ups)
