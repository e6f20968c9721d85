from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.jobs.loading import add_log_jacobian, add_map, load_maps, remove_result
from LongitudinalINRModule.result.result import results_in
from LongitudinalINRModule.result.result_files import ResultFiles

from LongitudinalINRLib.errors import InputError


def counts(scene):
    classes = [scene.GetNthNode(index).GetClassName() for index in range(scene.GetNumberOfNodes())]
    return {name: classes.count(name) for name in classes}


def test_a_result_is_a_numeric_sequence_in_months_with_the_maps_of_the_files(a_result, phantom, voxels):
    sequence = a_result.sequence("jacobian")

    assert sequence.GetIndexName() == "time"
    assert sequence.GetIndexUnit() == "months"
    assert sequence.GetIndexType() == sequence.NumericIndex
    assert a_result.months == phantom.map_months
    for index, month in enumerate(phantom.map_months):
        node = sequence.GetNthDataNode(index)
        assert voxels(node).dtype == np.float32
        np.testing.assert_array_equal(voxels(node), phantom.jacobian(month))


def test_one_browser_shows_the_baseline_time_first(a_result, phantom, voxels):
    assert a_result.browser.GetSelectedItemNumber() == 0
    np.testing.assert_array_equal(voxels(a_result.proxy("jacobian")), phantom.jacobian(0.0))
    assert a_result.browser.GetMasterSequenceNode() is a_result.sequence("jacobian")
    assert a_result.proxy("rate") is None


def test_the_result_stands_in_the_study_of_the_baseline(scene, a_result, a_baseline):
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    study = hierarchy.GetItemParent(hierarchy.GetItemByDataNode(a_baseline))
    assert hierarchy.GetItemName(study) == "Study 1"
    for node in (a_result.browser, a_result.proxy("jacobian"), a_result.sequence("jacobian")):
        assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) == study


def test_loading_leaves_no_temporary_node(scene, a_baseline, files):
    before = counts(scene)
    load_maps(scene, files, a_baseline)
    after = counts(scene)
    added = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    assert added == {
        "vtkMRMLSequenceBrowserNode": 1,
        "vtkMRMLSequenceNode": 2,
        "vtkMRMLScalarVolumeNode": 1,
        "vtkMRMLScalarVolumeDisplayNode": 1,
        "vtkMRMLVolumeArchetypeStorageNode": 1,
        "vtkMRMLColorTableNode": 1,
    }


def test_a_missing_map_is_told_and_leaves_the_scene_as_it_was(scene, a_baseline, job_folder, tmp_path):
    folder = tmp_path / "incomplete"
    shutil.copytree(job_folder, folder)
    (folder / "maps" / "jacobian_018.0mo.nii.gz").unlink()
    before = counts(scene)
    with pytest.raises(InputError, match=r"jacobian_018\.0mo\.nii\.gz"):
        load_maps(scene, ResultFiles.of(folder), a_baseline)
    assert counts(scene) == before


def test_a_truncated_map_is_refused(scene, a_baseline, job_folder, tmp_path):
    folder = tmp_path / "truncated"
    shutil.copytree(job_folder, folder)
    path = folder / "maps" / "jacobian_018.0mo.nii.gz"
    path.write_bytes(path.read_bytes()[:-80])
    with pytest.raises(InputError, match="ends before its last voxel"):
        load_maps(scene, ResultFiles.of(folder), a_baseline)


def test_a_folder_without_a_request_is_no_result(tmp_path):
    with pytest.raises(InputError, match="not a result"):
        ResultFiles.of(tmp_path)


def test_a_result_is_found_again_from_the_scene(scene, a_result, a_baseline, phantom):
    (found,) = results_in(scene)
    assert found.observed_months == phantom.observed_months
    assert found.baseline is a_baseline
    assert found.maps == ("jacobian", "rate")
    assert [found.kind(month) for month in (0, 6, 12, 24, 30)] == [
        "observed",
        "interpolated",
        "observed",
        "observed",
        "extrapolated",
    ]


def test_log_jacobian_is_made_from_the_stored_maps(a_result, phantom, voxels):
    add_log_jacobian(a_result)
    sequence = a_result.sequence("log-jacobian")
    for index, month in enumerate(phantom.map_months):
        np.testing.assert_allclose(
            voxels(sequence.GetNthDataNode(index)), np.log(phantom.jacobian(month)), atol=1e-6
        )
    np.testing.assert_array_equal(
        voxels(a_result.sequence("jacobian").GetNthDataNode(5)), phantom.jacobian(36)
    )


def test_follow_ups_begin_with_the_baseline_and_repeat_the_latest_scan(a_result, files, phantom, voxels):
    add_map(a_result, files, "warped")
    shown = []
    for item in range(len(phantom.map_months)):
        a_result.browser.SetSelectedItemNumber(item)
        shown.append(float(voxels(a_result.proxy("warped")).min()))
    assert shown == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]


def test_the_deformation_takes_a_baseline_point_to_its_place_at_the_month(a_result, files, phantom):
    add_map(a_result, files, "displacement")
    a_result.browser.SetSelectedItemNumber(phantom.map_months.index(24.0))
    moved = a_result.proxy("displacement").GetTransformToParent().TransformPoint(4.0, 10.0, -3.0)
    np.testing.assert_allclose(moved, (4.0 + 0.002 * 24 * 10.0, 10.0, -3.0), atol=1e-3)


def test_the_deformation_survives_a_bundle(scene, a_result, files, new_application, tmp_path):
    add_map(a_result, files, "displacement")
    path = str(tmp_path / "scene.mrb")
    assert scene.WriteToMRB(path)
    other = new_application()
    assert other.scene.ReadFromMRB(path, True)
    (result,) = results_in(other.scene)
    result.browser.SetSelectedItemNumber(4)
    moved = result.proxy("displacement").GetTransformToParent().TransformPoint(4.0, 10.0, -3.0)
    np.testing.assert_allclose(moved, (4.0 + 0.002 * 24 * 10.0, 10.0, -3.0), atol=1e-3)


def test_one_month_is_too_few_to_be_shown_over_time(scene, a_baseline, files):
    outputs = replace(files.request.outputs, maps_at_months=(12.0,))
    single = replace(files, request=replace(files.request, outputs=outputs))
    before = counts(scene)
    with pytest.raises(InputError, match="over time"):
        load_maps(scene, single, a_baseline)
    assert counts(scene) == before


def test_without_its_baseline_a_result_still_shows_its_maps_but_no_follow_ups(
    scene, a_result, a_baseline, files
):
    scene.RemoveNode(a_baseline)
    assert a_result.baseline is None
    add_map(a_result, files, "rate")
    with pytest.raises(InputError, match="no longer in the scene"):
        add_map(a_result, files, "warped")
    assert a_result.maps == ("jacobian", "rate")


def test_adding_a_map_twice_adds_it_once(scene, a_result, files):
    add_map(a_result, files, "rate")
    once = counts(scene)
    add_map(a_result, files, "rate")
    assert counts(scene) == once
    assert a_result.proxy("rate") is not None


def test_removing_a_result_leaves_the_baseline(scene, a_baseline, files):
    before = counts(scene)
    result = load_maps(scene, files, a_baseline)
    add_map(result, files, "displacement")
    remove_result(result)
    after = counts(scene)
    after.pop("vtkMRMLColorTableNode")
    before.pop("vtkMRMLColorTableNode")
    assert after == before
