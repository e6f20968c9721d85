from __future__ import annotations

import math

import pytest

from LongitudinalINRLib.analysis.findings import Change, changed_text, unchanged_text

LARGE = Change("left lateral ventricle", 12.34, 3.0, 11.0)
LOSS = Change("right hippocampus", -7.2, 1.8, 4.0)
NOISE = Change("left putamen", 0.8, 1.2, 5.0)
SMALL = Change("left-vessel", 40.0, 5.0, 0.1)


def test_what_changed_is_named_from_the_most_changed_on_with_its_interval():
    assert changed_text([NOISE, LOSS, LARGE]) == (
        "Changed beyond their 90 % intervals: left lateral ventricle +12.3 ± 3.0 %, right hippocampus "
        "−7.2 ± 1.8 %."
    )


@pytest.mark.parametrize(("count", "others"), [(5, ", and 1 other."), (7, ", and 3 others.")])
def test_four_are_named_and_the_others_counted(count, others):
    text = changed_text([Change(f"region-{n}", -20.0 + n, 1.0, 3.0) for n in range(count)])
    assert text.endswith(f"region-3 −17.0 ± 1.0 %{others}")


def test_a_region_too_small_to_trust_is_counted_but_not_named():
    assert changed_text([SMALL, LOSS]).endswith("right hippocampus −7.2 ± 1.8 %, and 1 other.")
    assert changed_text([SMALL]) == "No region has changed beyond its 90 % interval."


def test_what_did_not_change_is_counted():
    assert unchanged_text([NOISE, LOSS, LARGE]) == (
        "1 of 3 regions may as well not have changed: it lies within its interval."
    )
    assert unchanged_text([NOISE, LOSS, NOISE]) == (
        "2 of 3 regions may as well not have changed: they lie within their intervals."
    )
    assert unchanged_text([NOISE]) == (
        "What was measured may as well be no change: every region lies within its 90 % interval."
    )
    assert unchanged_text([LOSS]) == ""


def test_without_intervals_nothing_is_called_a_change():
    unknown = [Change("left putamen", -9.0, math.nan, 5.0)]
    assert changed_text(unknown) == "With these settings the error of the changes is not known."
    assert unchanged_text(unknown) == ""
