import csv
import math
from dataclasses import astuple

import numpy as np
import pytest

from LongitudinalINRLib.analysis.region_row import write_regions
from LongitudinalINRLib.analysis.regions import GridMaps, analyse_regions, region_rows
from LongitudinalINRLib.errors import Cancelled

COLUMNS = [
    *("region", "label", "months", "kind", "mean_jacobian", "volume_change_percent", "rate_percent_per_year"),
    *("mean_percent_per_year", "sign_consistency", "voxels", "baseline_volume_ml", "volume_ml"),
]


def test_uniform_growth_reads_the_same_in_every_region_and_column(growth, hippocampi, a_mask):
    rows = region_rows(growth(percent_per_year=6.0), hippocampi, [24, 30], a_mask)
    assert [(row.region, row.label, row.months, row.kind) for row in rows] == [
        (region, label, months, kind)
        for months, kind in ((24, "observed"), (30, "extrapolated"))
        for region, label in (
            ("brain", 0),
            ("Left-Hippocampus", 17),
            ("Right-Hippocampus", 53),
            ("Optic-Chiasm", 85),
        )
    ]
    counts = [60, 18, 12, 1]
    for row, voxels in zip(rows[:4], counts, strict=True):
        assert row.voxels == voxels
        measured = (
            row.mean_jacobian,
            row.volume_change_percent,
            row.rate_percent_per_year,
            row.mean_percent_per_year,
        )
        assert measured == pytest.approx((1.12, 12, 6, 6), rel=1e-5)
        assert (row.sign_consistency, row.sign_change_share, row.folded_voxels) == (1, 0, 0)
        assert (row.baseline_volume_ml, row.volume_ml) == pytest.approx((voxels * 0.003, voxels * 0.00336))


def test_means_are_taken_over_the_voxels_of_the_region(tilt, hippocampi, a_mask):
    model = tilt(slope=1e-4)
    rows = {row.label: row for row in region_rows(model, hippocampi, [12], a_mask)}
    for label, row in rows.items():
        here = a_mask.array if label == 0 else a_mask.array & (hippocampi.array == label)
        x_mm = np.mean([5 - 2 * i for i, _, _ in np.argwhere(here)])
        assert row.mean_jacobian == pytest.approx(1 + 12e-4 * x_mm, rel=1e-6)
        assert row.rate_percent_per_year == pytest.approx(1200e-4 * x_mm, rel=1e-6)


def test_at_the_baseline_nothing_has_changed_and_a_mean_per_year_is_undefined(growth, hippocampi, a_mask):
    row = region_rows(growth(), hippocampi, [0], a_mask)[0]
    assert (row.kind, row.volume_change_percent) == ("observed", 0)
    assert math.isnan(row.mean_percent_per_year)


def test_growth_and_shrinkage_in_turn_halves_the_consistency(swing, a_mask):
    model = swing(period_months=24.0)
    (row,) = region_rows(model, None, [24], a_mask)
    # months 0..24 of cos(2 pi t / 24): 13 positive (0..5, 19..24), 11 negative (7..17), 6 and 18 without sign
    assert row.sign_consistency == pytest.approx(12 / 23)
    assert row.sign_change_share == 1


def test_without_change_the_consistency_is_undefined_not_one(growth, a_mask):
    (row,) = region_rows(growth(percent_per_year=0.05), None, [24], a_mask)
    assert math.isnan(row.sign_consistency)
    assert row.sign_change_share == 0


def test_maps_that_exist_give_the_same_rows_as_evaluating(tilt, hippocampi, a_mask):
    model = tilt()
    x_mm = 5 - 2 * np.indices(a_mask.shape)[0].astype(np.float32)
    jacobian, rate = a_mask.with_array(1 + 12e-4 * x_mm), a_mask.with_array(1e-4 * x_mm)
    evaluated = region_rows(model, hippocampi, [12], a_mask)
    for maps in (GridMaps(jacobian, rate), GridMaps(jacobian)):
        mapped = analyse_regions(model, hippocampi, [12], a_mask, maps={12.0: maps}).rows
        for a, b in zip(evaluated, mapped, strict=True):
            assert astuple(a)[4:8] == pytest.approx(astuple(b)[4:8], rel=1e-5)


def test_folded_voxels_are_counted_per_region(growth, hippocampi, a_mask):
    folding = np.ones(a_mask.shape, np.float32)
    folding[4, 2, 1:] = -0.1
    maps = {12.0: GridMaps(a_mask.with_array(folding))}
    rows = analyse_regions(growth(), hippocampi, [12], a_mask, maps=maps).rows
    assert [row.folded_voxels for row in rows] == [3, 2, 0, 0]


def test_sides_are_compared_where_labels_pair(growth, hippocampi, a_mask):
    rows = region_rows(growth(), hippocampi, [12], a_mask)
    assert [row.asymmetry_percent for row in rows] == [None, pytest.approx(40), pytest.approx(40), None]


def test_regions_cut_by_mask_or_field_of_view_are_warned_about(growth, hippocampi, a_mask):
    labels = hippocampi.array.copy()
    labels[0, 0, 0] = 54
    warnings = analyse_regions(growth(), hippocampi.with_array(labels), [12], a_mask).warnings
    assert "Right-Amygdala" in warnings[0]
    assert "Right-Hippocampus" in warnings[1]


def test_analysis_stops_when_asked(growth, hippocampi, a_mask):
    with pytest.raises(Cancelled):
        analyse_regions(growth(), hippocampi, [12], a_mask, should_stop=lambda: True)


def test_the_csv_has_the_promised_columns_first_and_leaves_undefined_cells_empty(
    growth, hippocampi, a_mask, tmp_path
):
    write_regions(region_rows(growth(), hippocampi, [0, 12], a_mask), tmp_path / "regions.csv")
    with (tmp_path / "regions.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[: len(COLUMNS)] == COLUMNS
    assert len(rows) == 8
    assert rows[0]["mean_percent_per_year"] == ""
    assert (rows[4]["region"], rows[4]["months"], rows[4]["kind"]) == ("brain", "12", "observed")
    assert float(rows[4]["volume_change_percent"]) == pytest.approx(6, rel=1e-5)
    assert [path.name for path in tmp_path.iterdir()] == ["regions.csv"]
