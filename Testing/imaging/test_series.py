"""A series is ordered by time, and what no change can be measured from is refused."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.series import Scan, Series
from LongitudinalINRLib.words import month_label


def another(head, seed=1):
    noise = np.random.default_rng(seed).normal(size=head.shape).astype(np.float32)
    return head.with_array(head.array + noise)


def test_scans_are_ordered_by_time(a_head):
    scans = [Scan(another(a_head, 1), 24.0), Scan(a_head, 0.0), Scan(another(a_head, 2), 6.5)]
    series = Series.validated(scans)
    assert series.baseline is scans[1]
    assert series.follow_ups == (scans[2], scans[0])


@pytest.mark.parametrize(
    ("months", "code"),
    [
        ((0.0,), "no-follow-up"),
        ((0.0, 12.0, 12.0), "same-month"),
        ((0.0, 0.0), "same-month"),
        ((0.0, -3.0), "before-baseline"),
        ((0.0, float("inf")), "months-out-of-range"),
        ((0.0, float("nan")), "months-out-of-range"),
        ((0.0, 1201.0), "months-out-of-range"),
        ((6.0, 12.0), "no-baseline"),
    ],
)
def test_impossible_times_are_refused(a_head, months, code):
    scans = [Scan(another(a_head, seed), month) for seed, month in enumerate(months)]
    with pytest.raises(InputError) as error:
        Series.validated(scans)
    assert error.value.code == code
    assert error.value.advice


def test_a_follow_up_that_is_the_baseline_is_refused(a_head):
    with pytest.raises(InputError) as error:
        Series.validated([Scan(a_head, 0.0), Scan(a_head.with_array(a_head.array.copy()), 12.0)])
    assert error.value.code == "identical-scans"


def test_a_scan_elsewhere_in_space_is_refused(a_head):
    far = another(a_head)
    affine = far.affine.copy()
    affine[0, 3] += 1000
    with pytest.raises(InputError) as error:
        Series.validated([Scan(a_head, 0.0), Scan(type(far)(far.array, affine), 12.0)])
    assert error.value.code == "no-overlap"


def test_month_labels_keep_distinct_months_distinct_and_sort_by_name():
    months = [0, 6, 12.5, 13.25, 24, 120, 1200]
    labels = [month_label(month) for month in months]
    assert labels[:5] == ["000.0", "006.0", "012.5", "013.25", "024.0"]
    assert labels[5] == "120.0"
    assert labels[:6] == sorted(labels[:6])
