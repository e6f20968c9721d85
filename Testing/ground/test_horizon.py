from __future__ import annotations

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.horizon import refuse_far, spans_beyond, warning_of_far


@pytest.mark.parametrize(("months", "spans"), [(0, 0), (24, 0), (36, 0.5), (48, 1), (72, 2)])
def test_distance_beyond_the_last_scan_is_told_in_spans_of_the_scans(months, spans):
    assert spans_beyond(months, 24) == spans


def test_up_to_half_the_span_beyond_the_last_scan_nothing_is_said():
    assert warning_of_far([0, 12, 24, 36], 24) is None


@pytest.mark.parametrize(
    ("months", "named"),
    [([24, 37], "Month 37 lies"), ([36.1, 40, 48], "Months 36.1 to 48 lie")],
)
def test_farther_off_the_warning_names_the_months_and_the_last_scan(months, named):
    warning = warning_of_far(months, 24)
    assert warning is not None
    assert warning.startswith(named)
    assert "(month 24)" in warning


def test_months_beyond_twice_the_last_scan_are_refused_with_the_way_out():
    refuse_far([0, 48], 24, "unused")
    with pytest.raises(InputError) as refused:
        refuse_far([0, 49, 12], 24, "Say so.")
    error = refused.value
    assert error.code == "far-beyond-scans"
    assert (error.expected, error.found, error.advice) == (
        "months up to 48, twice that of the last scan",
        "month 49; the last scan is of month 24",
        "Say so.",
    )
