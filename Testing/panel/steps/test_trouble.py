"""What goes wrong around the scans: transforms, orientations, other scanners, full disks, jobs cut short."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from settling import press
from standin import dialogs, driving

from LongitudinalINRLib.jobs import events

WARP = 0.25


@pytest.fixture
def jobs_folder(running_slicer):
    """Where jobs lie unless another folder was chosen."""
    import slicer

    return Path(slicer.app.temporaryPath) / "LongitudinalINR"


@contextmanager
def full_disk():
    """Let no file become larger than a few kilobytes: not the tests' own log either."""
    resource = pytest.importorskip("resource", reason="needs limits of POSIX systems")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def a_warp(running_slicer):
    """Add a warp that moves what lies further to the front further to the right, on a grid."""
    import slicer
    import vtk
    from vtk.util import numpy_support

    grid = vtk.vtkImageData()
    grid.SetDimensions(12, 12, 12)
    grid.SetSpacing(10, 10, 10)
    grid.SetOrigin(-50, -50, -50)
    points = np.array([grid.GetPoint(n) for n in range(12**3)])
    vectors = points[:, 1:2] * (WARP, 0.0, 0.0)
    grid.GetPointData().SetScalars(numpy_support.numpy_to_vtk(vectors, deep=True))
    transform = slicer.vtkOrientedGridTransform()
    transform.SetDisplacementGridData(grid)
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLGridTransformNode", "warp")
    node.SetAndObserveTransformToParent(transform)
    return node


def geometry(volume):
    import slicer
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


def voxels(volume):
    import slicer

    return slicer.util.arrayFromVolume(volume).transpose(2, 1, 0)


def run(panel):
    press(panel, "runButton")


def test_a_scan_under_a_warp_is_resampled_into_the_job_alone(panel_with_fakes, fake_runners, fill_in, a_warp):
    import slicer

    volumes = fill_in(panel_with_fakes)
    before = [voxels(volume).copy() for volume in volumes]
    volumes[1].SetAndObserveTransformNodeID(a_warp.GetID())
    nodes = slicer.mrmlScene.GetNumberOfNodes()
    run(panel_with_fakes)

    written = nib.load(fake_runners[0].folder.resolve("inputs/scan-1.nii"))
    there = np.moveaxis(np.indices(written.shape), 0, -1) @ written.affine[:3, :3].T + written.affine[:3, 3]
    x, y, z = np.moveaxis(there, -1, 0)
    came_from = np.stack([x - WARP * y, y, z], axis=-1) / 2.0  # voxels of 2 mm from the origin
    inside = ((came_from > 0.5) & (came_from < np.array(before[1].shape) - 1.5)).all(axis=-1)
    expected = before[1][0, 0, 0] + came_from @ (5.0, 3.0, 2.0)
    assert inside.sum() > 500
    np.testing.assert_allclose(written.get_fdata()[inside], expected[inside], rtol=0, atol=0.05)
    for volume, untouched in zip(volumes, before, strict=True):
        np.testing.assert_array_equal(voxels(volume), untouched)
    assert volumes[1].GetParentTransformNode() is a_warp
    assert slicer.mrmlScene.GetNumberOfNodes() == nodes


def test_scans_under_no_transform_are_written_without_a_node_more_in_the_scene(
    panel_with_fakes, fake_runners, fill_in
):
    """Each node that comes and goes lets the whole window look at the scene again."""
    import slicer

    scene, came = slicer.mrmlScene, []
    fill_in(panel_with_fakes)
    tag = scene.AddObserver(scene.NodeAddedEvent, lambda *_: came.append("a node"))
    run(panel_with_fakes)
    scene.RemoveObserver(tag)

    assert fake_runners[0].folder.resolve("inputs/scan-1.nii").exists()
    assert came == []


def test_scans_in_different_orientations_are_written_as_they_lie(
    panel_with_fakes, fake_runners, add_scan, fill_in
):
    import slicer

    axial, sagittal = add_scan("axial"), add_scan("sagittal", value=3.0)
    turned = np.array([[0, 0, -2.0, 9], [-2.0, 0, 0, 4], [0, 2.0, 0, -7], [0, 0, 0, 1]])
    sagittal.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(turned))
    fill_in(panel_with_fakes, volumes=[axial, sagittal])
    run(panel_with_fakes)

    for number, volume in enumerate((axial, sagittal)):
        written = nib.load(fake_runners[0].folder.resolve(f"inputs/scan-{number}.nii"))
        np.testing.assert_allclose(written.affine, geometry(volume), atol=1e-6)
        np.testing.assert_array_equal(written.get_fdata(), voxels(volume))
    assert nib.aff2axcodes(turned) == ("P", "S", "L")


def test_another_scanner_is_said_beside_the_table_and_does_not_forbid_the_run(
    panel_with_fakes, add_scan, fill_in
):
    import slicer

    volumes = [add_scan("a"), add_scan("b", 3.0)]
    for number, model in enumerate(("Prisma", "Skyra")):
        slicer.dicomDatabase.add(f"1.{number}", {"0008,1090": model, "0018,0087": "3"})
        volumes[number].SetAttribute("DICOM.instanceUIDs", f"1.{number}")
    fill_in(panel_with_fakes, volumes=volumes)
    ui = panel_with_fakes.ui

    assert "model of the scanner changed between visits: Prisma (scan" in ui.scansMessageLabel.text
    assert "Skyra (scan" in ui.scansMessageLabel.text
    assert "field strength" not in ui.scansMessageLabel.text
    assert ui.scansMessageLabel.visible
    assert ui.runButton.enabled

    driving.click(ui.removeScanButton)
    assert not ui.scansMessageLabel.visible


