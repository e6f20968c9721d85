"""What is ticked is written, with a manifest of how it was made."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from as_written import as_written
from settling import press
from standin import driving
from standin.each_slicer import EACH_SLICER

DOCUMENTS = ("regions.csv", "trajectories.csv", "report.html")


@pytest.fixture
def export(panel, a_result):
    """The panel with a result and the export section open."""
    driving.click(panel.ui.showMapButton)
    for button in (panel.ui.inputsButton, panel.ui.exploreButton, panel.ui.exportSectionButton):
        driving.click(button)
    return panel


def untick_everything(ui):
    for name in ("Map", "All", "Sequence", "Regions", "Picture", "Animation", "Sheet", "Report"):
        getattr(ui, f"export{name}Box").checked = False


def test_export_says_why_it_is_disabled(export, tmp_path, picture):
    ui = export.ui
    ui.exportPathEdit.currentPath = ""
    assert (ui.exportButton.enabled, ui.exportMessageLabel.text) == (False, "Choose a folder.")
    ui.exportPathEdit.currentPath = str(tmp_path)
    assert ui.exportButton.enabled
    untick_everything(ui)
    assert (ui.exportButton.enabled, ui.exportMessageLabel.text) == (False, "Tick what to export.")


def test_each_export_into_a_suggested_folder_gets_a_folder_of_its_own(
    running_slicer, panel, finished_job, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    open_folder(panel, finished_job)
    driving.click(panel.ui.exportSectionButton)
    suggested = panel.ui.exportPathEdit.currentPath
    assert re.fullmatch(r"Longitudinal INR \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d", Path(suggested).name)
    assert not Path(suggested).exists()
    exported = []
    for _ in range(3):
        driving.click(panel.ui.exportButton)
        exported.append(panel.ui.exportPathEdit.currentPath)

    assert exported[0] == suggested
    assert sorted(set(exported)) == sorted(map(str, (tmp_path / "Documents").iterdir()))
    assert len(set(exported)) == 3


def test_a_folder_that_was_chosen_is_kept(export, a_result, tmp_path):
    export.ui.exportPathEdit.currentPath = str(tmp_path / "mine")
    for _ in range(2):
        driving.click(export.ui.exportButton)

    assert export.ui.exportPathEdit.currentPath == str(tmp_path / "mine")
    assert len(list((tmp_path / "mine").iterdir())) == 2


def test_the_map_at_the_shown_month_is_what_is_shown(export, a_result, tmp_path):
    import nibabel as nib
    import slicer

    export.panel.explore_section.time.show(9.0)
    shown = slicer.util.arrayFromVolume(a_result.proxy("jacobian")).copy()
    export.ui.exportPathEdit.currentPath = str(tmp_path / "new folder")
    driving.click(export.ui.exportButton)

    written = nib.load(tmp_path / "new folder" / "jacobian_009.0mo.nii.gz")
    np.testing.assert_allclose(written.get_fdata().transpose(2, 1, 0), shown, atol=1e-5)
    assert export.ui.exportMessageLabel.text == "Wrote 1 file and manifest.json into new folder."


@EACH_SLICER
def test_everything_is_written_with_a_manifest_that_names_no_one(export, tmp_path, picture):
    ui, folder = export.ui, tmp_path / "export"
    ui.exportPathEdit.currentPath = str(folder)
    driving.click(ui.exportAllOfItButton)
    driving.choose(ui.formatComboBox, ".nrrd")
    driving.click(ui.exportButton)
    picture(export, "exported")

    names = {path.name for path in folder.iterdir()}
    assert {f"jacobian_{month:05.1f}mo.nrrd" for month in (0, 6, 12, 18, 24, 36)} <= names
    others = {"jacobian.seq.nrrd", "regions.csv", "trajectories.csv", "report.html", "manifest.json"}
    assert others | {"views.png", "views.gif", "months.png"} <= names
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert manifest["notice"] == "Research use only, not a medical device"
    assert export.panel.explore_section.time.time.months == 24.0


def test_the_animation_is_a_video_where_screen_capture_finds_ffmpeg(export, tmp_path, monkeypatch):
    class Logic:
        def isFfmpegPathValid(self):
            return True

        def createVideo(self, frameRate, extraOptions, outputDir, imageFileNamePattern, videoFileName):
            (Path(outputDir) / videoFileName).write_bytes(b"video")

    monkeypatch.setitem(sys.modules, "ScreenCapture", SimpleNamespace(ScreenCaptureLogic=Logic))
    untick_everything(export.ui)
    export.ui.exportAnimationBox.checked = True
    export.ui.exportPathEdit.currentPath = str(tmp_path / "export")
    driving.click(export.ui.exportButton)
    assert {path.name for path in (tmp_path / "export").iterdir()} == {"views.mp4", "manifest.json"}
    assert (tmp_path / "export" / "views.mp4").read_bytes() == b"video"


def test_a_comparison_is_not_taken_for_a_picture_of_one_month(export, tmp_path):
    export.panel.explore_section.compare.show()
    untick_everything(export.ui)
    export.ui.exportPictureBox.checked = True
    export.ui.exportPathEdit.currentPath = str(tmp_path / "export")
    driving.click(export.ui.exportButton)
    assert "comparison of two months" in export.ui.exportMessageLabel.text
    assert list((tmp_path / "export").iterdir()) == []

    export.panel.explore_section.compare.put_back()
    driving.click(export.ui.exportButton)
    assert {path.name for path in (tmp_path / "export").iterdir()} == {"views.png", "manifest.json"}


def test_an_unwritable_folder_is_said(export, tmp_path):
    (tmp_path / "file").write_text("in the way")
    export.ui.exportPathEdit.currentPath = str(tmp_path / "file" / "below")
    driving.click(export.ui.exportButton)

    assert export.ui.exportMessageLabel.text.startswith("⚠ The files could not be written.")


def opacities_in_red_view():
    """Tell which opacities the pixels of the map have, 0 to 255."""
    import slicer
    from vtk.util.numpy_support import vtk_to_numpy

    layer = slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetForegroundLayer()
    layer.GetImageDataConnection().GetProducer().Update()
    return set(vtk_to_numpy(layer.GetImageData().GetPointData().GetScalars())[:, 3].tolist())


def open_folder(panel, folder):
    from standin import dialogs

    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(folder))
    press(panel, "openFolderButton")


@pytest.fixture
def a_copied_job(finished_job, tmp_path):
    folder = tmp_path / "jobs"
    shutil.copytree(finished_job.parent, folder)
    return folder / finished_job.name


@pytest.fixture
def a_bundle(panel, a_copied_job, tmp_path):
    """The panel with a result that came in a bundle, after the scene was closed and the job deleted."""
    import slicer

    open_folder(panel, a_copied_job)
    driving.click(panel.ui.showMapButton)
    assert len(opacities_in_red_view()) > 3
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    driving.process_events(0.05)
    assert panel.panel.explore_section.result is None
    written = {name: (a_copied_job / name).read_bytes() for name in DOCUMENTS}
    shutil.rmtree(a_copied_job.parent)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    driving.process_events(0.05)
    assert len(opacities_in_red_view()) > 3
    return written


def test_a_bundle_tells_of_its_regions_without_the_job_folder(panel, a_bundle):
    ui = panel.ui
    driving.click(ui.regionsButton)
    driving.process_events(0.05)
    table = ui.regionsTable.mrmlTableNode()
    rows = [table.GetCellText(row, 0) for row in range(table.GetNumberOfRows())]
    assert {"Ventricle", "Tissue"} <= set(rows)
    change = []
    for months in (24.0, 9.0):
        panel.panel.explore_section.time.show(months)
        change.append([table.GetCellText(row, 1) for row in range(len(rows))])
        assert f"At month {months:.1f}" in ui.regionsMessageLabel.text
    assert change[0] != change[1]
    chart = panel.panel.regions_section._layout.plot_view.GetPlotChartNode()
    assert chart.GetNumberOfPlotSeriesNodes() > 0


def test_a_bundle_exports_everything_without_the_job_folder(panel, a_bundle, tmp_path):
    ui, folder = panel.ui, tmp_path / "export"
    panel.panel.explore_section.time.show(9.0)
    driving.click(ui.exportSectionButton)
    ui.exportPathEdit.currentPath = str(folder)
    driving.click(ui.exportAllOfItButton)
    driving.click(ui.exportButton)

    assert {name: (folder / name).read_bytes() for name in DOCUMENTS} == a_bundle
    maps = {f"jacobian_{month:05.1f}mo.nii.gz" for month in (0, 6, 9, 12, 18, 24, 36)}
    others = {"jacobian.seq.nrrd", "views.png", "views.gif", "months.png", "manifest.json"}
    assert {path.name for path in folder.iterdir()} == maps | others | set(DOCUMENTS)
    assert len(json.loads((folder / "manifest.json").read_text())["scans"]) == 3


def test_what_a_result_came_without_is_said(panel, a_copied_job, tmp_path):
    (a_copied_job / "report.html").unlink()
    as_written(a_copied_job)
    open_folder(panel, a_copied_job)
    driving.click(panel.ui.exportSectionButton)
    panel.ui.exportPathEdit.currentPath = str(tmp_path)

    assert (panel.ui.exportReportBox.enabled, panel.ui.exportRegionsBox.enabled) == (False, True)
    assert panel.ui.exportMessageLabel.text == "This result came without a report."
    assert panel.ui.exportButton.enabled
