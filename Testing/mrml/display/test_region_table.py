from __future__ import annotations

import csv

import numpy as np
import pytest
from LongitudinalINRModule.display.region_courses import plot_regions
from LongitudinalINRModule.display.region_table import CENTILE_TITLE, update_table_at
from LongitudinalINRModule.mrml.tables import numbers_of, texts_of
from LongitudinalINRModule.result.region_files import load_regions
from LongitudinalINRModule.result.regions import distinct_titles, regions_of
from LongitudinalINRModule.result.result import results_in

from LongitudinalINRLib.errors import InputError

AMPLITUDES = {"brain": -0.02, "brain tissue": -0.03, "Left-Hippocampus": -0.25, "Ventricle": 0.3}
LABELS = {"Whole mask": 0, "Brain tissue": -1, "Left hippocampus": 17, "Ventricle": 4}
NUMBERS = dict(zip(AMPLITUDES, LABELS.values(), strict=True))
COLUMNS = (
    "region label months kind mean_jacobian volume_change_percent rate_percent_per_year "
    "mean_percent_per_year sign_consistency voxels baseline_volume_ml volume_ml"
)


def change_percent(region, months):
    return 100 * AMPLITUDES[region] * (1 - np.exp(-months / 24))


def rate_percent_per_year(region, months):
    return 1200 * AMPLITUDES[region] * np.exp(-months / 24) / 24


def row(region, months):
    change = change_percent(region, months)
    kind = "observed" if months in (0, 12, 24) else "extrapolated" if months > 24 else "interpolated"
    mean = "" if months == 0 else f"{change / months * 12:.7g}"
    rate = rate_percent_per_year(region, months)
    return [
        region,
        NUMBERS[region],
        months,
        kind,
        1 + change / 100,
        change,
        rate,
        mean,
        0.9,
        800,
        4.0,
        4 + change / 25,
    ]


@pytest.fixture
def tables(tmp_path, phantom):
    paths = []
    for name, months in (("regions.csv", phantom.map_months), ("trajectories.csv", np.arange(37.0))):
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS.split())
            writer.writerows(row(region, month) for region in AMPLITUDES for month in months)
        paths.append(tmp_path / name)
    return paths


@pytest.fixture
def with_regions(a_result, tables):
    load_regions(a_result, *tables, colours=[{"label": 4, "colour": [0.9, 0.1, 0.2]}])
    return a_result


def test_regions_keep_the_order_of_the_table(with_regions):
    regions = regions_of(with_regions)
    assert {region.title: region.label for region in regions} == LABELS
    assert [region.name for region in regions] == list(AMPLITUDES)


@pytest.mark.parametrize("months", [0.0, 12.0, 15.5, 33.0])
def test_the_table_tells_every_region_at_the_sliders_time(with_regions, months):
    table = update_table_at(with_regions, months)
    assert texts_of(table, "Region") == list(LABELS)
    change = np.array([change_percent(region, months) for region in AMPLITUDES])
    np.testing.assert_allclose(numbers_of(table, "Change (%)"), change, atol=0.05)
    np.testing.assert_allclose(
        numbers_of(table, "Rate (% per year)"),
        [rate_percent_per_year(region, months) for region in AMPLITUDES],
        atol=0.12,
    )
    np.testing.assert_allclose(numbers_of(table, "Volume (mL)"), 4 * (1 + change / 100), atol=0.01)
    np.testing.assert_array_equal(numbers_of(table, "Sign consistency"), 0.9)
    expected = np.full(len(AMPLITUDES), np.nan) if months == 0 else change / months * 12
    np.testing.assert_allclose(numbers_of(table, "Mean (% per year)"), expected, atol=0.05)


def cells(table, column):
    return [table.GetCellText(row, table.GetColumnIndex(column)) for row in range(len(AMPLITUDES))]


def test_numbers_are_rounded_to_be_read(with_regions):
    table = update_table_at(with_regions, 12.0)
    change = [change_percent(region, 12.0) for region in AMPLITUDES]
    assert cells(table, "Change (%)") == [f"{round(value, 2):g}" for value in change]
    assert cells(table, "Volume (mL)") == [f"{round(4 + value / 25, 3):g}" for value in change]
    table = update_table_at(with_regions, 0.0)
    assert cells(table, "Change (%)") == ["0"] * len(AMPLITUDES)
    assert cells(table, "Mean (% per year)") == [""] * len(AMPLITUDES)


def test_intervals_are_shown_where_the_job_told_them(a_result, tables):
    assert update_table_at_after(a_result, tables).GetColumnIndex("± (90 % interval)") == -1
    rows = list(csv.reader(tables[0].read_text().splitlines()))
    with tables[0].open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*rows[0], "interval_points", "within_noise"])
        writer.writerows([*each, float(each[2]) / 10, each[2] == "0.0"] for each in rows[1:])
    table = update_table_at_after(a_result, tables)
    assert cells(table, "± (90 % interval)") == ["1.5"] * len(AMPLITUDES)


