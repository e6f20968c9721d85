"""The window answers while scans are copied and results come; who stops half-way leaves nothing behind."""

from __future__ import annotations

import threading

import pytest
from settling import press, settle
from standin import dialogs, driving


@pytest.fixture
def writing_waits(module, monkeypatch):
    """Let the copying of scans wait until the test says so; return what says so, and its threads."""
    from LongitudinalINRModule.scans import scan_export

    go_on, threads = threading.Event(), []
    write = scan_export.write_in_thread

    def wait_and_write(*arguments):
        threads.append(threading.current_thread())
        assert go_on.wait(60)
        write(*arguments)

    monkeypatch.setattr(scan_export, "write_in_thread", wait_and_write)
    yield go_on, threads
    go_on.set()


def test_scans_are_copied_in_another_thread_while_the_panel_says_so(
    panel_with_fakes, fake_runners, fill_in, writing_waits
):
    go_on, threads = writing_waits
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    driving.click(ui.runButton)
    driving.wait_until(lambda: threads)

    assert ui.stageLabel.text == "Copying the scans…"
    assert (ui.progressFrame.visible, ui.cancelButton.enabled, ui.runButton.enabled) == (True, True, False)
    assert fake_runners == []
    go_on.set()
    settle(panel_with_fakes)
    assert len(fake_runners) == 1
    assert threading.main_thread() not in threads


def test_cancelling_while_scans_are_copied_leaves_no_job(
    panel_with_fakes, fake_runners, fill_in, writing_waits
):
    go_on, threads = writing_waits
    ui = panel_with_fakes.ui
    fill_in(panel_with_fakes)
    driving.click(ui.runButton)
    driving.wait_until(lambda: threads)
    driving.click(ui.cancelButton)
    go_on.set()
    settle(panel_with_fakes)

    assert fake_runners == []
    assert list(panel_with_fakes.logic.service.store.root.iterdir()) == []
    assert (ui.progressFrame.visible, ui.runButton.enabled) == (False, True)


def test_a_scan_that_changes_while_it_is_copied_is_copied_again(
    panel_with_fakes, fake_runners, fill_in, writing_waits
):
    import nibabel as nib
    import slicer

    go_on, threads = writing_waits
    volumes = fill_in(panel_with_fakes)
    driving.click(panel_with_fakes.ui.runButton)
    driving.wait_until(lambda: threads)
    slicer.util.arrayFromVolume(volumes[0])[:] = 7.0
    slicer.util.arrayFromVolumeModified(volumes[0])
    go_on.set()
    settle(panel_with_fakes)

    assert len(threads) == len(volumes) + 1
    written = nib.load(fake_runners[0].folder.resolve("inputs/scan-0.nii"))
    assert set(written.get_fdata().ravel()) == {7.0}


def test_a_scene_that_is_closed_while_a_result_comes_stays_empty(panel, finished_job):
    import slicer

    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(finished_job))
    driving.click(panel.ui.openFolderButton)
    browsers = "vtkMRMLSequenceBrowserNode"
    driving.wait_until(lambda: slicer.mrmlScene.GetNumberOfNodesByClass(browsers), 60)
    assert panel.panel.explore_section.result is None
    slicer.mrmlScene.Clear(0)
    settle(panel)

    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLSequenceNode") == 0
    assert slicer.mrmlScene.GetNumberOfNodesByClass(browsers) == 0
    assert "while it was loading" in panel.ui.exploreMessageLabel.text
    dialogs.answer(str(finished_job))
    press(panel, "openFolderButton")
    assert panel.panel.explore_section.result is not None
