"""What is damaged or made up is said in the panel, and leaves the scene as it was."""

from __future__ import annotations

import json
import shutil

import pytest
from as_written import as_written
from settling import press
from standin import dialogs, driving

from LongitudinalINRLib.jobs.folder import JobFolder


@pytest.fixture
def a_copied_job(finished_job, tmp_path):
    folder = tmp_path / "jobs" / "job"
    shutil.copytree(finished_job.parent, folder.parent)
    return folder


@pytest.fixture
def a_left_job(running_slicer, finished_job):
    """A finished job in the folder for jobs, as an earlier Slicer left it."""
    from pathlib import Path

    import slicer

    folder = Path(slicer.app.temporaryPath) / "LongitudinalINR" / "job-20260101-080000-aaaaaa"
    shutil.copytree(finished_job, folder)
    manifest = JobFolder(folder).manifest
    manifest.link(finished_job.parent / "scan-0.nii", folder / "baseline.nii")
    manifest.write_bytes(folder / "panel.json", b'{"region_colours": []}')
    return folder


def node_ids():
    import slicer

    scene = slicer.mrmlScene
    return {scene.GetNthNode(index).GetID() for index in range(scene.GetNumberOfNodes())}


def open_folder(panel, folder):
    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(folder))
    press(panel, "openFolderButton")
    driving.process_events(0.05)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("request.json", "[]"),
        ("fit.json", "[1, 2]"),
        ("panel.json", '{"region_colours": 5}'),
        ("results.json", "null"),
        ("regions.csv", "region,label\n1,2\n"),
        ("maps/jacobian_036.0mo.nii.gz", "no image"),
        ("maps/warped_024.0mo.nii.gz", "no image"),
    ],
)
def test_a_malformed_folder_is_said_and_leaves_the_scene_as_it_was(panel, a_copied_job, name, content):
    (a_copied_job / name).write_text(content)
    before = node_ids()
    open_folder(panel, a_copied_job)

    assert panel.ui.exploreMessageLabel.text.startswith("⚠ ")
    assert node_ids() == before
    assert panel.panel.explore_section.result is None


@pytest.mark.parametrize("name", ["panel.json", "fit.json"])
def test_a_malformed_job_that_was_left_is_said_when_it_is_loaded_and_is_discarded_but_for_what_was_changed(
    panel, a_left_job, name
):
    (a_left_job / name).write_text("[" * 100_000)
    panel.panel.found_section.look()
    assert panel.ui.foundFrame.visible
    before = node_ids()
    press(panel, "loadButton")

    assert panel.ui.failureLabel.text.startswith(f"⚠ The result in {a_left_job.name} is damaged.")
    assert f"Found: changed or missing: {name}\n" in panel.ui.failureLabel.text
    assert node_ids() == before
    driving.click(panel.ui.discardButton)
    assert {path.name for path in a_left_job.iterdir()} == {name, "files.json"}
    assert not panel.ui.foundFrame.visible


def test_a_result_that_lost_a_file_is_said_and_not_shown(panel, a_copied_job):
    (a_copied_job / "report.html").unlink()
    before = node_ids()
    open_folder(panel, a_copied_job)

    assert panel.ui.exploreMessageLabel.text.startswith("⚠ The result in job is damaged.")
    assert "changed or missing: report.html" in panel.ui.exploreMessageLabel.text
    assert node_ids() == before


def test_a_job_whose_files_are_folders_is_said_when_it_is_resumed_and_they_stay_when_it_is_discarded(
    panel, a_left_job
):
    (a_left_job / "results.json").unlink()
    (a_left_job / "cancel").mkdir()
    panel.panel.found_section.look()
    driving.click(panel.ui.resumeButton)
    driving.wait_until(lambda: panel.ui.failureFrame.visible)
    assert "holds a file that a worker needs the name of.\nFound: cancel" in panel.ui.failureLabel.text
    panel.panel.run_section._leave_failure()
    panel.panel.found_section.look()
    driving.click(panel.ui.discardButton)

    assert [path.name for path in a_left_job.iterdir()] == ["cancel"]
    assert (a_left_job / "cancel").is_dir()
    assert not panel.ui.foundFrame.visible


def test_a_job_is_discarded_without_what_others_put_into_its_folder(panel, a_left_job):
    (a_left_job / "my notes.txt").write_text("mine")
    panel.panel.found_section.look()
    driving.click(panel.ui.discardButton)

    assert [path.name for path in a_left_job.iterdir()] == ["my notes.txt"]
    assert not panel.ui.foundFrame.visible


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("LongitudinalINR.ObservedMonths", "soon"),
        ("LongitudinalINR.ObservedMonths", "0 1e400"),
        ("LongitudinalINR.Provenance", "[]"),
    ],
)
def test_a_damaged_result_of_a_scene_is_said_and_not_shown(panel, a_result, tmp_path, attribute, value):
    import slicer

    a_result.browser.SetAttribute(attribute, value)
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    driving.process_events(0.05)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    driving.process_events(0.05)

    assert panel.ui.exploreMessageLabel.text.startswith("⚠ The result in the scene is damaged")
    assert panel.panel.explore_section.result is None
    assert not panel.ui.mapFrame.visible


def test_two_segments_of_one_name_are_two_rows_and_each_draws_its_own_course(panel, a_copied_job):
    import slicer

    request = json.loads((a_copied_job / "request.json").read_text())
    labels = [int(label) for label in request["region_names"]]
    for name in ("regions.csv", "trajectories.csv"):
        text = (a_copied_job / name).read_text()
        for each in request["region_names"].values():
            text = text.replace(f"{each},", "Lesion,")
        (a_copied_job / name).write_text(text)
    as_written(a_copied_job)
    open_folder(panel, a_copied_job)
    driving.click(panel.ui.regionsButton)
    driving.process_events(0.05)
    table = panel.ui.regionsTable.mrmlTableNode()
    titles = [table.GetCellText(row, 0) for row in range(table.GetNumberOfRows())]
    assert {f"Lesion (label {label})" for label in labels} <= set(titles)

    row = titles.index(f"Lesion (label {labels[-1]})")
    panel.ui.regionsTable.selectRow(row)
    driving.process_events(0.05)
    chart = panel.panel.regions_section._layout.plot_view.GetPlotChartNode()
    assert isinstance(chart, slicer.vtkMRMLPlotChartNode)
    assert chart.GetNthPlotSeriesNode(0).GetName() == titles[row]
