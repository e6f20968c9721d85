"""Names of files tell times apart and sort by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from LongitudinalINRLib.words import month_label

months = st.floats(min_value=0, max_value=1200, allow_nan=False)


@pytest.mark.parametrize(
    ("time", "label"),
    [
        (0, "000.0"),
        (-0.0, "000.0"),
        (24, "024.0"),
        (13.25, "013.25"),
        (1200, "1200.0"),
        (0.1, "000.1"),
        (1e-7, "000.0000001"),
    ],
)
def test_a_month_is_written_with_three_digits_and_as_many_decimals_as_it_needs(time, label):
    assert month_label(time) == label


@given(months, months)
def test_different_months_get_different_names(one, other):
    assert (month_label(one) == month_label(other)) == (one == other)


@given(months)
def test_a_name_gives_its_month_back_exactly(time):
    assert float(month_label(time)) == time
