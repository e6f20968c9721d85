import numpy as np
import pytest

from LongitudinalINRLib.analysis.figures import comparison
from LongitudinalINRLib.analysis.figures.canvas import pixels
from LongitudinalINRLib.analysis.figures.comparison import compare, compared_voxels, counted_voxels
from LongitudinalINRLib.analysis.figures.window import matched, window


@pytest.fixture
def scans(lia):
    baseline = np.random.default_rng(4).uniform(50, 100, (20, 24, 16))
    mask = np.zeros(baseline.shape, bool)
    mask[4:16, 4:20, 3:13] = True
    return lia(baseline), lia(mask)


def test_differences_are_measured_inside_the_mask_after_matching_brightness(scans):
    baseline, mask = scans
    brighter = baseline.with_array(2.5 * baseline.array)
    shifted = baseline.with_array(np.roll(baseline.array, 1, axis=0))
    found = compare(baseline, shifted, brighter, mask, "scan-1")
    assert found.difference_after_percent == pytest.approx(0, abs=1e-4)
    x, y = (volume.array[mask.array] for volume in (shifted, baseline))
    low, high = window(baseline, mask.array)
    expected = 100 * np.abs(x * (x @ y) / (x @ x) - y).mean() / (high - low)
    assert found.difference_before_percent == pytest.approx(expected, rel=1e-4)


def test_a_row_for_each_plane_and_a_column_for_each_view(scans):
    baseline, mask = scans
    figure = compare(baseline, baseline, baseline, mask, "scan-2, month 24").figure
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:4] == [
        "Baseline",
        "scan-2, month 24, aligned",
        "Difference before the fit",
        "Difference after the fit",
    ]
    assert len(titles) == 12


def test_matching_keeps_zero_at_zero(scans):
    baseline, mask = scans
    dark = baseline.with_array(np.where(mask.array, 0.4 * baseline.array, 0))
    found = matched(dark, baseline, mask.array)
    np.testing.assert_allclose(found.array, np.where(mask.array, baseline.array, 0), rtol=1e-5)


def test_what_is_not_called_compared_changes_neither_the_picture_nor_the_numbers(scans, monkeypatch):
    monkeypatch.setattr(comparison, "MOST_COUNTED", 500)
    baseline, mask = scans
    warped = baseline.with_array(1.1 * baseline.array + np.indices(baseline.shape)[0])
    compared = compared_voxels(mask)
    assert 0.1 < compared.mean() < 0.9
    elsewhere = warped.with_array(np.where(compared, warped.array, 7.0))
    whole, part = (compare(baseline, baseline, scan, mask, "scan-1") for scan in (warped, elsewhere))
    np.testing.assert_array_equal(pixels(part.figure), pixels(whole.figure))
    assert part.difference_after_percent == whole.difference_after_percent


def test_the_numbers_of_a_large_brain_come_from_voxels_spread_over_it(lia, monkeypatch):
    monkeypatch.setattr(comparison, "MOST_COUNTED", 700)
    mask = lia(np.ones((20, 24, 16), bool))
    counted = counted_voxels(mask)
    assert 640 <= counted.sum() <= 700
    assert all(counted.any(axis=(a, b)).all() for a, b in ((1, 2), (0, 2), (0, 1)))
