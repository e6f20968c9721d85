from __future__ import annotations

import numpy as np
import pytest
from LongitudinalINRModule.display.map_display import MapDisplay
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from LongitudinalINRModule.result.quantities import JACOBIAN

from LongitudinalINRLib.analysis.change_colours import diverging_rgba

GETTERS = (
    "BackgroundVolumeID",
    "ForegroundVolumeID",
    "LabelVolumeID",
    "ForegroundOpacity",
    "LabelOpacity",
    "LinkedControl",
    "HotLinkedControl",
    "Compositing",
)


def settings(view):
    composite = view.logic.GetSliceCompositeNode()
    matrix = view.node.GetSliceToRAS()
    return (
        [getattr(composite, f"Get{name}")() for name in GETTERS],
        [matrix.GetElement(row, column) for row in range(4) for column in range(4)],
        view.node.GetFieldOfView(),
        view.node.GetXYZOrigin(),
        view.node.GetUseLabelOutline(),
    )


@pytest.fixture
def shown(application, a_result, a_baseline, add_view, phantom):
    """An axial view of the result through ventricle and hippocampus."""
    view = add_view()
    OverlayViews([view.logic]).show(a_baseline, a_result.proxy("jacobian"), 0.7)
    view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    return view


def test_ventricle_is_red_hippocampus_blue_and_the_rest_untouched(
    shown, application, a_result, a_baseline, phantom
):
    time = ContinuousTime(a_result, application.sequences_logic)
    before = [shown.pixel_at(ras) for ras in (phantom.untouched_mm, phantom.ventricle_mm)]
    assert len(set(before[0])) == len(set(before[1])) == 1, "at month 0 the baseline is seen alone, in grey"

    time.show(30.0)
    red, green, blue = shown.pixel_at(phantom.ventricle_mm)
    assert red > 150
    assert red > 2 * max(green, blue)
    red, green, blue = shown.pixel_at(phantom.hippocampus_mm)
    assert blue > 150
    assert blue > 1.5 * max(red, green)
    assert shown.pixel_at(phantom.untouched_mm) == before[0]


def test_the_picture_deepens_with_time(shown, application, a_result, phantom):
    time = ContinuousTime(a_result, application.sequences_logic)
    seen = []
    for months in (6.0, 9.0, 14.0, 20.0):
        time.show(months)
        red, green, _ = shown.pixel_at(phantom.ventricle_mm)
        seen.append(red - green)
    assert seen == sorted(seen)
    assert len(set(seen)) == 4


def test_a_wider_neutral_band_uncovers_the_anatomy(shown, application, a_result, phantom):
    ContinuousTime(a_result, application.sequences_logic).show(30.0)
    MapDisplay(a_result.proxy("jacobian"), JACOBIAN).set_range(0.3, 0.3)
    assert len(set(shown.pixel_at(phantom.ventricle_mm))) == 1


def test_a_small_change_is_seen_through(shown, application, a_result, phantom):
    time = ContinuousTime(a_result, application.sequences_logic)
    below = np.array(shown.pixel_at(phantom.ventricle_mm))
    position = 0.15  # of the range: half as far as the opacity needs to come in beside a band of 0.1
    time.show(-24.0 * np.log(1.0 - position * JACOBIAN.half_range / 0.3))
    (colour,) = diverging_rgba(np.array([position]), 0.1)
    assert colour[3] == pytest.approx(0.5)
    expected = below + 0.7 * colour[3] * (255 * colour[:3] - below)
    np.testing.assert_allclose(shown.pixel_at(phantom.ventricle_mm), expected, atol=4)


def test_a_volume_with_a_threshold_looks_as_slicer_shows_it(a_baseline, add_volume, add_view, phantom):
    overlay = add_volume(phantom.scan, phantom.affine, "overlay")
    overlay.GetDisplayNode().SetAndObserveColorNodeID("vtkMRMLColorTableNodeRainbow")
    overlay.GetDisplayNode().SetThreshold(950, 1150)
    overlay.GetDisplayNode().SetApplyThreshold(True)
    plain, graded = add_view("Red"), add_view("Green", "Axial")
    composite = plain.logic.GetSliceCompositeNode()
    composite.SetBackgroundVolumeID(a_baseline.GetID())
    composite.SetForegroundVolumeID(overlay.GetID())
    composite.SetForegroundOpacity(0.6)
    plain.logic.FitSliceToBackground()
    plain.logic.SnapSliceOffsetToIJK()
    views = OverlayViews([graded.logic])
    for _ in range(2):
        views.show(a_baseline, overlay, 0.6)
        np.testing.assert_array_equal(graded.pixels(), plain.pixels())
    thresholded = plain.pixels()
    overlay.GetDisplayNode().SetApplyThreshold(False)
    np.testing.assert_array_equal(graded.pixels(), plain.pixels())
    assert (plain.pixels() != thresholded).any()


