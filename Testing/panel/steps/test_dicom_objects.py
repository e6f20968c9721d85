"""The panel writes a result as DICOM objects in a process of its own, and says how that ended."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("highdicom", reason="the extra `dicom` is not installed")

import pydicom
from standin import dialogs, driving

sys.path.insert(0, str(Path(__file__).parents[2] / "dicom_out"))
from patient_series import write_patient_series
from settling import press


@pytest.fixture
def shown_job(panel, finished_job, tmp_path):
    """The panel with a job's folder opened and the folders of its export chosen."""
    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(finished_job))
    press(panel, "openFolderButton")
    driving.click(panel.ui.exportSectionButton)
    panel.ui.dicomGroup.collapsed = False
    panel.ui.exportPathEdit.currentPath = str(tmp_path / "export")
    return finished_job


@pytest.fixture
def baseline(shown_job, tmp_path):
    """Write the scan that was fitted as the scanner would have."""
    from LongitudinalINRLib.imaging.reading import read_volume
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRLib.jobs.validation import read_request_file

    folder = JobFolder(shown_job)
    scan, _ = read_volume(folder.resolve(read_request_file(folder.request).baseline))
    return write_patient_series(tmp_path / "series", scan)


def until_done(panel, seconds=280.0):
    end = time.monotonic() + seconds
    while panel.panel.dicom_section.busy and time.monotonic() < end:
        driving.process_events(0.05)
    return panel.ui.dicomMessageLabel.text


def test_the_button_says_what_is_missing(panel, shown_job, baseline):
    ui = panel.ui
    assert not ui.dicomButton.enabled
    assert ui.dicomMessageLabel.text == "Choose the folder with the baseline's DICOM files."
    ui.dicomBaselinePathEdit.currentPath = str(baseline)
    assert ui.dicomButton.enabled


@pytest.fixture
def made_from_dicom(shown_job, baseline):
    """Let the job, which others use too, be one of a series for a while."""
    from LongitudinalINRLib.jobs.folder import JobFolder

    folder = JobFolder(shown_job)
    before = folder.request.read_bytes()
    asked = json.loads(before) | {"baseline": str(baseline)}
    folder.manifest.write_bytes(folder.request, json.dumps(asked).encode())
    yield
    folder.manifest.write_bytes(folder.request, before)


def test_a_fit_of_a_series_needs_no_folder(panel, made_from_dicom):
    panel.panel.dicom_section.refresh()
    assert panel.ui.dicomButton.enabled
    assert not panel.ui.dicomMessageLabel.visible


def test_objects_are_written_while_the_panel_answers(panel, shown_job, baseline, tmp_path):
    panel.ui.dicomBaselinePathEdit.currentPath = str(baseline)
    driving.click(panel.ui.dicomButton)
    assert panel.ui.dicomButton.text == "Cancel"
    text = until_done(panel)

    written = [pydicom.dcmread(path) for path in (tmp_path / "export" / "DICOM").rglob("*.dcm")]
    assert text.startswith(f"Wrote {len(written)} DICOM objects into DICOM."), text
    assert {made.Modality for made in written} >= {"OT", "SEG", "SR"}
    assert panel.ui.dicomButton.text == "Write DICOM objects"


def test_what_is_refused_is_told(panel, shown_job, tmp_path):
    (tmp_path / "empty").mkdir()
    panel.ui.dicomBaselinePathEdit.currentPath = str(tmp_path / "empty")
    driving.click(panel.ui.dicomButton)
    text = until_done(panel)

    assert text.startswith("⚠ The folder empty does not hold exactly one DICOM series. 0 series"), text
    assert not (tmp_path / "export").exists()


def test_an_export_can_be_cancelled(panel, shown_job, baseline, tmp_path):
    panel.ui.dicomBaselinePathEdit.currentPath = str(baseline)
    driving.click(panel.ui.dicomButton)
    driving.click(panel.ui.dicomButton)

    assert panel.ui.dicomMessageLabel.text.startswith("Cancelled.")
    assert not panel.panel.dicom_section.busy


def test_missing_packages_are_named(panel, shown_job, baseline, monkeypatch):
    module = sys.modules["LongitudinalINRModule.panel.dicom_section"]
    monkeypatch.setattr(module, "missing_packages", lambda: ["highdicom", "pynetdicom"])
    panel.panel.dicom_section.refresh()

    assert not panel.ui.dicomButton.enabled
    assert "Not installed yet: highdicom, pynetdicom." in panel.ui.dicomMessageLabel.text
