import math

import numpy as np
import pytest

from LongitudinalINRLib.analysis.time_nodes import NODES, over_time

POINTS_MM = np.random.default_rng(3).uniform(-40.0, 40.0, (2000, 3))
MONTHS = [*map(float, range(37)), 41.5, 60.0]


class Asked:
    """Bends once between the scans for each of `bends`; remembers which months all points were asked at."""

    def __init__(self, bends):
        self.bends = bends
        self.months = []

    def __call__(self, points_mm, month):
        if len(points_mm) == len(POINTS_MM):
            self.months.append(month)
        return self.value(points_mm, month)

    def value(self, points_mm, month):
        angle = math.pi * self.bends * month / 36 + points_mm[:, 0] / 20
        return np.stack([1 + 0.1 * np.sin(angle), np.cos(angle) * points_mm[:, 1]])


@pytest.mark.parametrize("bends", [0.2, 1, 2, 5, 40])
def test_every_month_is_as_if_it_had_been_asked_itself(bends):
    ask = Asked(bends)
    found = over_time(ask, POINTS_MM, MONTHS, 36.0, (1e-5, 1e-3))
    expected = np.stack([ask.value(POINTS_MM, month) for month in MONTHS])
    assert found.shape == (39, 2, 2000)
    assert (np.abs(found - expected).max(axis=(0, 2)) < (1e-5, 1e-3)).all()


def test_a_smooth_course_is_asked_at_few_months_and_a_wild_one_at_all():
    smooth, wild = Asked(0.05), Asked(40)
    for ask in (smooth, wild):
        over_time(ask, POINTS_MM, MONTHS, 36.0, (1e-5, 1e-3))
        assert len(ask.months) == len(set(ask.months))
    assert len(smooth.months) == NODES[0] + 2
    assert set(wild.months) >= set(MONTHS)


def test_what_was_asked_is_told_as_it_was_answered():
    ask = Asked(0.2)
    found = over_time(ask, POINTS_MM, MONTHS, 36.0, (1e-5, 1e-3))
    for month in (0.0, 18.0, 36.0, 41.5, 60.0):
        np.testing.assert_array_equal(found[MONTHS.index(month)], ask.value(POINTS_MM, month))


def test_few_months_are_all_asked():
    ask = Asked(1)
    over_time(ask, POINTS_MM, [0.0, 12.0, 36.0], 36.0, (1e-5, 1e-3))
    assert ask.months == [0.0, 12.0, 36.0]


def test_no_points_have_no_course():
    assert over_time(Asked(1), POINTS_MM[:0], MONTHS, 36.0, (1e-5, 1e-3)).shape == (39, 2, 0)
