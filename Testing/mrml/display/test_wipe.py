from __future__ import annotations

import time

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.display.wipe import Wipe
from LongitudinalINRModule.mrml.node_files import ReadVoxels

SIZE = 160


@pytest.fixture
def dark_and_bright(scene, phantom):
    """A grey head, and the same with a bright ball left of its middle and one right of it."""

    def add(name, array):
        node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
        ReadVoxels.of(array.astype(np.float32), phantom.affine).put_into(node)
        node.CreateDefaultDisplayNodes()
        return node

    head = 100.0 + 40.0 * phantom.ball((0, 0, 0), 19.0)
    changed = head.copy()
    for ras in ((14.0, 0.0, 0.0), (-14.0, 0.0, 0.0), (0.0, 14.0, 0.0), (0.0, -14.0, 0.0)):
        changed[phantom.ball(ras, 3.5)] = 180.0
    baseline, follow_up = add("baseline", head), add("follow-up", 2.0 * changed + 10.0)
    baseline.GetDisplayNode().AutoWindowLevelOff()
    baseline.GetDisplayNode().SetWindowLevelMinMax(50.0, 200.0)
    return baseline, follow_up


@pytest.fixture
def views(dark_and_bright, add_view):
    names = (("Red", "Axial"), ("Green", "Coronal"), ("Yellow", "Sagittal"))
    views = [add_view(name, orientation, (SIZE, SIZE)) for name, orientation in names]
    OverlayViews([view.logic for view in views]).show(dark_and_bright[0])
    for view in views:
        view.node.JumpSliceByOffsetting(0.0, 0.0, 0.0)
    return views


def bright_places(view):
    """On which sides of the middle of a view bright balls are seen; the divider is a thin line."""
    pixels = view.pixels()[..., 0].astype(int)
    bright = pixels > 210
    halves = {"left": bright[:, : SIZE // 2 - 8], "right": bright[:, SIZE // 2 + 8 :]}
    return {name for name, half in halves.items() if half.sum() > 30}


def test_left_of_the_divider_is_the_baseline_and_right_of_it_the_follow_up(dark_and_bright, views):
    wipe = Wipe(OverlayViews([view.logic for view in views]), *dark_and_bright)
    seen = {}
    for share in (0.0, 0.5, 1.0):
        wipe.show(share)
        seen[share] = [bright_places(view) for view in views]
    assert seen[0.0] == [{"left", "right"}] * 3
    assert seen[0.5] == [{"right"}] * 3
    assert seen[1.0] == [set()] * 3
    wipe.show(0.0)
    assert [bright_places(view) for view in views] == seen[0.0]


def test_a_line_marks_the_divider(dark_and_bright, views):
    wipe = Wipe(OverlayViews([view.logic for view in views]), *dark_and_bright)
    wipe.show(0.5)
    middle = views[0].pixels()[50:110, SIZE // 2 - 12 : SIZE // 2 + 12, 0]
    assert (middle.max(axis=1) > 210).all()


def test_moving_step_by_step_shows_what_one_move_does(dark_and_bright, views):
    wipe = Wipe(OverlayViews([view.logic for view in views]), *dark_and_bright)
    for share in (0.1, 0.7, 0.35, 0.4, 0.36, 0.62):
        wipe.show(share)
    step_by_step = [view.pixels() for view in views]
    wipe.stop()
    wipe.show(0.62)
    for view, expected in zip(views, step_by_step, strict=True):
        np.testing.assert_array_equal(view.pixels(), expected)


def test_stopping_shows_the_baseline_under_the_overlay_and_leaves_no_node(
    scene, dark_and_bright, views, add_volume, phantom
):
    overlay = add_volume(phantom.scan, phantom.affine, "overlay")
    shown = OverlayViews([view.logic for view in views])
    shown.show(dark_and_bright[0], overlay, 0.4)
    count = scene.GetNumberOfNodes()
    wipe = Wipe(shown, *dark_and_bright)
    wipe.show(0.3)
    composite = views[0].logic.GetSliceCompositeNode()
    assert composite.GetForegroundOpacity() == 0.0
    wipe.stop()
    wipe.stop()
    assert composite.GetForegroundOpacity() == pytest.approx(0.4)
    assert composite.GetBackgroundVolumeID() == dark_and_bright[0].GetID()
    assert scene.GetNumberOfNodes() == count


def test_a_step_at_1_mm_is_quicker_than_a_picture(scene, add_view):
    """Processor time, so that a busy machine does not count; the slider of the panel moves by hundredths."""
    array = np.random.default_rng(0).normal(500.0, 100.0, (176, 240, 256)).astype(np.float32)
    nodes = []
    for name in ("baseline", "follow-up"):
        nodes.append(scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name))
        slicer.util.updateVolumeFromArray(nodes[-1], array)
        nodes[-1].CreateDefaultDisplayNodes()
    shown = OverlayViews([add_view("Red").logic, add_view("Yellow", "Sagittal").logic])
    shown.show(nodes[0])
    wipe = Wipe(shown, *nodes)
    wipe.show(0.5)
    began = time.process_time()
    for share in (0.5, 0.52, 0.54, 0.56, 0.58):
        wipe.show(share)
    assert (time.process_time() - began) / 5 < 0.03
