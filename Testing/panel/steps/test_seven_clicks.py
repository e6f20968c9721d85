"""From two scans that were loaded from DICOM to an exported map: at most seven presses, and nothing typed."""

from __future__ import annotations

import json

import pytest
from settling import LONGEST_SECONDS, settle
from standin import dialogs, driving

MOST_PRESSES = 7
CHOOSING_THE_MODULE = ("open Slicer's list of modules", "choose Longitudinal INR")
DAYS = ("20200115", "20220118")


class Person:
    """Presses buttons, and keeps count."""

    def __init__(self, panel):
        self.panel = panel
        self.presses = list(CHOOSING_THE_MODULE)

    def press(self, name):
        driving.click(getattr(self.panel.ui, name))
        self.presses.append(name)


@pytest.fixture
def two_visits(module):
    """Two heads as Slicer's DICOM module leaves them, and the label map of the first."""
    import slicer
    from LongitudinalINRModule.selftest.head import add_head

    (first, _, last), regions = add_head(slicer.mrmlScene)
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    patient = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), "Doe^Jane (4711)")
    for number, (volume, day) in enumerate(zip((first, last), DAYS, strict=True)):
        study = hierarchy.CreateStudyItem(patient, f"Brain ({day})")
        hierarchy.SetItemAttribute(study, "DICOM.StudyDate", day)
        item = hierarchy.GetItemByDataNode(volume) or hierarchy.CreateItem(study, volume)
        hierarchy.SetItemParent(item, study)
        hierarchy.SetItemAttribute(item, "DICOM.Modality", "MR")
        volume.SetAttribute("DICOM.instanceUIDs", f"1.{number}")
        slicer.dicomDatabase.add(f"1.{number}", {"0008,103E": "T1 MPRAGE"})
    return first, last, regions


def shorten(panel):
    """Let the fit be over in seconds: no press of a person's, and nothing of what is claimed."""
    from LongitudinalINRModule.settings.choices import Align

    parameters = panel.logic.getParameterNode()
    parameters.steps, parameters.align = 20, Align.none


@pytest.mark.timeout(300)
def test_two_dicom_scans_become_an_exported_map_in_seven_presses(
    two_visits, panel, picture, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    person, ui = Person(panel), panel.ui
    shorten(panel)
    assert ui.offerLabel.text == "Found 2 scans of one person: months 0, 24.1; regions: Head regions."
    picture(panel, "offered")

    person.press("useScansButton")
    picture(panel, "taken")
    person.press("runButton")
    driving.wait_until(lambda: panel.panel.explore_section.result is not None, 4 * LONGEST_SECONDS)
    settle(panel)
    person.press("showMapButton")
    person.press("exportSectionButton")
    person.press("exportButton")
    picture(panel, "exported")

    assert len(person.presses) <= MOST_PRESSES
    assert dialogs.shown == []
    (folder,) = (tmp_path / "Documents").iterdir()
    assert {path.name for path in folder.iterdir()} == {"jacobian_024.11mo.nii.gz", "manifest.json"}
    assert "Doe" not in folder.name
    assert len(json.loads((folder / "manifest.json").read_text())["scans"]) == 2
    assert ui.exportMessageLabel.text == f"Wrote 1 file and manifest.json into {folder.name}."
