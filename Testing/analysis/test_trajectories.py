import csv
import math

import numpy as np
import pytest

from LongitudinalINRLib.analysis.curves import LARGEST_ERROR, region_curves
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.regions import analyse_regions
from LongitudinalINRLib.analysis.trajectories import write_trajectories


def test_every_region_is_followed_monthly_to_the_last_month_asked_for(swing, hippocampi, a_mask):
    points = analyse_regions(swing(), hippocampi, [6.5, 36.0], a_mask).trajectories
    months = sorted([*range(37), 6.5])
    assert [(point.label, point.months) for point in points] == [
        (r, m) for r in (0, 17, 53, 85) for m in months
    ]
    expected = [5 * math.sin(2 * math.pi * month / 24) for month in months] * 4
    assert [point.volume_change_percent for point in points] == pytest.approx(
        expected, abs=100 * LARGEST_ERROR
    )
    assert [points[m].kind for m in (0, 5, 13, 25, 26)] == [
        "observed",
        "interpolated",
        "observed",
        "observed",
        "extrapolated",
    ]


def test_curves_of_large_regions_from_a_sample_come_close_to_all_voxels(tilt, lia):
    mask = lia(np.ones((60, 30, 30), bool))
    labels = np.ones(mask.shape, np.int16)
    labels[:7] = 2
    regions = RegionSet.from_labels(mask.with_array(labels), mask)
    model = tilt(slope=1e-4)
    curves = region_curves(PointEvaluator(model), regions, [36.0])
    x_mm = 5 - 2 * np.arange(60.0)
    expected = 1 + 36e-4 * np.array([x_mm.mean(), x_mm[7:].mean(), x_mm[:7].mean()])
    # 36e-4 a mm: the mean position of the sample is within 0.2 mm of the region's, of 14 to 106 mm
    np.testing.assert_allclose(curves.mean_jacobian[-1], expected, atol=36e-4 * 0.2)


def test_the_table_has_one_line_per_region_and_month(growth, hippocampi, a_mask, tmp_path):
    points = analyse_regions(growth(), hippocampi, [12, 36], a_mask).trajectories
    write_trajectories(points, tmp_path / "trajectories.csv")
    with (tmp_path / "trajectories.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 * 37
    assert rows[0] == {
        "region": "brain",
        "label": "0",
        "months": "0",
        "kind": "observed",
        "mean_jacobian": "1",
        "volume_change_percent": "0",
        "rate_percent_per_year": "6",
        "volume_ml": "0.18",
    }
