from __future__ import annotations

import numpy as np
import pytest
from LongitudinalINRModule.result.time_interpolation import (
    cubic_rate_weights,
    cubic_weights,
    linear_weights,
    weighted_sum,
)

STORED = (0.0, 6.0, 12.0, 24.0)


def combine(weights, values, rates):
    pair = slice(weights.first, weights.first + 2)
    return float(np.dot(weights.values, values[pair]) + np.dot(weights.rates, rates[pair]))


def cubic(t):
    return 1.0 + 0.02 * t - 0.003 * t**2 + 0.0001 * t**3


def cubic_rate(t):
    return 0.02 - 0.006 * t + 0.0003 * t**2


@pytest.mark.parametrize("months", [0.0, 1.5, 6.0, 9.0, 17.3, 24.0])
def test_a_cubic_in_time_and_its_rate_are_reproduced_exactly(months):
    values, rates = ([function(t) for t in STORED] for function in (cubic, cubic_rate))
    assert combine(cubic_weights(STORED, months), values, rates) == pytest.approx(cubic(months), abs=1e-12)
    assert combine(cubic_rate_weights(STORED, months), values, rates) == pytest.approx(
        cubic_rate(months), abs=1e-12
    )


def test_without_rates_a_straight_line_is_reproduced_exactly():
    for months in np.linspace(0, 24, 13):
        assert combine(
            linear_weights(STORED, months), np.array(STORED) * 2 + 1, np.zeros(4)
        ) == pytest.approx(2 * months + 1)


@pytest.mark.parametrize("weights_of", [cubic_weights, linear_weights])
def test_a_stored_time_takes_its_map_alone(weights_of):
    weights = weights_of(STORED, 12.0)
    assert (weights.first, weights.values, weights.rates) == (2, (1.0, 0.0), (0.0, 0.0))


@pytest.mark.parametrize("months", [-5.0, 24.0, 100.0])
def test_beyond_the_stored_times_the_nearest_map_is_taken(months):
    values = np.array([1.0, 2.0, 3.0, 4.0])
    expected = 1.0 if months < 0 else 4.0
    assert combine(cubic_weights(STORED, months), values, np.ones(4)) == expected


def test_the_bound_on_the_error_holds_for_a_saturating_change_and_is_a_fraction_of_the_linear_one():
    """1 + 0.3 (1 - exp(-t / 24)): |f''| <= 0.3 / 24^2 and |f''''| <= 0.3 / 24^4."""
    stored = np.arange(0.0, 37.0, 12.0)
    values, rates = 1.0 + 0.3 * (1 - np.exp(-stored / 24)), 0.3 * np.exp(-stored / 24) / 24
    times = np.linspace(0, 36, 200)
    truth = 1.0 + 0.3 * (1 - np.exp(-times / 24))
    cubic_error = max(
        abs(combine(cubic_weights(stored, t), values, rates) - x) for t, x in zip(times, truth, strict=True)
    )
    linear_error = max(
        abs(combine(linear_weights(stored, t), values, rates) - x) for t, x in zip(times, truth, strict=True)
    )
    assert cubic_error <= 12.0**4 / 384 * 0.3 / 24**4
    assert linear_error <= 12.0**2 / 8 * 0.3 / 24**2
    assert cubic_error < 0.002 < linear_error


def test_arrays_longer_than_a_chunk_are_added_up_whole():
    generator = np.random.default_rng(0)
    arrays = [generator.random((5, 100, 99), dtype=np.float32) for _ in range(4)]
    out = np.full_like(arrays[0], np.nan)
    weights = [0.3, 0.7, -1.2, 0.0]
    weighted_sum(weights, arrays, out)
    expected = sum(np.float64(w) * a for w, a in zip(weights, arrays, strict=True))
    np.testing.assert_allclose(out, expected, atol=1e-6)
