from types import SimpleNamespace

import numpy as np
import pytest

from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.jobs.stages.matching import match_of
from LongitudinalINRLib.jobs.stages.sides import side_warnings
from LongitudinalINRLib.words import APPROXIMATE_REGIONS


def a_result(similarity=0.95, unexplained=0.01, implausible=0.0, warnings=()):
    """What a job found of one follow-up, at month 12."""
    scan = SimpleNamespace(months=12.0, unexplained_share=unexplained, implausible_share=implausible)
    account = SimpleNamespace(quality=SimpleNamespace(scans=(scan,)), warnings=warnings)
    alignment = Alignment(np.eye(4), "rigid", similarity, similarity, 1.0)
    return SimpleNamespace(account=account, alignments={12.0: alignment})


def test_scans_without_a_warning_match():
    assert match_of(a_result()).level == "green"


@pytest.mark.parametrize(
    "warning",
    [
        "scan-1 (month 12): its fine detail has 60% of the power of the baseline's, expected 90% to 110%.",
        "The change goes one way and then back by 40% of its largest extent, expected is one way.",
    ],
)
def test_a_warning_about_follow_ups_is_a_reservation(warning):
    match = match_of(a_result(warnings=("The brain mask was estimated.", warning)))
    assert (match.level, tuple(match.reasons)) == ("amber", ("1 warning to read",))


def test_an_estimated_mask_and_approximate_regions_say_nothing_of_how_the_scans_match():
    warnings = ("The brain mask was estimated from a head with skull.", APPROXIMATE_REGIONS)
    assert match_of(a_result(warnings=warnings)).level == "green"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"similarity": 0.2}, "scan-1 hardly looks like the baseline"),
        ({"unexplained": 0.11}, "scan-1 is not explained by the fit"),
        ({"implausible": 0.11}, "scan-1 would have changed by an implausible amount"),
    ],
)
def test_a_scan_that_cannot_be_laid_over_the_baseline_does_not_match(found, said):
    match = match_of(a_result(**found, warnings=("as the job warns",)))
    assert (match.level, tuple(match.reasons)) == ("red", (said,))


def test_exchanged_sides_do_not_match():
    warnings = side_warnings([12.0], [SimpleNamespace(symmetric=0.9, antisymmetric=-0.8)])
    match = match_of(a_result(warnings=warnings))
    assert (match.level, tuple(match.reasons)) == ("red", ("left and right of scan-1 seem exchanged",))


def test_a_result_of_an_older_version_is_judged_by_what_it_tells():
    result = a_result()
    result.account.quality = None
    assert match_of(result).level == "green"
