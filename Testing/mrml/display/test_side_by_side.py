from __future__ import annotations

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.display.comparison_layout import LAYOUT_ID, SIDES, is_of_comparison, show_layout
from LongitudinalINRModule.display.side_by_side import Side, SideBySide


@pytest.fixture
def views(add_view):
    """Two views of each side, which start somewhere else."""
    named = [("AAxial", "Axial"), ("ASagittal", "Sagittal"), ("BAxial", "Axial"), ("BSagittal", "Sagittal")]
    return [add_view(name, orientation, (120, 120)) for name, orientation in named]


@pytest.fixture
def comparison(a_result, views):
    logics = [view.logic for view in views]
    comparison = SideBySide([logics[:2], logics[2:]])
    comparison.show([Side(a_result, 0.0), Side(a_result, 30.0)], "jacobian", 0.7)
    return comparison


def redness(view, ras):
    red, green, _ = view.pixel_at(ras)
    return red - green


def test_each_side_shows_its_own_month(comparison, views, phantom):
    for view in views:
        view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    assert [redness(view, phantom.ventricle_mm) > 80 for view in views] == [False, False, True, True]


def test_other_months_are_shown_without_moving_the_views(comparison, a_result, views, phantom):
    for view in views:
        view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    comparison.update([Side(a_result, 30.0), Side(a_result, 0.0)], "jacobian")
    assert [redness(view, phantom.ventricle_mm) > 80 for view in views] == [True, True, False, False]
    assert views[0].node.GetSliceOffset() == pytest.approx(phantom.ventricle_mm[2])


def test_stored_maps_and_the_proxy_stay_as_they_are(comparison, a_result, phantom, voxels):
    for index, month in enumerate(phantom.map_months):
        stored = a_result.sequence("jacobian").GetNthDataNode(index)
        np.testing.assert_array_equal(voxels(stored), phantom.jacobian(month))
    np.testing.assert_array_equal(voxels(a_result.proxy("jacobian")), phantom.jacobian(0.0))


def test_moving_one_view_moves_the_view_of_the_other_side_that_lies_alike(comparison, views):
    first, sagittal, second, other_sagittal = views
    before = sagittal.node.GetSliceOffset()
    first.logic.StartSliceOffsetInteraction()
    first.logic.SetSliceOffset(9.0)
    first.logic.EndSliceOffsetInteraction()
    assert second.node.GetSliceOffset() == pytest.approx(9.0)
    assert sagittal.node.GetSliceOffset() == other_sagittal.node.GetSliceOffset() == before


def test_views_of_no_comparison_stay_where_they_are(comparison, views, add_view):
    other = add_view("Red", "Axial")
    other.logic.GetSliceCompositeNode().SetLinkedControl(True)
    before = other.node.GetSliceOffset()
    views[0].logic.StartSliceOffsetInteraction()
    views[0].logic.SetSliceOffset(9.0)
    views[0].logic.EndSliceOffsetInteraction()
    assert other.node.GetSliceOffset() == before


def test_the_maps_of_a_comparison_are_not_saved_and_go_with_it(scene, a_result, views):
    before = {scene.GetNthNode(index).GetID() for index in range(scene.GetNumberOfNodes())}
    logics = [view.logic for view in views]
    comparison = SideBySide([logics[:2], logics[2:]])
    comparison.show([Side(a_result, 0.0), Side(a_result, 30.0)], "jacobian", 0.7)
    added = [
        scene.GetNthNode(index)
        for index in range(scene.GetNumberOfNodes())
        if scene.GetNthNode(index).GetID() not in before
    ]
    assert [node.GetName() for node in added if node.IsA("vtkMRMLScalarVolumeNode")] == [
        "T1 baseline Jacobian, month 0",
        "T1 baseline Jacobian, month 30",
    ]
    assert not any(node.GetSaveWithScene() for node in added)
    comparison.remove()
    comparison.remove()
    after = {scene.GetNthNode(index).GetID() for index in range(scene.GetNumberOfNodes())}
    assert after == before


def test_the_layout_is_registered_once_and_tells_what_was_there_before(application):
    logic = slicer.vtkMRMLLayoutLogic()
    logic.SetMRMLScene(application.scene)
    node = logic.GetLayoutNode()
    node.SetViewArrangement(node.SlicerLayoutFourUpView)
    assert show_layout(node) == node.SlicerLayoutFourUpView
    assert show_layout(node) == LAYOUT_ID
    names = [name for names in SIDES for name in names]
    made = [application.scene.GetNodeByID(f"vtkMRMLSliceNode{name}") for name in names]
    assert [view.GetOrientation() for view in made] == ["Axial", "Coronal", "Sagittal"] * 2
    assert all(is_of_comparison(name) for name in names)
    assert not is_of_comparison("Red")