def test_the_legend_is_drawn_in_colour(shown, application, a_result):
    ContinuousTime(a_result, application.sequences_logic).show(0.0)
    plain = shown.pixels()
    MapDisplay(a_result.proxy("jacobian"), JACOBIAN).show_legend(True)
    with_legend = shown.pixels()
    changed = with_legend[(with_legend != plain).any(-1)].astype(int)
    assert (changed[:, 0] > 2 * changed[:, 2] + 50).any(), "a red swatch"
    assert (changed[:, 2] > 2 * changed[:, 0] + 50).any(), "a blue swatch"
    MapDisplay(a_result.proxy("jacobian"), JACOBIAN).show_legend(False)
    assert (shown.pixels() == plain).all()


def test_views_are_linked_with_the_baseline_under_the_overlay(a_result, a_baseline, add_view):
    views = [add_view("Red", "Axial"), add_view("Green", "Coronal")]
    OverlayViews([view.logic for view in views]).show(a_baseline, a_result.proxy("jacobian"), 0.4)
    for view in views:
        composite = view.logic.GetSliceCompositeNode()
        assert composite.GetBackgroundVolumeID() == a_baseline.GetID()
        assert composite.GetForegroundVolumeID() == a_result.proxy("jacobian").GetID()
        assert composite.GetForegroundOpacity() == pytest.approx(0.4)
        assert composite.GetLinkedControl()


def test_views_are_put_back_as_they_were_even_after_showing_twice(
    a_result, a_baseline, add_view, add_volume, phantom
):
    other = add_volume(phantom.scan, phantom.affine, "other")
    view = add_view()
    composite = view.logic.GetSliceCompositeNode()
    composite.SetBackgroundVolumeID(other.GetID())
    composite.SetForegroundOpacity(0.25)
    composite.SetHotLinkedControl(True)
    view.node.SetFieldOfView(77.0, 77.0, 1.0)
    view.node.JumpSliceByOffsetting(3.0, 4.0, 7.5)
    before = settings(view)
    views = OverlayViews([view.logic])
    views.show(a_baseline, a_result.proxy("jacobian"))
    views.set_opacity(0.9)
    views.show(a_baseline, a_result.proxy("jacobian"))
    assert settings(view) != before
    views.restore()
    assert settings(view) == before
    views.restore()
    assert settings(view) == before


def test_a_volume_that_is_gone_is_not_put_back(scene, a_result, a_baseline, add_view, add_volume, phantom):
    other = add_volume(phantom.scan, phantom.affine, "other")
    view = add_view()
    view.logic.GetSliceCompositeNode().SetBackgroundVolumeID(other.GetID())
    views = OverlayViews([view.logic])
    views.show(a_baseline, a_result.proxy("jacobian"))
    scene.RemoveNode(other)
    views.restore()
    assert view.logic.GetSliceCompositeNode().GetBackgroundVolumeID() is None


def test_moving_on_and_showing_again_keeps_the_slice_that_was_chosen(a_result, a_baseline, add_view):
    view = add_view()
    views = OverlayViews([view.logic])
    views.show(a_baseline, a_result.proxy("jacobian"))
    view.node.JumpSliceByOffsetting(0.0, 0.0, 7.5)
    chosen = view.node.GetSliceOffset()
    views.show(a_baseline, a_result.proxy("jacobian"), 0.8)
    assert view.node.GetSliceOffset() == chosen


def test_a_view_of_a_layout_that_was_chosen_later_is_set_up_and_put_back_too(a_result, a_baseline, add_view):
    first, later = add_view(), add_view("Green", "Coronal")
    before = settings(later)
    views = OverlayViews([first.logic])
    views.show(a_baseline, a_result.proxy("jacobian"))
    assert settings(later) == before

    views.include([first.logic, later.logic])
    views.show(a_baseline, a_result.proxy("jacobian"))
    assert later.logic.GetSliceCompositeNode().GetForegroundVolumeID() == a_result.proxy("jacobian").GetID()

    views.restore()
    assert settings(later)[0] == before[0]
