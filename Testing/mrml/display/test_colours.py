from __future__ import annotations

import numpy as np
import pytest
from LongitudinalINRModule.display.colours import (
    NO_CHANGE,
    amount_rgba,
    legend_positions,
    opaque_rgba,
    table_positions,
)
from LongitudinalINRModule.display.map_display import MapDisplay, legend_of
from LongitudinalINRModule.result.quantities import INTERVAL, JACOBIAN, LOG_JACOBIAN, RATE

from LongitudinalINRLib.analysis.change_colours import FADE_FRACTION, diverging_rgba

TABLE, LEGEND = table_positions(JACOBIAN), legend_positions(JACOBIAN)
# What eyes without the cones of one kind see of linear red, green and blue: Machado, Oliveira and Fernandes,
# "A physiologically-based model for simulation of color vision deficiency", 2009, severity 1.
DEUTERANOPIA = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
]
PROTANOPIA = [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
]
EYES = pytest.mark.parametrize("seen", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["all", "deuter", "prot"])


def cielab(rgb, seen):
    """L*, a*, b* of sRGB colours as they are seen; a distance of 2.3 is just noticed."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ np.array(seen).T, 0.0, 1.0)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0).T
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)


@pytest.fixture
def a_map(add_volume, phantom):
    return add_volume(phantom.jacobian(24.0), phantom.affine, "map")


def entries(table):
    colour = [0.0] * 4
    found = []
    for index in range(table.GetNumberOfColors()):
        table.GetColor(index, colour)
        found.append(tuple(colour))
    return np.array(found)


def names(table):
    return [table.GetColorName(index) for index in range(table.GetNumberOfColors())]


def test_contraction_is_blue_and_expansion_red():
    red, _, blue, _ = diverging_rgba(TABLE, 0.1).T
    assert (blue[:115] > red[:115]).all()
    assert (red[141:] > blue[141:]).all()


@EYES
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_what_is_stronger_is_darker_and_neighbours_of_the_legend_are_told_apart(seen, side):
    arm = cielab(diverging_rgba(side * LEGEND[LEGEND >= 0.0], 0.0)[:, :3], seen)
    assert (np.diff(arm[:, 0]) < 0).all()
    assert (np.linalg.norm(np.diff(arm, axis=0), axis=1) > 5).all()


@EYES
def test_contraction_and_expansion_of_one_size_are_told_apart(seen):
    one_size = LEGEND[LEGEND > 0.0]
    sides = [cielab(diverging_rgba(side * one_size, 0.0)[:, :3], seen) for side in (-1.0, 1.0)]
    assert (np.linalg.norm(sides[0] - sides[1], axis=1) > 40).all()


@EYES
def test_a_larger_amount_is_brighter_and_told_apart_from_its_neighbours(seen):
    amounts = cielab(amount_rgba(legend_positions(INTERVAL))[:, :3], seen)
    assert (np.diff(amounts[:, 0]) > 0).all()
    assert (np.linalg.norm(np.diff(amounts, axis=0), axis=1) > 5).all()


def test_an_amount_begins_at_none_which_is_not_drawn(add_volume, phantom):
    volume = add_volume(phantom.interval(24.0), phantom.affine, "interval")
    MapDisplay(volume, INTERVAL).set_range(0.1, 0.0)
    node = volume.GetDisplayNode()
    assert (node.GetWindowLevelMin(), node.GetWindowLevelMax()) == pytest.approx((0.0, 0.1))
    alpha = entries(node.GetColorNode())[:, 3]
    assert (alpha[0], set(alpha[1:])) == (0.0, {1.0})
    MapDisplay(volume, INTERVAL).show_legend(True)
    table = legend_of(volume).GetPrimaryDisplayNode().GetColorNode()
    assert names(table)[::3] == ["0%", "2.5%", "5%", "7.5%", "10%"]


def test_a_range_of_the_data_counts_until_another_is_set(a_map):
    display = MapDisplay(a_map, JACOBIAN, 0.06)
    assert (display.half_range, display.neutral_half_width) == pytest.approx((0.06, 0.006))
    display.set_range(0.2, 0.01)
    assert MapDisplay(a_map, JACOBIAN, 0.06).half_range == 0.2


def test_exactly_the_neutral_band_is_transparent():
    alpha = diverging_rgba(TABLE, 0.25)[:, 3]
    np.testing.assert_array_equal(alpha == 0.0, np.abs(TABLE) <= 0.25)


def test_opacity_fades_in_beside_the_neutral_band():
    distances = 0.25 + FADE_FRACTION * np.array([0.0, 0.2, 0.5, 1.0, 1.5])
    for side in (-1.0, 1.0):
        alpha = diverging_rgba(side * distances, 0.25)[:, 3]
        np.testing.assert_allclose(alpha, [0.0, 0.2, 0.5, 1.0, 1.0])


def test_the_middle_of_the_table_is_no_change():
    np.testing.assert_allclose(TABLE, -TABLE[::-1])
    assert LEGEND[6] == 0.0


def test_the_legend_is_opaque_and_light_where_nothing_is_drawn():
    legend = opaque_rgba(diverging_rgba(LEGEND, 0.25))
    np.testing.assert_array_equal(legend[:, 3], 1.0)
    np.testing.assert_allclose(legend[6, :3], NO_CHANGE)
    shown = np.abs(LEGEND) > 0.25 + FADE_FRACTION
    np.testing.assert_array_equal(legend[shown], diverging_rgba(LEGEND, 0.25)[shown])


@pytest.mark.parametrize("band", [-0.1, 1.5, float("nan")])
def test_a_band_that_is_not_a_share_of_the_range_is_refused(band):
    with pytest.raises(ValueError, match="neutral band"):
        diverging_rgba(TABLE, band)


@pytest.mark.parametrize(
    ("quantity", "value", "percent"),
    [
        (JACOBIAN, 0.9, -10.0),
        (LOG_JACOBIAN, np.log(1.2), 20.0),
        (RATE, 0.01, 12.0),
        (INTERVAL, 0.03, 3.0),
    ],
)
def test_values_are_told_in_percent(quantity, value, percent):
    assert quantity.percent(value) == pytest.approx(percent)
    assert quantity.centre + quantity.distance(percent) == pytest.approx(value)


def test_the_range_is_symmetric_about_no_change_in_window_level_and_table(a_map):
    display = MapDisplay(a_map, JACOBIAN)
    display.set_range(0.3, 0.05)
    node = a_map.GetDisplayNode()
    assert (node.GetWindowLevelMin(), node.GetWindowLevelMax()) == pytest.approx((0.7, 1.3))
    assert not node.GetAutoWindowLevel()
    assert not node.GetApplyThreshold()
    table = node.GetColorNode()
    assert table.GetLookupTable().GetRange() == pytest.approx((0.7, 1.3))
    np.testing.assert_allclose(entries(table), diverging_rgba(TABLE, 0.05 / 0.3), atol=0.003)
    assert names(table)[0] == "-29.9%"
    assert names(table)[255] == "+29.9%"


def test_a_range_without_width_is_refused(a_map):
    with pytest.raises(ValueError, match="more than 0"):
        MapDisplay(a_map, JACOBIAN).set_range(0.0, 0.0)


def test_maps_of_one_quantity_share_their_colours(scene, a_map, add_volume, phantom):
    other = add_volume(phantom.jacobian(12.0), phantom.affine, "other")
    rate = add_volume(phantom.rate(12.0), phantom.affine, "rate")
    for volume, quantity in ((a_map, JACOBIAN), (other, JACOBIAN), (rate, RATE)):
        MapDisplay(volume, quantity)
    assert a_map.GetDisplayNode().GetColorNode() is other.GetDisplayNode().GetColorNode()
    assert rate.GetDisplayNode().GetColorNode() is not a_map.GetDisplayNode().GetColorNode()
    assert rate.GetDisplayNode().GetLevel() == pytest.approx(0.0)


def test_what_was_set_is_still_set_when_the_map_is_shown_again(a_map):
    MapDisplay(a_map, JACOBIAN).set_range(0.15, 0.03)
    again = MapDisplay(a_map, JACOBIAN)
    assert (again.half_range, again.neutral_half_width) == (0.15, 0.03)
    assert a_map.GetDisplayNode().GetWindow() == pytest.approx(0.3)


def test_the_legend_has_five_labels_in_percent(a_map):
    display = MapDisplay(a_map, JACOBIAN)
    display.show_legend(True)
    display.set_range(0.1, 0.02)
    legend = legend_of(a_map)
    table = legend.GetPrimaryDisplayNode().GetColorNode()
    assert names(table)[::3] == ["-10%", "-5%", "0%", "+5%", "+10%"]
    assert set(names(table)) == {"-10%", "-5%", "0%", "+5%", "+10%", " "}
    assert legend.GetUseColorNamesForLabels()
    assert legend.GetVisibility()
    assert a_map.GetDisplayNode().GetColorNode().GetNumberOfColors() == 256


def test_showing_the_legend_twice_adds_one_and_hiding_it_keeps_it(scene, a_map):
    display = MapDisplay(a_map, JACOBIAN)
    display.show_legend(False)
    assert legend_of(a_map) is None
    display.show_legend(True)
    MapDisplay(a_map, JACOBIAN).show_legend(True)
    assert scene.GetNumberOfNodesByClass("vtkMRMLColorLegendDisplayNode") == 1
    display.show_legend(False)
    assert not legend_of(a_map).GetVisibility()


def test_colours_survive_a_bundle(scene, a_map, new_application, tmp_path):
    MapDisplay(a_map, JACOBIAN).set_range(0.15, 0.03)
    MapDisplay(a_map, JACOBIAN).show_legend(True)
    before = entries(a_map.GetDisplayNode().GetColorNode())
    labels = names(legend_of(a_map).GetPrimaryDisplayNode().GetColorNode())
    path = str(tmp_path / "colours.mrb")
    assert scene.WriteToMRB(path)
    other = new_application()
    assert other.scene.ReadFromMRB(path, True)
    volume = other.scene.GetFirstNodeByName("map")
    np.testing.assert_allclose(entries(volume.GetDisplayNode().GetColorNode()), before, atol=0.003)
    assert names(legend_of(volume).GetPrimaryDisplayNode().GetColorNode()) == labels
    assert volume.GetDisplayNode().GetWindow() == pytest.approx(0.3)
    assert MapDisplay(volume, JACOBIAN).neutral_half_width == 0.03
