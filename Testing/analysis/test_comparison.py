import numpy as np
import pytest

from LongitudinalINRLib.analysis.figures import comparison
from LongitudinalINRLib.analysis.figures.comparison import Comparer, counted_voxels
from LongitudinalINRLib.analysis.figures.window import gain_to, window


@pytest.fixture
def scans(lia):
    baseline = np.random.default_rng(4).uniform(50, 100, (20, 24, 16))
    mask = np.zeros(baseline.shape, bool)
    mask[4:16, 4:20, 3:13] = True
    return lia(baseline), lia(mask)


def unmoved(points_mm):
    return points_mm


def shifted(mm):
    return lambda points_mm: points_mm + np.asarray(mm)


def test_differences_are_measured_inside_the_mask_after_matching_brightness(scans):
    baseline, mask = scans
    # The follow-up is brighter, and lies a voxel of 2 mm further to the left, which the fit has found.
    follow_up = baseline.with_array(2.5 * np.roll(baseline.array, 1, axis=0))
    found = Comparer(baseline, mask).compare(follow_up, np.eye(4), shifted([-2.0, 0, 0]), "scan-1")
    assert found.difference_after_percent == pytest.approx(0, abs=1e-4)
    assert found.similarity_fitted == pytest.approx(1, abs=1e-6)
    x, y = (volume.array[mask.array] for volume in (follow_up, baseline))
    low, high = window(baseline, mask.array)
    expected = 100 * np.abs(x * (x @ y) / (x @ x) - y).mean() / (high - low)
    assert found.difference_before_percent == pytest.approx(expected, rel=1e-4)
    assert found.similarity_aligned == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-6)


def test_the_alignment_is_part_of_where_a_follow_up_is_looked_at(scans):
    baseline, mask = scans
    follow_up = baseline.with_array(np.roll(baseline.array, 1, axis=0))
    matrix = np.eye(4)
    matrix[0, 3] = -2.0
    found = Comparer(baseline, mask).compare(follow_up, matrix, unmoved, "scan-1")
    assert found.difference_before_percent == pytest.approx(0, abs=1e-4)


def test_a_picture_shows_nothing_further_from_the_brain_than_its_rim(lia):
    index = np.indices((28, 40, 30))
    distance_mm = np.sqrt(
        sum(((i - n / 2) * mm) ** 2 for i, n, mm in zip(index, (28, 40, 30), (2, 1, 1.5), strict=True))
    )
    mask = lia(distance_mm < 8)
    plain = lia(np.random.default_rng(4).uniform(50, 100, mask.shape))
    face = plain.with_array(np.where(distance_mm > 8 + 4 + 3, 900.0, plain.array))
    without, with_a_face = (
        Comparer(scan, mask).compare(scan, np.eye(4), unmoved, "scan-1").picture for scan in (plain, face)
    )
    np.testing.assert_array_equal(np.asarray(with_a_face), np.asarray(without))
    assert (face.array == 900).mean() > 0.5


def test_a_gain_keeps_zero_at_zero():
    baseline = np.array([0.0, 50.0, 100.0])
    assert gain_to(baseline, 0.4 * baseline) == pytest.approx(2.5)
    assert gain_to(baseline, np.zeros(3)) == 1


def test_the_numbers_of_a_large_brain_come_from_voxels_spread_over_it(lia, monkeypatch):
    monkeypatch.setattr(comparison, "MOST_COUNTED", 700)
    mask = lia(np.ones((20, 24, 16), bool))
    counted = np.zeros(mask.array.size, bool)
    counted[counted_voxels(mask)] = True
    counted = counted.reshape(mask.shape)
    assert 640 <= counted.sum() <= 700
    assert all(counted.any(axis=(a, b)).all() for a, b in ((1, 2), (0, 2), (0, 1)))
