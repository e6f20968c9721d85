"""Changes within their intervals fade out: in slice views, and by the numbers that surfaces use."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.display.shown_map import show_map
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.jobs.loading import add_log_jacobian, add_map
from LongitudinalINRModule.result.continuous_time import ContinuousTime

from LongitudinalINRLib.analysis.change_colours import FADED_SHARE, visible_share


def test_what_is_seen_comes_in_towards_the_end_of_the_interval_and_is_whole_beyond():
    half_width = np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.0], np.float32)
    change = np.array([0.0, -0.1 * FADED_SHARE, 0.085, -0.1, 0.3, 0.2], np.float32)
    np.testing.assert_allclose(visible_share(change, half_width), [0, 0, 0.5, 1, 1, 0], atol=1e-5)


@pytest.fixture
def shown(application, a_result, a_baseline, files, add_view, phantom):
    """A view through ventricle and hippocampus, 5 % of log|J| being the interval from month 6 on."""
    add_map(a_result, files, "interval")
    view = add_view()
    views = OverlayViews([view.logic])
    views.show(a_baseline, a_result.proxy("jacobian"), 1.0)
    view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    view.views = views
    view.time = ContinuousTime(a_result, application.sequences_logic)
    return view


WITHIN, BEYOND = 3.0, 12.0


def wide(result):
    """Let every interval be so wide that it holds all that can happen."""
    stored = result.sequence("interval")
    for index in range(stored.GetNumberOfDataNodes()):
        slicer.util.arrayFromVolume(stored.GetNthDataNode(index))[...] = 10.0


def test_a_change_within_its_interval_shows_the_anatomy_and_one_beyond_its_colour(shown, a_result, phantom):
    coloured = {}
    for months in (WITHIN, BEYOND):
        shown.time.show(months)
        coloured[months] = shown.pixel_at(phantom.ventricle_mm)
        assert len(set(coloured[months])) > 1
    shown.views.fade(a_result.proxy("interval"))
    assert shown.pixel_at(phantom.ventricle_mm) == coloured[BEYOND]

    wide(a_result)
    shown.time.show(WITHIN)
    assert len(set(shown.pixel_at(phantom.ventricle_mm))) == 1
    shown.time.show(BEYOND)
    assert len(set(shown.pixel_at(phantom.ventricle_mm))) == 1


def test_nothing_fades_any_more_once_that_is_not_wanted(shown, a_result, phantom):
    shown.time.show(BEYOND)
    before = shown.pixels()
    wide(a_result)
    shown.time.show(BEYOND)
    shown.views.fade(a_result.proxy("interval"))
    assert len(set(shown.pixel_at(phantom.ventricle_mm))) == 1

    shown.views.fade(None)
    shown.time.show(BEYOND)
    np.testing.assert_array_equal(shown.pixels(), before)


def test_the_logarithm_fades_as_the_jacobian_does(shown, a_result, a_baseline, phantom):
    stored = a_result.sequence("interval")
    for index in range(1, stored.GetNumberOfDataNodes()):
        slicer.util.arrayFromVolume(stored.GetNthDataNode(index))[...] = 0.1
    add_log_jacobian(a_result)
    show_map(a_result, "log-jacobian")
    interval = a_result.proxy("interval")
    seen = []
    for name in ("jacobian", "log-jacobian"):
        shown.views.show(a_baseline, a_result.proxy(name), 1.0)
        shown.views.fade(interval, name == "log-jacobian")
        faded = []
        for months in (3.0, 6.0, 7.0, 12.0):
            shown.time.show(months)
            faded.append(len(set(shown.pixel_at(phantom.hippocampus_mm))) == 1)
        seen.append(faded)
    assert seen[0] == seen[1]
    # log|J| is -0.030, -0.057, -0.065 and -0.104; 0.07 of an interval of 0.1 are not seen.
    assert seen[0] == [True, True, True, False]


def test_a_view_of_another_size_or_slice_fades_the_same_points(shown, a_result, phantom):
    shown.views.fade(a_result.proxy("interval"))
    shown.time.show(BEYOND)
    coloured = shown.pixel_at(phantom.ventricle_mm)
    shown.node.JumpSliceByOffsetting(0.0, 0.0, -14.0)
    shown.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    shown.node.SetFieldOfView(60.0, 60.0, 1.0)
    assert shown.pixel_at(phantom.ventricle_mm) == coloured
