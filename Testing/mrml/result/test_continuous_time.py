from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest
import slicer
import vtk
from LongitudinalINRModule.jobs.loading import add_log_jacobian, add_map, load_maps, remove_result
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from LongitudinalINRModule.result.map_interpolation import box_of_change, interpolate_map
from LongitudinalINRModule.result.result import results_in


@pytest.fixture
def time(a_result, application):
    slider = ContinuousTime(a_result, application.sequences_logic)
    yield slider
    slider.close()


@pytest.mark.parametrize("months", [0.0, 3.0, 12.0, 14.25, 30.0, 36.0])
def test_the_shown_map_is_the_models_own_within_two_thousandths(time, a_result, phantom, voxels, months):
    time.show(months)
    shown = voxels(a_result.proxy("jacobian"))
    assert shown.dtype == np.float32
    np.testing.assert_allclose(shown, phantom.jacobian(months), atol=0.002)


def test_at_a_stored_time_the_shown_map_is_the_stored_one(time, a_result, phantom, voxels):
    time.show(14.0)
    time.show(18.0)
    np.testing.assert_array_equal(voxels(a_result.proxy("jacobian")), phantom.jacobian(18.0))


def test_with_the_box_around_the_change_maps_are_as_without(time, a_result, files):
    add_map(a_result, files, "rate")
    add_log_jacobian(a_result)
    time.show(15.0)
    for name in ("jacobian", "rate", "log-jacobian"):
        shown = slicer.util.arrayFromVolume(a_result.proxy(name))
        whole = np.empty_like(shown)
        interpolate_map(a_result, name, 15.0, whole)
        np.testing.assert_allclose(shown, whole, atol=1e-6)


def test_the_box_around_the_change_holds_all_of_it(a_result):
    sequence = a_result.sequence("jacobian")
    changed = slicer.util.arrayFromVolume(sequence.GetNthDataNode(5)) != 1.0
    box = box_of_change(a_result)
    assert all(changed[box].take(face, axis).any() for axis in (0, 1) for face in (0, -1))
    assert np.count_nonzero(changed[box]) == np.count_nonzero(changed) > 0
    assert changed[box].size < changed.size / 2


def test_stored_maps_stay_as_they_are(time, a_result, phantom, voxels):
    for months in (5.0, 17.0, 33.0):
        time.show(months)
    sequence = a_result.sequence("jacobian")
    for index, month in enumerate(phantom.map_months):
        np.testing.assert_array_equal(voxels(sequence.GetNthDataNode(index)), phantom.jacobian(month))


def test_rate_and_log_jacobian_move_with_the_slider(time, a_result, files, phantom, voxels):
    add_map(a_result, files, "rate")
    add_log_jacobian(a_result)
    time.show(15.0)
    np.testing.assert_allclose(voxels(a_result.proxy("rate")), phantom.rate(15.0), atol=1e-5)
    np.testing.assert_allclose(
        voxels(a_result.proxy("log-jacobian")), np.log(phantom.jacobian(15.0)), atol=0.002
    )


def test_without_rates_the_slider_is_linear_between_stored_maps(
    scene, a_baseline, files, application, phantom, voxels
):
    from dataclasses import replace

    outputs = replace(files.request.outputs, maps=("jacobian",))
    result = load_maps(scene, replace(files, request=replace(files.request, outputs=outputs)), a_baseline)
    ContinuousTime(result, application.sequences_logic).show(9.0)
    expected = (phantom.jacobian(6.0) + phantom.jacobian(12.0)) / 2
    np.testing.assert_allclose(voxels(result.proxy("jacobian")), expected, atol=1e-6)


def test_the_browser_stands_at_the_stored_time_before_the_shown_one(time, a_result):
    for months, item in ((0.0, 0), (5.99, 0), (6.0, 1), (17.0, 2), (36.0, 5)):
        time.show(months)
        assert a_result.browser.GetSelectedItemNumber() == item


def test_months_outside_the_stored_ones_are_held_at_the_ends(time, a_result, phantom, voxels):
    time.show(99.0)
    assert time.months == 36.0
    np.testing.assert_array_equal(voxels(a_result.proxy("jacobian")), phantom.jacobian(36.0))
    time.show(-1.0)
    assert time.months == 0.0


