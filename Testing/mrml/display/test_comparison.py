from __future__ import annotations

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.display.difference import show_difference
from LongitudinalINRModule.display.flicker import Flicker
from LongitudinalINRModule.display.intensity_match import intensity_match
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.jobs.loading import add_map


@pytest.fixture
def with_follow_ups(a_result, files):
    for name in ("aligned", "warped"):
        add_map(a_result, files, name)
    return a_result


def test_intensities_are_matched_although_part_of_the_scan_changed():
    generator = np.random.default_rng(0)
    reference = generator.normal(100.0, 20.0, 20_000).clip(0)
    other = 1.7 * reference + 12.0
    other[:1500] = 0.0
    gain, offset = intensity_match(reference, other)
    assert gain == pytest.approx(1.7, rel=0.03)
    assert offset == pytest.approx(12.0, abs=4.0)


def test_the_difference_is_follow_up_minus_baseline(with_follow_ups, phantom, voxels):
    """The warped follow-up of the phantom is the baseline plus 1: nothing is left after matching."""
    after = show_difference(with_follow_ups, 12.0, "warped")
    head = phantom.scan > 0
    np.testing.assert_allclose(voxels(after)[head], 0.0, atol=1.0)
    before = show_difference(with_follow_ups, 24.0, "aligned")
    assert before is not after
    assert before.GetName() == "T1 baseline difference before, month 24"
    display = before.GetDisplayNode()
    assert display.GetLevel() == 0.0
    assert display.GetWindow() > 0.0


def test_a_shifted_structure_shows_up_with_its_sign(scene, with_follow_ups, files, phantom, voxels):
    sequence = with_follow_ups.sequence("aligned")
    changed = slicer.util.arrayFromVolume(sequence.GetDataNodeAtValue("12"))
    target = phantom.ball(phantom.ventricle_mm, 4.0)
    changed.transpose(2, 1, 0)[target] += 500.0
    difference = voxels(show_difference(with_follow_ups, 12.0, "aligned"))
    np.testing.assert_allclose(difference[target], 500.0, atol=10.0)
    np.testing.assert_allclose(difference[(phantom.scan > 0) & ~target], 0.0, atol=10.0)


def test_asking_twice_updates_one_node(scene, with_follow_ups):
    first = show_difference(with_follow_ups, 12.0, "aligned")
    count = scene.GetNumberOfNodes()
    assert show_difference(with_follow_ups, 12.0, "aligned") is first
    assert scene.GetNumberOfNodes() == count


def test_equal_is_drawn_in_mid_grey_and_brighter_is_brighter(with_follow_ups, add_view, phantom):
    changed = slicer.util.arrayFromVolume(with_follow_ups.sequence("aligned").GetDataNodeAtValue("12"))
    changed.transpose(2, 1, 0)[phantom.ball(phantom.ventricle_mm, 4.0)] += 500.0
    view = add_view()
    OverlayViews([view.logic]).show(show_difference(with_follow_ups, 12.0, "aligned"))
    view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    equal, brighter = (view.pixel_at(ras) for ras in (phantom.untouched_mm, phantom.ventricle_mm))
    assert len(set(equal)) == 1
    assert equal[0] == pytest.approx(127, abs=6)
    assert brighter[0] > 200


@pytest.mark.parametrize("months", [0.0, 6.0])
def test_a_month_without_follow_up_has_no_difference(with_follow_ups, months):
    with pytest.raises(KeyError, match="no aligned follow-up"):
        show_difference(with_follow_ups, months, "aligned")


def test_flicker_shows_follow_up_and_baseline_in_turn_without_the_overlay(
    with_follow_ups, a_baseline, add_view
):
    view = add_view()
    views = OverlayViews([view.logic])
    views.show(a_baseline, with_follow_ups.proxy("jacobian"), 0.4)
    composite = view.logic.GetSliceCompositeNode()
    flicker = Flicker(views, a_baseline, with_follow_ups.proxy("aligned"))
    seen = []
    for _ in range(3):
        flicker.toggle()
        seen.append((composite.GetBackgroundVolumeID(), composite.GetForegroundOpacity()))
    follow_up = with_follow_ups.proxy("aligned").GetID()
    assert seen == [(follow_up, 0.0), (a_baseline.GetID(), 0.0), (follow_up, 0.0)]
    flicker.stop()
    assert composite.GetBackgroundVolumeID() == a_baseline.GetID()
    assert composite.GetForegroundOpacity() == pytest.approx(0.4)
    flicker.stop()
    assert composite.GetForegroundOpacity() == pytest.approx(0.4)


def test_a_follow_up_of_another_brightness_is_shown_as_bright_as_the_baseline(
    with_follow_ups, a_baseline, add_view, phantom
):
    proxy = with_follow_ups.proxy("aligned")
    slicer.util.arrayFromVolume(proxy)[:] = 3.0 * slicer.util.arrayFromVolume(proxy)
    slicer.util.arrayFromVolumeModified(proxy)
    view = add_view()
    views = OverlayViews([view.logic])
    views.show(a_baseline, with_follow_ups.proxy("jacobian"), 0.0)
    view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    baseline = view.pixel_at(phantom.untouched_mm)[0]
    Flicker(views, a_baseline, proxy).toggle()
    assert view.pixel_at(phantom.untouched_mm)[0] == pytest.approx(baseline, abs=12)
