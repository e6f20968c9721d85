"""Jobs that an earlier Slicer left are found: go on, look, or remove."""

from __future__ import annotations

import json
import shutil

import pytest
from settling import press
from standin import driving
from standin.each_slicer import EACH_SLICER

from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request, ScanEntry


@pytest.fixture
def jobs_folder(running_slicer):
    """The folder for jobs, as an earlier Slicer left it."""
    from pathlib import Path

    import slicer

    folder = Path(slicer.app.temporaryPath) / "LongitudinalINR"
    folder.mkdir()
    return folder


@pytest.fixture
def left(jobs_folder):
    """Leave a job that was begun, with this version of the request's format."""

    def leave(name="job-20260101-080000-aaaaaa", version=1):
        job = JobFolder(jobs_folder / name)
        job.create()
        job.inputs.mkdir()
        request = json.loads(Request("inputs/scan-0.nii", (ScanEntry("inputs/scan-1.nii", 12.0),)).to_json())
        text = json.dumps(request | {"schema_version": version})
        job.manifest.write_bytes(job.request, text.encode())
        return job.path

    return leave


def test_nothing_is_offered_where_nothing_was_left(panel_with_fakes):
    assert not panel_with_fakes.ui.foundFrame.visible


@EACH_SLICER
def test_an_unfinished_job_is_resumed(left, panel_with_fakes, fake_runners, picture):
    folder = left()
    ui = panel_with_fakes.ui
    panel_with_fakes.panel.found_section.look()
    picture(panel_with_fakes, "found")
    assert "was not finished" in ui.foundLabel.text
    assert (ui.resumeButton.visible, ui.loadButton.visible) == (True, False)

    driving.click(ui.resumeButton)

    assert fake_runners[0].folder.path == folder
    assert not ui.foundFrame.visible
    assert ui.progressFrame.visible


def test_a_job_is_discarded_with_everything_in_it(left, panel_with_fakes):
    folder = left()
    panel_with_fakes.panel.found_section.look()
    driving.click(panel_with_fakes.ui.discardButton)

    assert not folder.exists()
    assert not panel_with_fakes.ui.foundFrame.visible


def test_a_job_of_a_newer_version_is_left_alone(left, panel_with_fakes):
    left(version=99)
    panel_with_fakes.panel.found_section.look()
    ui = panel_with_fakes.ui

    assert "newer version" in ui.foundLabel.text
    assert (ui.resumeButton.visible, ui.loadButton.visible) == (False, False)


def test_a_job_whose_request_was_changed_is_discarded_but_for_that_and_not_offered_again(
    left, panel_with_fakes
):
    folder = left()
    (folder / "request.json").write_text("{half")
    panel_with_fakes.panel.found_section.look()
    assert "was not finished" in panel_with_fakes.ui.foundLabel.text
    driving.click(panel_with_fakes.ui.discardButton)

    assert {path.name for path in folder.iterdir()} == {"request.json", "files.json", "shown"}
    assert (folder / "request.json").read_text() == "{half"
    for _ in range(2):
        panel_with_fakes.panel.found_section.look()
        assert not panel_with_fakes.ui.foundFrame.visible


def test_a_job_that_an_older_version_prepared_is_kept_when_it_is_discarded_and_not_offered_again(
    left, panel_with_fakes
):
    folder = left()
    (folder / "files.json").unlink()
    panel_with_fakes.panel.found_section.look()
    driving.click(panel_with_fakes.ui.discardButton)

    assert {path.name for path in folder.iterdir()} == {"request.json", "inputs", "shown"}
    assert not panel_with_fakes.ui.foundFrame.visible


def test_several_jobs_are_offered_one_after_the_other(left, panel_with_fakes):
    left("job-20260101-080000-aaaaaa")
    left("job-20260102-080000-bbbbbb")
    panel_with_fakes.panel.found_section.look()
    assert "(1 more)" in panel_with_fakes.ui.foundLabel.text

    driving.click(panel_with_fakes.ui.discardButton)
    assert "more" not in panel_with_fakes.ui.foundLabel.text
    assert panel_with_fakes.ui.foundFrame.visible


def test_a_job_that_another_slicer_is_at_is_not_offered(left, panel_with_fakes):
    from LongitudinalINRModule.jobs.job_store import StoredJob

    other = StoredJob(JobFolder(left()))
    other.own()
    panel_with_fakes.panel.found_section.look()
    assert not panel_with_fakes.ui.foundFrame.visible

    other.release()
    panel_with_fakes.panel.found_section.look()
    assert panel_with_fakes.ui.foundFrame.visible


