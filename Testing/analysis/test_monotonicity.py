import numpy as np
import pytest

from LongitudinalINRLib.analysis.monotonicity import SignTally, sampled_months


def tallied(rates_percent_per_year):
    tally = SignTally(len(rates_percent_per_year[0]))
    for rates in rates_percent_per_year:
        tally.add(np.array(rates) / 1200)
    return tally


def test_months_are_sampled_monthly_from_first_to_last_scan():
    assert sampled_months((2.0, 4.0)) == [0, 1, 2, 3, 4]
    assert sampled_months((0.5, 2.5)) == [0, 1, 2, 2.5]


def test_consistency_is_the_share_of_months_with_the_majority_sign():
    months = [[1, -1, 1, 0.05], [1, -1, -2, 0], [1, -1, -3, -0.05], [0.05, -1, -4, 0.01]]
    tally = tallied(months)
    np.testing.assert_array_equal(tally.consistency(), [1, 1, 0.75, np.nan])
    np.testing.assert_array_equal(tally.changes_sign(), [False, False, True, False])


def test_consistency_equals_the_definition_written_out():
    rates = np.random.default_rng(1).normal(0, 0.3, (13, 40))
    expected = []
    for voxel in range(40):
        signs = [np.sign(rate) for rate in rates[:, voxel] if abs(rate) >= 0.1]
        expected.append(max(signs.count(1), signs.count(-1)) / len(signs))
    assert tallied(rates).consistency() == pytest.approx(expected)
