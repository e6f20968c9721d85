"""Running jobs: progress, cancel, failure, the line, and a scene that changes meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from settling import press
from standin import dialogs, driving
from standin.each_slicer import EACH_SLICER

from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.request import Request


def run(panel):
    press(panel, "runButton")


def say(runner, *said):
    """Let the fake worker speak, and wait until the panel has heard it."""
    runner.script += said
    driving.wait_until(lambda: not runner.script)
    driving.process_events(0.02)


def test_run_writes_a_job_that_names_nobody_and_leaves_the_scans_alone(
    panel_with_fakes, fake_runners, fill_in
):
    volumes = fill_in(panel_with_fakes, months=("18", "6", "30"))
    before = [volume.GetImageData().GetMTime() for volume in volumes]
    run(panel_with_fakes)

    folder = fake_runners[0].folder
    request = Request.from_json(folder.request.read_text())
    assert [scan.months for scan in request.follow_ups] == [12.0, 24.0]
    assert request.outputs.maps_at_months == (0.0, 6.0, 12.0, 18.0, 24.0)
    assert request.background
    names = [path.name for path in folder.path.rglob("*")]
    assert not any("Doe" in name for name in names)
    assert not any(b"Doe^Jane" in path.read_bytes() for path in folder.path.rglob("*") if path.is_file())
    assert folder.path.stat().st_mode & 0o077 == 0
    assert [volume.GetImageData().GetMTime() for volume in volumes] == before


@EACH_SLICER
def test_progress_shows_stage_share_time_left_and_losses(panel_with_fakes, fake_runners, fill_in, picture):
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    assert ui.progressFrame.visible
    fits = [
        events.Progress(
            "fit", 0.2 + step / 2000, step, 1000, {"similarity": -1.0 - step / 400, "spatial": 0.02}, 95.0
        )
        for step in range(0, 1000, 100)
    ]
    say(fake_runners[0], events.Started("0.1.0", 1), events.Progress("align", 0.1), *fits)
    picture(panel_with_fakes, "progress")

    assert ui.progressBar.value == 65
    assert ui.stageLabel.text == "Fitting the change, step 900 of 1000 – about 2 min left"
    curves = panel_with_fakes.panel.run_section._losses.curves()
    assert len(curves["spatial"]) == 10
    assert curves["similarity"][0] == (0, pytest.approx(2.25))


def test_no_blocking_call_is_made_and_every_poll_is_bounded(panel_with_fakes, fake_runners, fill_in):
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    flood = [events.Progress("fit", 0.5, step, 1000, {"similarity": 1.0}) for step in range(500)]
    say(fake_runners[0], *flood)

    assert set(fake_runners[0].limits) == {50}
    assert dialogs.blocking_calls == []
    assert len(panel_with_fakes.logic.service.queue.running.loss_history) == 500


def test_cancel_answers_at_once_and_keeps_the_job_to_resume(
    panel_with_fakes, fake_runners, fill_in, monkeypatch
):
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    held_back = []
    monkeypatch.setattr(fake_runners[0], "cancel", lambda: held_back.append(events.Cancelled()))
    driving.click(ui.cancelButton)

    assert (ui.cancelButton.text, ui.cancelButton.enabled) == ("Cancelling…", False)
    say(fake_runners[0], *held_back)

    assert not ui.progressFrame.visible
    assert ui.failureLabel.text == "⚠ The job was cancelled.\nResume goes on from the last checkpoint."
    driving.click(ui.resumeFailedButton)
    assert fake_runners[1].folder.path == fake_runners[0].folder.path
    assert ui.progressFrame.visible


@EACH_SLICER
def test_a_failure_shows_what_to_do_and_the_log_behind_details(
    panel_with_fakes, fake_runners, fill_in, picture
):
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    fake_runners[0].folder.log.write_text("Traceback: the whole story")
    failed = events.Failed(
        "out-of-memory", "Memory ran out.", found="8 GB", advice="Take the preset preview."
    )
    say(fake_runners[0], failed)

    assert ui.failureLabel.text == "⚠ Memory ran out.\nFound: 8 GB\nTake the preset preview."
    assert not ui.logTextEdit.visible
    driving.click(ui.detailsButton)
    picture(panel_with_fakes, "details")
    assert ui.logTextEdit.plainText == "Traceback: the whole story"
    assert ui.runButton.enabled


def test_two_jobs_wait_in_line_and_a_third_is_refused(panel_with_fakes, fake_runners, fill_in):
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    for _ in range(3):
        run(panel_with_fakes)

    assert len(fake_runners) == 1
    assert ui.queueLabel.text == "2 more jobs waiting."
    assert not ui.runButton.enabled
    assert ui.runMessageLabel.text.startswith("Two jobs are waiting already")

    say(fake_runners[0], events.Failed("x", "It failed.", advice="Try again."))
    assert len(fake_runners) == 2
    assert ui.queueLabel.text == "1 more job waiting."
    assert ui.failureLabel.text.startswith("⚠ It failed.")
    assert ui.runButton.enabled


def test_resume_and_details_belong_to_the_job_that_failed_and_not_to_the_next_one(
    panel_with_fakes, fake_runners, fill_in
):
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    run(panel_with_fakes)
    fake_runners[0].folder.log.write_text("the log of the first")
    say(fake_runners[0], events.Failed("x", "It failed.", advice="Try again."))
    fake_runners[1].folder.log.write_text("the log of the second")

    driving.click(ui.detailsButton)
    assert ui.logTextEdit.plainText == "the log of the first"
    driving.click(ui.resumeFailedButton)
    assert not ui.failureFrame.visible
    assert ui.queueLabel.text == "1 more job waiting."
    say(fake_runners[1], events.Failed("y", "The second failed too."))
    assert fake_runners[2].folder.path == fake_runners[0].folder.path
    assert ui.failureLabel.text == "⚠ The second failed too."


def test_a_failed_job_that_was_not_resumed_is_offered_once_another_runs(
    panel_with_fakes, fake_runners, fill_in
):
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    say(fake_runners[0], events.Failed("x", "It failed."))
    assert (ui.failureFrame.visible, ui.foundFrame.visible) == (True, False)

    run(panel_with_fakes)
    assert (ui.failureFrame.visible, ui.foundFrame.visible) == (False, True)
    say(fake_runners[1], events.Failed("y", "Again."))
    driving.click(ui.resumeButton)
    assert fake_runners[2].folder.path == fake_runners[0].folder.path


def test_resuming_while_the_line_is_full_is_said(panel_with_fakes, fake_runners, fill_in):
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    for _ in range(2):
        run(panel_with_fakes)
    say(fake_runners[0], events.Failed("x", "It failed."))
    volumes, months = zip(*panel_with_fakes.panel.inputs_section.scans(), strict=True)
    for _ in range(2):
        panel_with_fakes.logic.run(volumes, months)
    driving.click(ui.resumeFailedButton)

    assert ui.failureLabel.text.startswith("⚠ Two jobs are waiting already.")
    assert ui.resumeFailedButton.visible


def test_without_slicers_python_the_job_fails_with_advice_and_the_line_goes_on(
    panel_with_fakes, fake_runners, fill_in, monkeypatch
):
    from LongitudinalINRLib.errors import InputError

    queue = panel_with_fakes.logic.service.queue
    make = queue._make_runner

    def refuse(_):
        raise InputError("python-missing", "Slicer's Python was not found.", advice="Install Slicer again.")

    monkeypatch.setattr(queue, "_make_runner", refuse)
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    assert panel_with_fakes.ui.failureLabel.text == "⚠ Slicer's Python was not found.\nInstall Slicer again."
    assert queue.idle

    monkeypatch.setattr(queue, "_make_runner", make)
    run(panel_with_fakes)
    assert len(fake_runners) == 1
    assert panel_with_fakes.ui.progressFrame.visible


def test_a_volume_deleted_while_the_job_runs_does_not_stop_it(panel_with_fakes, fake_runners, fill_in):
    import slicer

    volumes = fill_in(panel_with_fakes)
    run(panel_with_fakes)
    slicer.mrmlScene.RemoveNode(volumes[0])
    say(fake_runners[0], events.Progress("fit", 0.4))

    assert panel_with_fakes.ui.progressBar.value == 40
    assert fake_runners[0].folder.resolve("inputs/scan-0.nii").exists()


def test_a_scene_closed_while_the_job_runs_leaves_the_job_running(panel_with_fakes, fake_runners, fill_in):
    import slicer

    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    slicer.mrmlScene.Clear(0)
    driving.process_events()
    say(fake_runners[0], events.Progress("maps", 0.9))

    assert panel_with_fakes.ui.progressBar.value == 90
    assert panel_with_fakes.ui.scansTable.rowCount == 0
    assert panel_with_fakes.ui.runMessageLabel.text.startswith("Add the scans")


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(
    panel_with_fakes, fake_runners, fill_in, tmp_path
):
    (tmp_path / "file").write_text("in the way")
    panel_with_fakes.ui.jobsPathEdit.currentPath = str(tmp_path / "file")
    fill_in(panel_with_fakes)
    run(panel_with_fakes)

    assert fake_runners == []
    assert panel_with_fakes.ui.failureLabel.text.startswith("⚠ The folder for jobs cannot be written to.")
    assert "Keep jobs in" in panel_with_fakes.ui.failureLabel.text


@pytest.mark.parametrize("at", ["files.json", "scan-1.nii", "request.json"])
def test_a_full_disk_is_said_and_nothing_is_left(panel_with_fakes, fake_runners, fill_in, monkeypatch, at):
    import errno

    from LongitudinalINRLib import files

    flush = files._sync_file

    def full(part):
        if part.name.endswith(f"-{at}"):
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(part)

    monkeypatch.setattr(files, "_sync_file", full)
    fill_in(panel_with_fakes)
    run(panel_with_fakes)

    assert "No space left on device" in panel_with_fakes.ui.failureLabel.text
    assert list(panel_with_fakes.logic.service.store.root.iterdir()) == []


def test_a_scan_under_a_transform_is_hardened_into_the_job_alone(panel_with_fakes, fake_runners, fill_in):
    import nibabel as nib
    import slicer

    volumes = fill_in(panel_with_fakes)
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "moved")
    shift = np.eye(4)
    shift[0, 3] = 9.0
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(shift))
    volumes[1].SetAndObserveTransformNodeID(transform.GetID())
    run(panel_with_fakes)

    written = nib.load(fake_runners[0].folder.resolve("inputs/scan-1.nii")).affine
    still = nib.load(fake_runners[0].folder.resolve("inputs/scan-0.nii")).affine
    assert written[0, 3] - still[0, 3] == pytest.approx(9.0)
    assert volumes[1].GetParentTransformNode() is transform


def test_closing_the_module_ends_the_worker_and_keeps_the_job(
    panel_with_fakes, fake_runners, fill_in, running_slicer
):
    fill_in(panel_with_fakes)
    run(panel_with_fakes)
    running_slicer.modules.unload_all()

    assert not fake_runners[0].running
    assert fake_runners[0].folder.request.exists()