def test_a_disk_that_is_full_is_said_and_nothing_is_left(
    panel_with_fakes, fake_runners, fill_in, jobs_folder
):
    volumes = fill_in(panel_with_fakes)
    before = [voxels(volume).copy() for volume in volumes]
    with full_disk():
        run(panel_with_fakes)

    assert fake_runners == []
    text = panel_with_fakes.ui.failureLabel.text
    assert "could not be written" in text
    assert "Free space" in text
    assert list(jobs_folder.iterdir()) == []
    for volume, untouched in zip(volumes, before, strict=True):
        np.testing.assert_array_equal(voxels(volume), untouched)
    assert panel_with_fakes.ui.runButton.enabled


def test_a_temporary_folder_that_cannot_be_written_to_is_said(
    panel_with_fakes, fake_runners, fill_in, jobs_folder
):
    jobs_folder.write_text("in the way")
    fill_in(panel_with_fakes)
    run(panel_with_fakes)

    assert fake_runners == []
    assert panel_with_fakes.ui.failureLabel.text.startswith("⚠ The folder for jobs cannot be written to.")


def test_a_follow_up_deleted_while_the_job_runs_does_not_keep_the_result_away(
    panel_with_fakes, fake_runners, fill_in, finished_job
):
    import slicer

    baseline, follow_up = fill_in(panel_with_fakes)
    run(panel_with_fakes)
    folder = fake_runners[0].folder
    shutil.copytree(finished_job, folder.path, dirs_exist_ok=True)
    slicer.mrmlScene.RemoveNode(follow_up)
    fake_runners[0].script = [events.Done({}, 3.0)]
    driving.wait_until(lambda: panel_with_fakes.panel.explore_section.result is not None, seconds=60)

    assert panel_with_fakes.panel.explore_section.result.baseline is baseline
    assert not panel_with_fakes.ui.failureFrame.visible


@pytest.fixture
def cut_short(jobs_folder, finished_job):
    """Leave a job that was killed while it wrote its maps: those of the given months are there."""

    def leave(*months):
        job = jobs_folder / "job-20260101-080000-eeeeee"
        shutil.copytree(finished_job, job)
        shutil.copyfile(finished_job.parent / "scan-0.nii", job / "baseline.nii")
        for path in (job / "results.json", job / "regions.csv", job / "trajectories.csv"):
            path.unlink()
        for path in (job / "maps").iterdir():
            if not any(path.name.endswith(f"_{month:05.1f}mo.nii.gz") for month in months):
                path.unlink()
        return job

    return leave


@pytest.mark.parametrize("months", [(0.0, 6.0), (0.0, 6.0, 12.0, 18.0, 24.0)], ids=["early", "late"])
def test_what_is_there_of_a_job_cut_short_is_loaded(cut_short, panel, months):
    import slicer

    cut_short(*months)
    panel.panel.found_section.look()
    assert "was not finished" in panel.ui.foundLabel.text
    assert panel.ui.resumeButton.visible
    press(panel, "loadButton")

    assert not panel.ui.failureFrame.visible
    result = panel.panel.explore_section.result
    assert result.months == months
    assert ("aligned" in result.maps) == (24.0 in months), "the checks need the last follow-up"
    assert result.baseline.GetName() == "Baseline"
    driving.click(panel.ui.showMapButton)
    panel.panel.explore_section.time.show(3.0)
    shown = slicer.util.arrayFromVolume(result.proxy("jacobian"))
    first, second = (
        slicer.util.arrayFromVolume(result.sequence("jacobian").GetNthDataNode(n)) for n in (0, 1)
    )
    middle = np.s_[10:14, 14:18, 12:16]
    assert min(first[middle].mean(), second[middle].mean()) - 0.01 < shown[middle].mean()
    assert shown[middle].mean() < max(first[middle].mean(), second[middle].mean()) + 0.01


def test_a_job_cut_short_that_was_looked_at_can_be_resumed_at_the_next_start(cut_short, panel):
    job = cut_short(0.0, 6.0)
    panel.panel.found_section.look()
    press(panel, "loadButton")
    assert panel.panel.explore_section.result is not None
    panel.logic.service.close()
    assert not (job / "shown").exists()
    assert panel.logic.service.left()[0].folder.path == job


def test_a_job_cut_short_before_its_second_map_is_not_offered_to_look_at(cut_short, panel):
    cut_short(0.0)
    panel.panel.found_section.look()

    assert panel.ui.resumeButton.visible
    assert not panel.ui.loadButton.visible


def test_a_result_of_a_newer_version_is_refused_with_advice(panel, finished_job, tmp_path):
    import slicer

    folder = tmp_path / "newer"
    shutil.copytree(finished_job, folder)
    request = json.loads((folder / "request.json").read_text())
    (folder / "request.json").write_text(json.dumps(request | {"schema_version": 99, "unheard_of": 1}))
    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(folder))
    press(panel, "openFolderButton")

    assert "newer version" in panel.ui.exploreMessageLabel.text
    assert "Update LongitudinalINR" in panel.ui.exploreMessageLabel.text
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 0
