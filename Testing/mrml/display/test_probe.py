from __future__ import annotations

import numpy as np
import pytest
from LongitudinalINRModule.display.plots import MONTHS
from LongitudinalINRModule.display.probe import curve_at, plot_probe
from LongitudinalINRModule.mrml.tables import numbers_of

from LongitudinalINRLib.errors import InputError


def test_the_curve_at_a_point_is_the_closed_form(a_result, phantom):
    curve = curve_at(a_result, phantom.ventricle_mm)
    assert set(phantom.map_months) <= set(curve.months.tolist())
    np.testing.assert_allclose(curve.jacobian, 1 + 0.3 * (1 - np.exp(-curve.months / 24)), atol=0.001)
    np.testing.assert_allclose(curve.rate, 0.3 * np.exp(-curve.months / 24) / 24, atol=2e-4)


def test_between_voxels_the_value_is_trilinear(a_result, phantom):
    """Halfway between two voxels, one inside the ventricle and one outside, it is the mean of the two."""
    amplitude = phantom.amplitude
    i, j, k = next(
        (i, j, k) for i, j, k in np.argwhere(amplitude > 0) if amplitude[i + 1, j, k] != amplitude[i, j, k]
    )
    point = phantom.points_mm[i, j, k] / 2 + phantom.points_mm[i + 1, j, k] / 2
    last = curve_at(a_result, point).jacobian[-1]
    assert last == pytest.approx(1 + 0.15 * (1 - np.exp(-1.5)), abs=1e-4)


def test_a_point_outside_the_maps_is_told(a_result):
    with pytest.raises(InputError, match="outside the maps"):
        curve_at(a_result, (500.0, 0.0, 0.0))


def test_the_plot_tells_observed_and_extrapolated_apart_and_marks_the_scans(a_result, phantom):
    change, rate = plot_probe(a_result, phantom.hippocampus_mm)
    assert change.GetTitle() == "Volume change at R 14.0, A -10.0, S 3.0 mm"
    assert change.GetYAxisTitle() == "Percent"
    assert rate.GetYAxisTitle() == "Percent per year"
    solid, dashed, marks = (change.GetNthPlotSeriesNode(index) for index in range(3))
    assert change.GetNumberOfPlotSeriesNodes() == 3
    assert (solid.GetLineStyle(), dashed.GetLineStyle(), marks.GetLineStyle()) == (
        solid.LineStyleSolid,
        solid.LineStyleDash,
        solid.LineStyleNone,
    )
    assert marks.GetMarkerStyle() == marks.MarkerStyleCircle
    table = solid.GetTableNode()
    months = numbers_of(table, MONTHS)
    observed, beyond, scans = (numbers_of(table, node.GetYColumnName()) for node in (solid, dashed, marks))
    np.testing.assert_array_equal(np.isnan(observed), months > 24.0)
    np.testing.assert_array_equal(np.isnan(beyond), months < 24.0)
    np.testing.assert_array_equal(months[~np.isnan(scans)], phantom.observed_months)
    np.testing.assert_allclose(
        scans[~np.isnan(scans)], -25 * (1 - np.exp(-np.array(phantom.observed_months) / 24)), atol=0.1
    )


def test_probing_again_updates_the_same_nodes(scene, a_result, phantom):
    first = plot_probe(a_result, phantom.hippocampus_mm)
    count = scene.GetNumberOfNodes()
    assert plot_probe(a_result, phantom.ventricle_mm) == first
    assert scene.GetNumberOfNodes() == count
    table = first[0].GetNthPlotSeriesNode(0).GetTableNode()
    assert np.nanmax(numbers_of(table, "Volume change")) > 15.0
