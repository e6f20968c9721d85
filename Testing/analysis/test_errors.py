"""The error bars: what widens and narrows them, and that a region within them is said to be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from LongitudinalINRLib.analysis.error_model import (
    MEASURED_SCALE,
    MEASURED_SCALE_HALF_WIDTH,
    REGION,
    SAME_SCANNER,
    SCANNER_SCALE_HALF_WIDTH,
    UNKNOWN_SCANNER,
    VOXEL,
    Evidence,
    ScannerError,
    half_width,
)
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.region_errors import steepness_per_mm
from LongitudinalINRLib.analysis.regions import analyse_regions
from LongitudinalINRLib.analysis.voxel_errors import voxel_half_widths
from LongitudinalINRLib.imaging.volume import Volume

EVIDENCE = Evidence(residual=0.05, amplitude=0.03, voxel_mm=1.0)


def width(evidence=EVIDENCE, steepness=0.002, foretold=0.0, volume_ml=5.0, change=0.01):
    return float(half_width(REGION, evidence, np.array([steepness]), foretold, volume_ml, change)[0])


@pytest.mark.parametrize(
    "changed",
    [
        {"evidence": replace(EVIDENCE, residual=0.1)},
        {"evidence": replace(EVIDENCE, amplitude=0.06)},
        {"evidence": replace(EVIDENCE, voxel_mm=2.0)},
        {"steepness": 0.004},
        {"foretold": 0.02},
        {"volume_ml": 1.0},
        {"change": -0.05},
    ],
)
def test_noise_change_large_voxels_steepness_foretelling_and_small_size_widen_an_interval(changed):
    assert width(**changed) > width()


def test_the_parts_of_an_error_add_as_variances():
    without_leak = half_width(REGION, EVIDENCE, np.zeros(1))
    without_detail = half_width(REGION, replace(EVIDENCE, amplitude=0.0), np.full(1, 0.01))
    only_floor = half_width(REGION, replace(EVIDENCE, amplitude=0.0), np.zeros(1))
    both = half_width(REGION, EVIDENCE, np.full(1, 0.01))
    assert both[0] ** 2 == pytest.approx(without_leak[0] ** 2 + without_detail[0] ** 2 - only_floor[0] ** 2)


def test_even_where_nothing_seems_to_change_the_error_is_not_zero():
    assert half_width(REGION, replace(EVIDENCE, amplitude=0.0), np.zeros(1))[0] > 0


def test_steepness_is_the_gradient_of_the_logarithm(tilt):
    points_mm = np.array([[0.0, 3.0, 1.0], [40.0, 0.0, 0.0]])
    found = steepness_per_mm(PointEvaluator(tilt(slope=1e-4)), points_mm, 24.0)
    analytic = 24e-4 / (1.0 + 24e-4 * points_mm[:, 0])
    assert found == pytest.approx(analytic, rel=1e-3)


def test_a_change_smaller_than_its_interval_is_within_noise(growth, hippocampi, a_mask):
    noisy = {row.label: row for row in rows_of(growth(percent_per_year=0.1), hippocampi, a_mask, 0.5)}
    clear = {row.label: row for row in rows_of(growth(percent_per_year=6.0), hippocampi, a_mask, 0.001)}
    for label in (17, 53):
        assert noisy[label].within_noise is True
        assert noisy[label].interval_points > abs(noisy[label].volume_change_percent)
        assert clear[label].within_noise is False
        assert clear[label].interval_points < clear[label].volume_change_percent


def test_settings_without_known_errors_leave_the_interval_open(growth, hippocampi, a_mask):
    rows = analyse_regions(growth(), hippocampi, [24], a_mask).rows
    assert {(row.interval_points, row.within_noise) for row in rows} == {(None, None)}


def test_the_baseline_has_no_error(growth, hippocampi, a_mask):
    rows = analyse_regions(growth(), hippocampi, [0], a_mask, residual=0.1).rows
    assert {row.interval_points for row in rows} == {0.0}


def test_a_map_is_as_uncertain_as_its_gradient_and_not_beyond_the_mask():
    affine = np.diag([1.0, 2.0, 1.0, 1.0])
    i, j, _ = np.indices((9, 8, 7))
    ramp = Volume((0.003 * i + 0.008 * j).astype(np.float32), affine)
    mask = np.ones(ramp.shape, bool)
    mask[0] = False
    found = voxel_half_widths(ramp, ramp.with_array(mask), 0.04, 2.0).array
    assert (found[0] == 0).all()
    inner = found[3:7, 2:6, 3]
    amplitude = float(np.sqrt(np.mean(ramp.array[mask].astype(float) ** 2)))
    steepness = np.full(inner.shape, np.hypot(0.003, 0.004))
    expected = half_width(VOXEL, Evidence(0.04, amplitude, 2.0), steepness, change=ramp.array[3:7, 2:6, 3])
    assert inner == pytest.approx(expected, rel=1e-4)


def rows_of(model, labels, mask, residual):
    return analyse_regions(model, labels, [24], mask, residual=residual).rows


def test_another_scanner_adds_its_scale_as_a_variance_to_every_region():
    unknown = replace(EVIDENCE, scanner=UNKNOWN_SCANNER)
    for steepness in (0.0, 0.01):
        assert width(unknown, steepness) == pytest.approx(
            np.hypot(width(EVIDENCE, steepness), SCANNER_SCALE_HALF_WIDTH)
        )
    measured = replace(EVIDENCE, scanner=MEASURED_SCALE)
    assert width() < width(measured) < width(unknown)


def test_the_widths_of_scale_are_those_of_the_published_differences():
    """By drawing scanners: the unknown between one after a year and two; and the rest after a correction."""
    random = np.random.default_rng(0)

    def held(scale):
        return np.quantile(np.abs(random.normal(scale=scale, size=400_000)), 0.9)

    assert held(3 * np.hypot(0.0020, 0.0020)) == pytest.approx(SCANNER_SCALE_HALF_WIDTH, rel=0.02)
    after_a_year, apart = held(0.0033 * np.sqrt(np.pi / 2)), held(0.0090 * np.sqrt(np.pi / 2) * np.sqrt(2))
    assert after_a_year < SCANNER_SCALE_HALF_WIDTH < apart
    rest = random.normal(scale=np.hypot(0.0020, 0.0020), size=400_000)
    assert np.quantile(np.abs(rest), 0.9) == pytest.approx(MEASURED_SCALE_HALF_WIDTH, rel=0.02)


def test_another_scanner_widens_the_rest_by_a_factor():
    wide = replace(EVIDENCE, scanner=ScannerError("another", scale=0.0, widening=1.5))
    assert width(wide) == pytest.approx(1.5 * width())


def test_regions_and_maps_have_the_interval_of_their_scanner_and_regions_say_which(
    growth, hippocampi, a_mask
):
    same, unknown = (
        analyse_regions(growth(), hippocampi, [0, 24], a_mask, residual=0.04, scanner=scanner).rows
        for scanner in (SAME_SCANNER, UNKNOWN_SCANNER)
    )
    for one, other in zip(same, unknown, strict=True):
        assert (one.interval_scanner, other.interval_scanner) == ("same scanner", "scanner unknown")
        added = 100 * SCANNER_SCALE_HALF_WIDTH if one.months else 0.0
        assert other.interval_points == pytest.approx(np.hypot(one.interval_points, added))
    level = Volume(np.full((4, 4, 4), 0.01, np.float32), np.eye(4))
    mask = level.with_array(np.ones(level.shape, bool))
    one, other = (
        voxel_half_widths(level, mask, 0.04, 1.0, scanner=scanner).array
        for scanner in (SAME_SCANNER, UNKNOWN_SCANNER)
    )
    np.testing.assert_allclose(other, np.hypot(one, SCANNER_SCALE_HALF_WIDTH), rtol=1e-5)