def test_intervals_are_called_by_what_is_known_of_the_scanners(a_result, tables):
    rows = list(csv.reader(tables[0].read_text().splitlines()))
    with tables[0].open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*rows[0], "interval_points", "within_noise", "interval_scanner"])
        writer.writerows([*each, 1.5, False, "scanner unknown"] for each in rows[1:])
    table = update_table_at_after(a_result, tables)
    assert cells(table, "± (90 % interval, scanner unknown)") == ["1.5"] * 4


def test_centiles_of_the_last_scan_are_shown_at_every_month_where_the_job_told_them(a_result, tables):
    rows = list(csv.reader(tables[0].read_text().splitlines()))
    label, months = rows[0].index("label"), rows[0].index("months")
    told = {("4", "24"): ["12.3", "2.5", "30.4"], ("17", "24"): ["99", "", ""]}
    with tables[0].open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*rows[0], "centile", "centile_low", "centile_high"])
        for each in rows[1:]:
            writer.writerow([*each, *told.get((each[label], f"{float(each[months]):g}"), ["", "", ""])])
    table = update_table_at_after(a_result, tables)
    shown = dict(zip(cells(table, "Region"), cells(table, CENTILE_TITLE), strict=True))
    assert shown.pop("Ventricle") == "12 (2.5 or less to 30)"
    assert shown.pop("Left hippocampus") == "99 or more"
    assert set(shown.values()) == {""}


def update_table_at_after(result, tables):
    load_regions(result, *tables)
    return update_table_at(result, 15.0)


def test_moving_the_slider_updates_one_table(scene, with_regions):
    first = update_table_at(with_regions, 3.0)
    count = scene.GetNumberOfNodes()
    assert update_table_at(with_regions, 20.0) is first
    assert scene.GetNumberOfNodes() == count


def test_the_plot_draws_regions_over_time_in_the_colours_of_their_segments(with_regions):
    chart = plot_regions(with_regions, [4, 17])
    series = [chart.GetNthPlotSeriesNode(index) for index in range(chart.GetNumberOfPlotSeriesNodes())]
    assert [node.GetName() for node in series] == [
        "Ventricle",
        "Ventricle, extrapolated",
        "Ventricle, scans",
        "Left hippocampus",
        "Left hippocampus, extrapolated",
        "Left hippocampus, scans",
    ]
    assert series[0].GetColor() == pytest.approx((0.9, 0.1, 0.2))
    assert series[3].GetColor() != series[0].GetColor()
    scans = numbers_of(series[2].GetTableNode(), "Ventricle, scans")
    np.testing.assert_allclose(
        scans[~np.isnan(scans)], [change_percent("Ventricle", month) for month in (0, 12, 24)], atol=1e-4
    )


@pytest.fixture
def with_intervals(a_result, tables):
    """Every region may be off by a tenth of a point for each month."""
    lines = tables[0].read_text().splitlines()
    months = [line.split(",")[2] for line in lines[1:]]
    told = [f"{line},{float(month) / 10:g}" for line, month in zip(lines[1:], months, strict=True)]
    tables[0].write_text("\n".join([lines[0] + ",interval_points", *told]) + "\n")
    load_regions(a_result, *tables)
    return a_result


def lines_of(chart):
    """Return the values of every series by its name, and the node."""
    series = [chart.GetNthPlotSeriesNode(index) for index in range(chart.GetNumberOfPlotSeriesNodes())]
    return {node.GetName(): (numbers_of(node.GetTableNode(), node.GetYColumnName()), node) for node in series}


def test_the_interval_of_a_region_runs_beside_its_course_as_thin_dotted_lines(with_intervals):
    lines = lines_of(plot_regions(with_intervals, [4]))
    assert list(lines) == [
        "Ventricle",
        "Ventricle, extrapolated",
        "Ventricle, scans",
        "Ventricle, at least",
        "Ventricle, at most",
    ]
    (least, node), (most, _) = lines["Ventricle, at least"], lines["Ventricle, at most"]
    np.testing.assert_allclose(most - least, 0.2 * np.arange(37.0), atol=1e-9)
    course = [change_percent("Ventricle", month) for month in range(37)]
    np.testing.assert_allclose((least + most) / 2, course, atol=1e-4)
    assert (node.GetLineStyle(), node.GetLineWidth()) == (node.LineStyleDot, 1)


def test_more_regions_than_two_are_drawn_without_intervals(with_intervals):
    lines = lines_of(plot_regions(with_intervals, [4, 17, 0]))
    assert len(lines) == 9
    assert not any("at least" in name for name in lines)


def test_the_point_that_is_probed_is_drawn_among_the_regions(with_regions, phantom):
    lines = lines_of(plot_regions(with_regions, [4], phantom.hippocampus_mm))
    values, _ = lines["Point under the crosshair"]
    expected = -25 * (1 - np.exp(-np.arange(25.0) / 24))
    np.testing.assert_allclose(values[:25], expected, atol=0.1)
    assert "Ventricle" in lines


