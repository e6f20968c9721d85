import numpy as np
import pytest

from LongitudinalINRLib.analysis.similarity import correlation_inside, matched


def test_similarity_ignores_brightness_and_what_lies_outside(a_mask):
    rng = np.random.default_rng(2)
    scan = a_mask.with_array(rng.normal(size=a_mask.shape))
    other = a_mask.with_array(np.where(a_mask.array, 3 * scan.array + 5, 99))
    assert correlation_inside(scan, other, a_mask.array) == pytest.approx(1)
    noise = a_mask.with_array(rng.normal(size=a_mask.shape))
    expected = np.corrcoef(scan.array[a_mask.array], noise.array[a_mask.array])[0, 1]
    assert correlation_inside(scan, noise, a_mask.array) == pytest.approx(expected)


def test_a_constant_scan_has_no_similarity(a_mask):
    still = a_mask.with_array(np.ones(a_mask.shape))
    assert np.isnan(correlation_inside(still, still, a_mask.array))


def test_matching_undoes_gain_and_offset(a_mask):
    scan = a_mask.with_array(np.random.default_rng(3).normal(size=a_mask.shape))
    brighter = a_mask.with_array(3 * scan.array + 5)
    np.testing.assert_allclose(matched(brighter, scan, a_mask.array).array, scan.array, atol=1e-5)
