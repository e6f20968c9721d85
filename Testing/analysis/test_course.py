"""The course of a series: which way it goes, and the months that would make it go one way."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.analysis.course import (
    exchanged_months,
    main_course,
    months_that_would_fit,
    turned_back,
)


def test_the_main_course_is_found_under_noise_and_ends_upwards():
    random = np.random.default_rng(3)
    pattern = random.standard_normal(5000)
    course = np.array([-0.01, -0.03, -0.02])
    noise = 0.002 * random.standard_normal((3, 5000))
    found = main_course(np.outer(course, pattern / np.sqrt(np.mean(pattern**2))) + noise)
    assert found == pytest.approx([0.01, 0.03, 0.02], abs=5e-4)


@pytest.mark.parametrize(
    ("course", "back"),
    [
        ((1.0, 2.0, 3.0), 0.0),
        ((2.0, 1.0, 3.0), 1.0),
        ((1.0, 3.0, 0.5), 2.5),
        ((-1.0, 2.0), 1.0),
        ((0.0,), 0.0),
    ],
)
def test_what_is_undone_is_the_smaller_of_ups_and_downs(course, back):
    assert turned_back(course) == pytest.approx(back)


def test_a_wrong_month_is_found_with_the_one_that_would_fit():
    # The scan of month 24 stands at month 6. That of month 12 alone, moved to month 3, would fit as well.
    assert months_that_would_fit((6.0, 12.0, 36.0), (2.0, 1.0, 3.0)) == pytest.approx({6.0: 24.0, 12.0: 3.0})


def test_no_month_is_proposed_where_none_would_fit():
    assert months_that_would_fit((9.0, 18.0, 27.0, 36.0), (0.7, 1.0, 0.7, 0.1)) == {}


@pytest.mark.parametrize(
    ("months", "course", "pair"),
    [
        ((12.0, 24.0, 36.0), (2.0, 1.0, 3.0), (12.0, 24.0)),
        ((12.0, 24.0, 36.0), (1.0, 3.0, 2.0), (24.0, 36.0)),
        ((12.0, 24.0, 36.0), (3.0, 2.0, 1.0), (12.0, 36.0)),
        ((12.0, 24.0), (2.0, 1.0), (12.0, 24.0)),
        # Either exchange makes it go one way; the first makes it steadier.
        ((6.0, 12.0, 24.0), (2.0, 1.0, 4.0), (6.0, 12.0)),
    ],
)
def test_exchanged_months_are_found(months, course, pair):
    assert exchanged_months(months, course) == pair


def test_no_exchange_is_proposed_where_none_would_mend_the_course():
    assert exchanged_months((9.0, 18.0, 27.0, 36.0), (0.7, 1.0, 0.6, 0.1)) is None
