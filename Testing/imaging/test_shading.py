"""Shading is removed where there is some, and left alone where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.drift import Drift
from LongitudinalINRLib.imaging.intensity import bias_correct, match_intensity, normalise
from LongitudinalINRLib.imaging.resampling import resample

NOISE = 2.0


@pytest.fixture
def pair(known_brain):
    """Baseline, a moved follow-up on another grid, the mask and the motion."""
    motion = known_brain.motion((0.1, -0.1, 0.05), (4.0, 2.0, -3.0))
    baseline = known_brain.scanned(known_brain.grid(), noise=NOISE, seed=1)
    follow_up = known_brain.scanned(
        known_brain.grid(order=(2, 0, 1), signs=(1, -1, 1), tilt=(0.1, 0.2, 0)), motion, NOISE, seed=2
    )
    mask = baseline.with_array(ndimage.binary_opening(baseline.array > 50))
    return baseline, follow_up, mask, motion


def shading(volume):
    """Up to 20 % over the field of view, smooth but no polynomial."""
    x = np.indices(volume.shape) / np.array(volume.shape)[:, None, None, None]
    return np.exp(0.15 * np.sin(2 * x[0]) - 0.1 * x[1] * x[2] + 0.05).astype(np.float32)


def factor_left(pair, true_factor):
    """Removed factor over the true one, at the brain's voxels of the baseline."""
    baseline, follow_up, mask, motion = pair
    shaded = follow_up.with_array(follow_up.array * true_factor)
    drift = Drift.between(shaded, baseline, mask, motion).on_grid(shaded, motion)
    inner = ndimage.binary_erosion(mask.array)
    return resample(follow_up.with_array(drift / true_factor), baseline, motion).array[inner]


def test_a_drift_of_many_percent_is_found_to_half_a_percent(pair):
    assert np.std(shading(pair[1])) > 0.05
    left = factor_left(pair, shading(pair[1]))
    assert np.mean(left) == pytest.approx(1, abs=0.002)
    assert np.std(left) < 0.005


def test_none_is_invented_beyond_the_noise(pair):
    left = factor_left(pair, np.ones(pair[1].shape, np.float32))
    assert np.mean(left) == pytest.approx(1, abs=0.002)
    assert np.std(left) < NOISE / 100 / 4


def test_tissue_that_changed_is_not_taken_for_shading(pair):
    """A lesion of 24 mm that lost 40 % of its brightness keeps it."""
    baseline, follow_up, mask, motion = pair
    index = np.linalg.inv(follow_up.affine) @ motion @ np.array([20.0, 5.0, 8.0, 1.0])
    away_mm = 3 * np.linalg.norm(np.indices(follow_up.shape).T - index[:3], axis=-1).T
    lesion = np.where(away_mm < 12, 0.6, 1.0).astype(np.float32)
    changed = follow_up.with_array(follow_up.array * lesion)
    matched = match_intensity(changed, baseline, mask, motion)
    factor = resample(changed.with_array(matched.array / changed.array), baseline, motion).array[mask.array]
    assert np.std(factor) < 0.01
    assert np.abs(factor - 1).max() < 0.04


def test_the_factor_does_not_run_away_outside_the_mask(pair):
    baseline, follow_up, mask, motion = pair
    drift = Drift.between(follow_up.with_array(1.1 * follow_up.array), baseline, mask, motion)
    np.testing.assert_allclose(drift.on_grid(follow_up, motion), 1.1, rtol=0.05)


def test_a_mask_with_few_voxels_allows_one_factor_only(pair):
    baseline, follow_up, mask, motion = pair
    few = np.zeros(mask.shape, bool)
    few[20:26, 24:30, 18:24] = True
    doubled = follow_up.with_array(2 * follow_up.array)
    drift = Drift.between(doubled, baseline, baseline.with_array(few), motion)
    assert drift.degree == 0
    assert np.exp(drift.coefficients[0]) == pytest.approx(2, rel=0.02)


def test_n4_gives_the_same_scan_with_and_without_shading(known_brain):
    plain = known_brain.scanned(known_brain.grid(), noise=NOISE)
    mask = plain.with_array(ndimage.binary_erosion(plain.array > 50, iterations=2))
    shaded = plain.with_array(plain.array * shading(plain))
    ratio = (bias_correct(shaded, mask).array / bias_correct(plain, mask).array)[mask.array]
    assert np.std(shading(plain)[mask.array]) > 0.025
    assert np.std(ratio) / np.mean(ratio) < 0.01


def test_n4_can_be_cancelled(known_brain):
    plain = known_brain.scanned(known_brain.grid(), noise=NOISE)
    mask = plain.with_array(plain.array > 50)
    with pytest.raises(Cancelled):
        bias_correct(plain, mask, should_stop=lambda: True)


def test_normalising_puts_the_percentiles_at_0_and_1_and_clips_a_vessel(known_brain):
    scan = known_brain.scanned(known_brain.grid(), noise=NOISE)
    mask = scan.with_array(scan.array > 50)
    scan.array[22, 26, 20] = 1e5
    values = normalise(scan, mask).array
    np.testing.assert_allclose(np.percentile(values[mask.array], [1, 99]), [0, 1], atol=1e-5)
    assert values.max() == 1.5