def test_when_slicers_own_browser_moves_the_slider_follows_once(a_result, application, phantom, voxels):
    followed = Mock()
    time = ContinuousTime(a_result, application.sequences_logic, followed)
    time.show(14.0)
    followed.assert_not_called()
    a_result.browser.SelectNextItem(1)
    followed.assert_called_once_with(18.0)
    assert time.months == 18.0
    np.testing.assert_array_equal(voxels(a_result.proxy("jacobian")), phantom.jacobian(18.0))


def test_a_listener_that_shows_what_it_is_told_does_not_loop(a_result, application):
    told = []

    def on_months(months):
        told.append(months)
        time.show(months)

    time = ContinuousTime(a_result, application.sequences_logic, on_months)
    a_result.browser.SetSelectedItemNumber(4)
    assert told == [24.0]


def test_any_other_change_of_the_browser_keeps_the_shown_month(time, a_result, phantom, voxels):
    time.show(14.0)
    a_result.browser.SetPlaybackRateFps(5.0)
    a_result.browser.Modified()
    assert time.months == 14.0
    np.testing.assert_allclose(voxels(a_result.proxy("jacobian")), phantom.jacobian(14.0), atol=0.002)


def test_with_save_changes_switched_on_the_stored_maps_are_still_not_written_to(
    time, a_result, phantom, voxels
):
    sequence = a_result.sequence("jacobian")
    a_result.browser.SetSaveChanges(sequence, True)
    a_result.browser.SetSelectedItemNumber(1)
    time.show(8.0)
    time.show(20.0)
    assert not a_result.browser.GetSaveChanges(sequence)
    for index, month in enumerate(phantom.map_months):
        np.testing.assert_array_equal(voxels(sequence.GetNthDataNode(index)), phantom.jacobian(month))
    np.testing.assert_allclose(voxels(a_result.proxy("jacobian")), phantom.jacobian(20.0), atol=0.002)


def test_a_deleted_proxy_comes_back(scene, time, a_result, phantom, voxels):
    scene.RemoveNode(a_result.proxy("jacobian"))
    time.show(20.0)
    np.testing.assert_allclose(voxels(a_result.proxy("jacobian")), phantom.jacobian(20.0), atol=0.002)


def test_views_are_told_that_the_picture_changed(time, a_result):
    time.show(12.5)
    image = a_result.proxy("jacobian").GetImageData()
    told = Mock()
    image.AddObserver(vtk.vtkCommand.ModifiedEvent, told)
    before = image.GetPointData().GetScalars().GetMTime()
    time.show(13.0)
    assert told.called
    assert image.GetPointData().GetScalars().GetMTime() > before
    assert image.GetPointData().GetScalars().GetRange()[1] == pytest.approx(
        1 + 0.3 * (1 - np.exp(-13 / 24)), abs=0.002
    )


def test_window_and_level_stay_while_time_moves(time, a_result):
    display = a_result.proxy("jacobian").GetDisplayNode()
    for months in (3.0, 12.0, 31.0):
        time.show(months)
        assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == pytest.approx((0.8, 1.2))
        assert not display.GetAutoWindowLevel()


def test_a_removed_result_is_told(time, a_result):
    remove_result(a_result)
    with pytest.raises(RuntimeError, match="removed"):
        time.show(3.0)


def test_a_closed_scene_ends_quietly(time, scene, a_result):
    scene.Clear(0)
    with pytest.raises(RuntimeError, match="removed"):
        time.show(3.0)


def test_a_bundle_brings_the_slider_back_without_the_job_folder(
    scene, a_result, time, new_application, tmp_path, phantom, voxels
):
    time.show(14.0)
    path = str(tmp_path / "scene.mrb")
    assert scene.WriteToMRB(path)

    other = new_application()
    assert other.scene.ReadFromMRB(path, True)
    (result,) = results_in(other.scene)
    assert result.months == phantom.map_months
    assert result.observed_months == phantom.observed_months
    assert result.baseline.GetName() == "T1 baseline"
    again = ContinuousTime(result, other.sequences_logic)
    for months in (3.0, 20.0, 36.0):
        again.show(months)
        np.testing.assert_allclose(voxels(result.proxy("jacobian")), phantom.jacobian(months), atol=0.002)
    display = result.proxy("jacobian").GetDisplayNode()
    assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == pytest.approx((0.8, 1.2))
    assert display.GetColorNode().GetName() == "Volume change Jacobian"
    assert slicer.util.arrayFromVolume(result.proxy("jacobian")).dtype == np.float32