def test_a_finished_job_is_loaded_with_its_own_baseline_and_kept_until_slicer_is_closed(
    jobs_folder, finished_job, panel, running_slicer
):
    import slicer

    copy = jobs_folder / "job-20260101-080000-cccccc"
    shutil.copytree(finished_job, copy)
    shutil.copyfile(finished_job.parent / "scan-0.nii", copy / "baseline.nii")
    panel.panel.found_section.look()
    assert "was finished; its result may not be in a saved scene" in panel.ui.foundLabel.text
    press(panel, "loadButton")

    result = panel.panel.explore_section.result
    assert result.baseline.GetName() == "Baseline"
    assert slicer.util.arrayFromVolume(result.baseline).max() > 50
    assert not panel.ui.foundFrame.visible
    assert not (copy / "shown").exists(), "after a crash it is offered again"
    running_slicer.modules.unload_all()
    assert (copy / "shown").exists()


def test_a_result_that_was_shown_is_removed_at_the_next_start(jobs_folder, finished_job, panel_with_fakes):
    copy = jobs_folder / "job-20260101-080000-dddddd"
    shutil.copytree(finished_job, copy)
    (copy / "shown").touch()
    panel_with_fakes.panel.found_section.look()

    assert not copy.exists()


def test_a_result_of_an_older_version_that_was_shown_is_kept_and_not_offered_again(
    jobs_folder, finished_job, panel_with_fakes
):
    copy = jobs_folder / "job-20260101-080000-eeeeee"
    shutil.copytree(finished_job, copy)
    (copy / "files.json").unlink()
    (copy / "shown").touch()
    before = set(copy.rglob("*"))
    panel_with_fakes.panel.found_section.look()

    assert set(copy.rglob("*")) == before
    assert not panel_with_fakes.ui.foundFrame.visible


def test_a_job_that_ends_after_its_scene_was_closed_waits_to_be_loaded(
    panel_with_fakes, fake_runners, fill_in, finished_job
):
    import slicer

    fill_in(panel_with_fakes)
    press(panel_with_fakes, "runButton")
    folder = fake_runners[0].folder
    shutil.copytree(finished_job / "maps", folder.maps)
    shutil.copyfile(finished_job / "results.json", folder.results)
    slicer.mrmlScene.Clear(0)
    fake_runners[0].script = [events.Done({"maps": []}, 3.0)]
    driving.wait_until(lambda: panel_with_fakes.ui.foundFrame.visible)

    assert "was finished" in panel_with_fakes.ui.foundLabel.text
    assert panel_with_fakes.ui.loadButton.visible
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLSequenceNode") == 0


def test_a_result_never_lands_on_the_scan_of_the_next_person(
    panel_with_fakes, fake_runners, fill_in, add_scan, finished_job
):
    import slicer

    (baseline, *_) = fill_in(panel_with_fakes)
    press(panel_with_fakes, "runButton")
    folder = fake_runners[0].folder
    shutil.copytree(finished_job / "maps", folder.maps)
    shutil.copyfile(finished_job / "results.json", folder.results)
    node_id = baseline.GetID()
    del baseline
    slicer.mrmlScene.Clear(0)
    next_person = [add_scan("Roe^Richard 1"), add_scan("Roe^Richard 2", 5.0)]
    assert node_id in [node.GetID() for node in next_person]
    fake_runners[0].script = [events.Done({"maps": []}, 3.0)]
    driving.wait_until(lambda: panel_with_fakes.ui.foundFrame.visible, seconds=60)

    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLSequenceBrowserNode") == 0
    assert not panel_with_fakes.ui.failureFrame.visible


def test_a_job_that_became_free_is_offered_when_the_module_is_opened_again(left, panel_with_fakes):
    left()
    assert not panel_with_fakes.ui.foundFrame.visible
    panel_with_fakes.panel.leave()
    panel_with_fakes.panel.enter()

    assert panel_with_fakes.ui.foundFrame.visible


def test_a_killed_worker_is_said_and_can_be_resumed(panel, fill_in):
    import os
    import signal

    fill_in(panel)
    press(panel, "runButton")
    runner = panel.logic.service.queue._runner
    os.killpg(runner._process.pid, signal.SIGKILL)
    driving.wait_until(lambda: panel.ui.failureFrame.visible, seconds=30)

    assert "ended without a word" in panel.ui.failureLabel.text
    assert "signal 9" in panel.ui.failureLabel.text
    assert panel.ui.resumeFailedButton.visible
