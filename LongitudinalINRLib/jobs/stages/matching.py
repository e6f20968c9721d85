"""Whether the scans of a fit match, from what the job found when it checked them."""

from __future__ import annotations

import re

from LongitudinalINRLib.analysis.match import Match, judged
from LongitudinalINRLib.imaging.alignment import LOWEST_SIMILARITY
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.quality import (
    LARGEST_IMPLAUSIBLE_SHARE,
    LARGEST_UNEXPLAINED_SHARE,
    TURNS_BACK,
)
from LongitudinalINRLib.jobs.stages.sides import EXCHANGED

_OF_A_SCAN = re.compile(rf"scan-\d+ \(month |{TURNS_BACK}")
"""How warnings of the alignment, the sides, the appearance and the quality of follow-ups begin."""


def match_of(result: Result) -> Match:
    """Return whether the scans match.

    Red where a follow-up is less like the baseline after alignment than the alignment warns of, leaves more
    than a tenth of its contrast unexplained by the fit, would have changed by more than a quarter in more
    than a tenth of the brain, or has its sides exchanged; amber where there is any other warning about a
    follow-up beside the baseline, or about the course of them all; else green. Others, such as that the mask
    was estimated, say nothing of how the scans match.

    Parameters
    ----------
    result : Result
        A fit.
    """
    mismatches = []
    quality = result.account.quality
    by_month = {} if quality is None else {scan.months: scan for scan in quality.scans}
    for number, (months, alignment) in enumerate(result.alignments.items(), start=1):
        name, found = f"scan-{number}", by_month.get(months)
        if alignment.similarity_after < LOWEST_SIMILARITY:
            mismatches.append(f"{name} hardly looks like the baseline")
        elif found is not None and found.unexplained_share > LARGEST_UNEXPLAINED_SHARE:
            mismatches.append(f"{name} is not explained by the fit")
        elif found is not None and found.implausible_share > LARGEST_IMPLAUSIBLE_SHARE:
            mismatches.append(f"{name} would have changed by an implausible amount")
        if any(f"{name} (" in text and EXCHANGED in text for text in result.account.warnings):
            mismatches.append(f"left and right of {name} seem exchanged")
    about_scans = [text for text in result.account.warnings if _OF_A_SCAN.match(text)]
    return judged(mismatches, len(about_scans))
