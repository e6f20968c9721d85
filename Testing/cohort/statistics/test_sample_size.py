"""Sample sizes against statsmodels' power, simulated trials and a published formula by hand."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("statsmodels")

from LongitudinalINRLib.cohort.statistics.options import Trial
from LongitudinalINRLib.cohort.statistics.region_model import MIXED, RegionModel
from LongitudinalINRLib.cohort.statistics.sample_size import ErrorCourse, people_per_arm, sample_sizes


def a_model(mean: list[float], sd: float = 0.01, se: float = 0.002, error: float = 1.0) -> RegionModel:
    groups = ("controls", "AD")[: len(mean)]
    return RegionModel(
        "Left-Hippocampus",
        17,
        groups,
        tuple([40] * len(mean)),
        np.array(mean),
        np.eye(len(mean)) * se**2,
        80 - len(mean),
        sd**2,
        sd**2,
        np.full(len(mean), sd**2),
        np.full(len(mean), (0.8 * sd) ** 2),
        error,
        np.full(len(mean), 3.0),
        MIXED,
        "",
    )


def test_numbers_are_those_of_statsmodels_power_of_two_means():
    from statsmodels.stats.power import NormalIndPower

    for decline, sd in ((-0.02, 0.01), (0.06, 0.03), (-0.005, 0.012)):
        theirs = NormalIndPower().solve_power(effect_size=0.25 * abs(decline) / sd, power=0.8, alpha=0.05)
        assert people_per_arm(decline, sd**2, Trial()) == pytest.approx(theirs, rel=1e-4)


def test_a_trial_of_that_size_finds_the_slowing_as_often_as_asked():
    number = int(np.ceil(people_per_arm(-0.02, 0.01**2, Trial())))
    random = np.random.default_rng(0)
    placebo = random.normal(-0.02, 0.01, (4000, number))
    treated = random.normal(-0.015, 0.01, (4000, number))
    z = (treated.mean(1) - placebo.mean(1)) / np.sqrt(
        (treated.var(1, ddof=1) + placebo.var(1, ddof=1)) / number
    )
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(0.80, abs=0.02)


def test_excess_decline_needs_more_people_than_all_of_it():
    rows = list(sample_sizes(a_model([-0.01, -0.03]), "controls", Trial(), ErrorCourse(1e-4, 0.0), 0.5))
    told = {(row.group, row.decline): row.people_per_arm for row in rows}
    # n = 2 x 0.01^2 x (1.95996 + 0.84162)^2 / (0.25 x decline)^2
    assert told == {("controls", "total"): 252, ("AD", "total"): 28, ("AD", "excess"): 63}
    excess = rows[2]
    assert excess.low is not None
    assert excess.high is not None
    assert excess.low < 63 < excess.high


def test_a_change_that_may_be_none_has_no_number_and_says_why():
    total, _, excess = sample_sizes(
        a_model([-0.001, -0.003]), "controls", Trial(), ErrorCourse(1e-4, 0.0), 0.5
    )
    assert (total.people_per_arm, total.reason) == (None, "the interval of the change holds none")
    assert (excess.people_per_arm, excess.reason) == (None, "no change beyond the reference's")


def test_less_change_than_in_controls_is_no_excess():
    *_, excess = sample_sizes(a_model([-0.03, -0.01]), "controls", Trial(), ErrorCourse(1e-4, 0.0), 0.5)
    assert (excess.people_per_arm, excess.reason) == (None, "less change than in the reference group")


def test_a_trial_of_its_own_months_adds_its_errors_to_the_spread_of_people():
    (row,) = sample_sizes(a_model([-0.02]), "controls", Trial(months=(24.0,)), ErrorCourse(1e-4, 0.0), 0.5)
    # One follow-up after two years: errors of 0.01 / 2 a year beside slopes of 0.008.
    expected = people_per_arm(-0.02, 0.008**2 + (0.01 / 2) ** 2, Trial())
    assert row.people_per_arm == np.ceil(expected)


def test_the_interval_of_the_number_holds_the_true_one():
    """Over draws of the decline and the spread, as often as it says."""
    random, inside = np.random.default_rng(1), 0
    for _ in range(60):
        drawn = a_model([-0.02 + 0.002 * random.standard_t(78)], 0.01 * np.sqrt(random.chisquare(39) / 39))
        (row,) = sample_sizes(drawn, "controls", Trial(), ErrorCourse(1e-4, 0.0), 0.5)
        assert row.low is not None
        assert row.high is not None
        inside += row.low <= float(people_per_arm(-0.02, 0.01**2, Trial())) <= row.high
    assert inside >= 53


def test_errors_that_grow_with_time_are_found():
    years = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0])
    found = ErrorCourse.of(years, np.sqrt(4e-5 + 1e-5 * years**2))
    assert (found.constant, found.growth) == pytest.approx((4e-5, 1e-5))
