"""What is ticked is written, with a manifest of how it was made."""

from __future__ import annotations

import json

import numpy as np
import pytest
from standin import driving


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
    assert (ui.exportButton.enabled, ui.exportMessageLabel.text) == (False, "Choose a folder.")
    ui.exportPathEdit.currentPath = str(tmp_path)
    assert ui.exportButton.enabled
    untick_everything(ui)
    assert (ui.exportButton.enabled, ui.exportMessageLabel.text) == (False, "Tick what to export.")


def test_the_map_at_the_shown_month_is_what_is_shown(export, a_result, tmp_path):
    import nibabel as nib
    import slicer

    export.panel.explore_section.time.show(9.0)
    shown = slicer.util.arrayFromVolume(a_result.proxy("jacobian")).copy()
    export.ui.exportPathEdit.currentPath = str(tmp_path / "new folder")
    driving.click(export.ui.exportButton)

    written = nib.load(tmp_path / "new folder" / "jacobian_009.0mo.nii.gz")
    np.testing.assert_allclose(written.get_fdata().transpose(2, 1, 0), shown, atol=1e-5)
    assert export.ui.exportMessageLabel.text == "Wrote 1 files and manifest.json."


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


def test_an_unwritable_folder_is_said(export, tmp_path):
    (tmp_path / "file").write_text("in the way")
    export.ui.exportPathEdit.currentPath = str(tmp_path / "file" / "below")
    driving.click(export.ui.exportButton)

    assert export.ui.exportMessageLabel.text.startswith("⚠ The files could not be written.")


def test_a_bundle_explores_without_the_job_folder_but_has_no_report(export, a_result, tmp_path):
    import slicer

    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    driving.process_events(0.05)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    driving.process_events(0.05)

    result = export.panel.explore_section.result
    assert result.months == (0.0, 6.0, 12.0, 18.0, 24.0, 36.0)
    export.panel.explore_section.time.show(9.0)
    assert result.proxy("jacobian") is not None
    ui = export.ui
    assert (ui.exportReportBox.enabled, ui.exportSequenceBox.enabled) == (False, True)
