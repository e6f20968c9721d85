"""What lies under the maps: labels of the regions, and where every follow-up has data."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.background.steps import here
from LongitudinalINRModule.display.probe import plot_probe
from LongitudinalINRModule.display.side_by_side import Side, SideBySide
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.jobs.arrival import bring_in
from LongitudinalINRModule.jobs.job_store import StoredJob
from LongitudinalINRModule.jobs.loading import add_log_jacobian, remove_result
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from LongitudinalINRModule.result.ground import read_ground
from LongitudinalINRModule.result.result import LABELS_ROLE, VALID_ROLE, results_in
from LongitudinalINRModule.result.result_check import check_result
from LongitudinalINRModule.result.result_files import ResultFiles

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder


def save(path, array, affine):
    import nibabel as nib

    image = nib.Nifti1Image(array, affine)
    image.set_sform(affine, code=1)
    image.header.set_xyzt_units(xyz="mm")
    nib.save(image, path)


@pytest.fixture
def a_job(job_folder, phantom, tmp_path):
    """A job whose follow-ups end before the hippocampus, measured with a label map beside its folder."""
    folder = tmp_path / "job"
    shutil.copytree(job_folder, folder)
    valid = (phantom.points_mm[..., 0] < 8.0).astype(np.uint8)
    save(folder / "valid.nii.gz", valid, phantom.affine)
    labels = (4 * phantom.ball(phantom.ventricle_mm, 6.0)).astype(np.int16)
    save(tmp_path / "labels.nii.gz", labels, phantom.affine)
    request = json.loads((folder / "request.json").read_text())
    (folder / "request.json").write_text(json.dumps(request | {"labels": "../labels.nii.gz"}))
    told = {"labels": hashlib.sha256((tmp_path / "labels.nii.gz").read_bytes()).hexdigest()}
    (folder / "inputs.json").write_text(json.dumps(told))
    return folder


@pytest.fixture
def cut_short(scene, a_job, a_baseline):
    """The result of that job."""
    return here(bring_in(scene, StoredJob(JobFolder(a_job)), a_baseline))


def ground(folder):
    return read_ground(ResultFiles.of(folder), StoredJob(JobFolder(folder)).labels_copy)


def test_both_come_into_the_scene_with_the_result_and_go_with_it(scene, cut_short, phantom, voxels):
    np.testing.assert_array_equal(voxels(cut_short.valid), phantom.points_mm[..., 0] < 8.0)
    np.testing.assert_array_equal(voxels(cut_short.labels), 4 * phantom.ball(phantom.ventricle_mm, 6.0))
    assert cut_short.valid.GetHideFromEditors()
    check_result(cut_short)
    nodes = cut_short.valid, cut_short.labels
    remove_result(cut_short)
    assert [node.GetScene() for node in nodes] == [None, None]


def test_beyond_a_follow_ups_field_of_view_the_map_is_transparent(
    application, cut_short, a_baseline, add_view, phantom
):
    view = add_view()
    OverlayViews([view.logic]).show(a_baseline, cut_short.proxy("jacobian"), 0.7)
    view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    time = ContinuousTime(cut_short, application.sequences_logic)
    time.show(0.0)
    plain = view.pixel_at(phantom.hippocampus_mm)
    time.show(30.0)
    assert view.pixel_at(phantom.hippocampus_mm) == plain
    red, green, _ = view.pixel_at(phantom.ventricle_mm)
    assert red > green + 80


def test_every_map_holds_no_change_there_and_what_is_stored_stays(application, cut_short, phantom, voxels):
    add_log_jacobian(cut_short)
    cut_short.browser.SetPlayback(cut_short.sequence("rate"), True)
    ContinuousTime(cut_short, application.sequences_logic).show(36.0)
    unseen = phantom.points_mm[..., 0] >= 8.0
    for name, none in (("jacobian", 1.0), ("log-jacobian", 0.0), ("rate", 0.0)):
        shown = voxels(cut_short.proxy(name))
        np.testing.assert_array_equal(shown[unseen], none)
        assert (shown[~unseen] != none).any()
    stored = cut_short.sequence("jacobian").GetDataNodeAtValue("36")
    np.testing.assert_array_equal(voxels(stored), phantom.jacobian(36.0))


def test_a_comparison_is_transparent_there_too(cut_short, add_view, phantom, voxels, scene):
    views = [add_view(name).logic for name in ("A", "B")]
    comparison = SideBySide([views[:1], views[1:]])
    comparison.show([Side(cut_short, 12.0), Side(cut_short, 36.0)], "jacobian", 0.7)
    node = scene.GetNodeByID(views[1].GetSliceCompositeNode().GetForegroundVolumeID())
    np.testing.assert_array_equal(voxels(node)[phantom.points_mm[..., 0] >= 8.0], 1.0)


def test_the_probe_says_why_nothing_was_measured_there(cut_short, phantom):
    with pytest.raises(InputError, match="outside a follow-up's field of view: not measured"):
        plot_probe(cut_short, phantom.hippocampus_mm)
    assert len(plot_probe(cut_short, phantom.ventricle_mm)) == 2


def test_a_bundle_carries_both(scene, cut_short, new_application, tmp_path, phantom):
    path = str(tmp_path / "scene.mrb")
    assert scene.WriteToMRB(path)
    other = new_application()
    assert other.scene.ReadFromMRB(path, True)
    (result,) = results_in(other.scene)
    check_result(result)
    assert result.labels.IsA("vtkMRMLLabelMapVolumeNode")
    assert slicer.util.arrayFromVolume(result.labels).max() == 4
    with pytest.raises(InputError, match="field of view"):
        plot_probe(result, phantom.hippocampus_mm)


def test_the_panels_own_copy_of_the_label_map_comes_first(a_job, phantom):
    save(a_job / "labels.nii.gz", np.full(phantom.shape, 9, np.int16), phantom.affine)
    assert ground(a_job)[LABELS_ROLE].scalars.GetRange() == (9.0, 9.0)


@pytest.mark.parametrize("harm", ["changed since", "moved", "of another space", "too many numbers"])
def test_a_label_map_that_is_not_the_one_of_the_job_is_left_out(a_job, phantom, harm):
    path = a_job.parent / "labels.nii.gz"
    if harm == "changed since":
        save(path, np.full(phantom.shape, 2, np.int16), phantom.affine)
    elif harm == "moved":
        path.unlink()
    else:
        shape = (8, 8, 8) if harm == "of another space" else phantom.shape
        number = 3 if harm == "of another space" else 40_000
        save(path, np.full(shape, number, np.int32), phantom.affine)
        told = {"labels": hashlib.sha256(path.read_bytes()).hexdigest()}
        (a_job / "inputs.json").write_text(json.dumps(told))
    assert list(ground(a_job)) == [VALID_ROLE]


def test_a_field_of_view_on_another_grid_is_refused(scene, a_job, a_baseline, phantom):
    save(a_job / "valid.nii.gz", np.ones((8, 8, 8), np.uint8), phantom.affine)
    with pytest.raises(InputError, match=r"valid\.nii\.gz"):
        here(bring_in(scene, StoredJob(JobFolder(a_job)), a_baseline))


def test_a_bundle_whose_field_of_view_lies_on_another_grid_is_refused(cut_short):
    slicer.util.updateVolumeFromArray(cut_short.valid, np.ones((3, 3, 3), np.uint8))
    with pytest.raises(InputError, match="damaged"):
        check_result(cut_short)