def test_fewer_regions_leave_no_series_behind(scene, with_regions):
    plot_regions(with_regions, list(LABELS.values()))
    chart = plot_regions(with_regions, [0])
    assert chart.GetNumberOfPlotSeriesNodes() == 3
    assert scene.GetNumberOfNodesByClass("vtkMRMLPlotSeriesNode") == 3


def test_a_result_without_segmentation_says_so(a_result):
    assert regions_of(a_result) == []
    with pytest.raises(KeyError, match="without a segmentation"):
        update_table_at(a_result, 3.0)


def test_a_missing_table_is_told(a_result, tables, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_regions(a_result, tmp_path / "nothing.csv", tables[1])


def test_regions_survive_a_bundle(scene, with_regions, new_application, tmp_path):
    path = str(tmp_path / "scene.mrb")
    assert scene.WriteToMRB(path)
    other = new_application()
    assert other.scene.ReadFromMRB(path, True)
    (result,) = results_in(other.scene)
    table = update_table_at(result, 15.5)
    np.testing.assert_allclose(
        numbers_of(table, "Change (%)"),
        [change_percent(region, 15.5) for region in AMPLITUDES],
        atol=0.05,
    )
    assert plot_regions(result, [4]).GetNthPlotSeriesNode(0).GetColor() == pytest.approx((0.9, 0.1, 0.2))


@pytest.fixture
def two_lesions(a_result, tables):
    """A result with two segments of one name: one grows by a tenth, one shrinks by a fifth."""
    for path in tables:
        lines = path.read_text().splitlines()
        header = lines[0].split(",")
        rows = [dict(zip(header, line.split(","), strict=True)) for line in lines[1:] if "brain," in line]
        lesions = [
            each | {"region": "Lesion", "label": label, "volume_change_percent": change}
            for label, change in ((3, 10.0), (8, -20.0))
            for each in rows
        ]
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(lesions)
    colours = [{"label": 3, "colour": [1, 0, 0]}, {"label": 8, "colour": [0, 0, 1]}]
    load_regions(a_result, *tables, colours=colours)
    return a_result


def test_two_regions_of_one_name_keep_their_own_growth_and_colour(two_lesions):
    table = update_table_at(two_lesions, 36.0)
    assert texts_of(table, "Region") == ["Lesion (label 3)", "Lesion (label 8)"]
    np.testing.assert_array_equal(numbers_of(table, "Change (%)"), [10.0, -20.0])
    chart = plot_regions(two_lesions, [8, 3])
    series = [chart.GetNthPlotSeriesNode(index) for index in (0, 3)]
    assert [node.GetName() for node in series] == ["Lesion (label 8)", "Lesion (label 3)"]
    assert [node.GetColor() for node in series] == [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0)]
    lines = [numbers_of(node.GetTableNode(), node.GetYColumnName()) for node in series]
    assert [line[0] for line in lines] == [-20.0, 10.0]


def test_colours_by_name_of_an_earlier_version_are_still_shown(two_lesions, tables):
    load_regions(two_lesions, *tables, colours={"Lesion": [0.2, 0.4, 0.6]})
    chart = plot_regions(two_lesions, [3, 8])
    colours = [chart.GetNthPlotSeriesNode(index).GetColor() for index in (0, 3)]
    assert colours == [pytest.approx((0.2, 0.4, 0.6))] * 2


def test_a_bundle_with_colours_by_name_of_an_earlier_version_is_still_drawn(two_lesions):
    for node in two_lesions.tables:
        node.SetAttribute("LongitudinalINR.RegionColours", '{"Lesion": [0.2, 0.4, 0.6]}')
    chart = plot_regions(two_lesions, [3, 8])
    colours = [chart.GetNthPlotSeriesNode(index).GetColor() for index in (0, 3)]
    assert colours == [pytest.approx((0.2, 0.4, 0.6))] * 2


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        ({1: "Lesion", 2: "Ventricle", 7: "Lesion"}, ["Lesion (label 1)", "Ventricle", "Lesion (label 7)"]),
        (
            {1: "A", 2: "A", 3: "A (label 2)"},
            ["A (label 1)", "A (label 2) (label 2)", "A (label 2) (label 3)"],
        ),
        ({4: "", 5: " "}, ["Label 4", "Label 5"]),
    ],
)
def test_no_two_regions_are_called_the_same(names, titles):
    assert list(distinct_titles(names).values()) == titles


def test_a_region_called_as_a_part_of_anothers_plot_is_drawn_too(a_result, tables):
    for path in tables:
        path.write_text(path.read_text().replace("Ventricle", "brain; scans"))
        path.write_text(path.read_text().replace("brain; scans", '"brain, scans"'))
    load_regions(a_result, *tables)
    chart = plot_regions(a_result, [0, 4])
    names = [chart.GetNthPlotSeriesNode(index).GetYColumnName() for index in range(6)]
    assert len(set(names)) == 6
