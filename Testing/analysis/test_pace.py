"""How fast a series changes, told from its fastest pair of scans."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.analysis.pace import Pace, fastest_pace

PATTERN = np.array([1.0, -1.0, 1.0, -1.0])


def test_the_fastest_pair_is_found_wherever_it_lies():
    changes = np.outer([0.01, 0.05, 0.06], PATTERN)
    assert fastest_pace((12.0, 13.0, 24.0), changes, 0.02) == Pace(12.0, 13.0, pytest.approx(0.04))


def test_the_pace_is_told_for_a_year():
    assert Pace(1.0, 4.0, 0.03).per_year == pytest.approx(0.12)


def test_a_change_that_may_be_noise_has_no_pace():
    assert fastest_pace((0.1,), np.outer([0.019], PATTERN), 0.02) is None
