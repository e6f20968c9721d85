"""Choosing scans: what is typed, taken from sequences and dates, and what is wrong, said beside it."""

from __future__ import annotations

import numpy as np
import pytest
from standin import driving
from standin.each_slicer import EACH_SLICER


@EACH_SLICER
def test_rows_are_typed_and_their_parts_follow_the_months(panel, fill_in, parts, picture):
    fill_in(panel, months=("24", "0", "12,5"))

    assert parts(panel) == ["Follow-up 2", "Baseline", "Follow-up 1"]
    assert panel.ui.runButton.enabled
    picture(panel, "filled")

    driving.click(panel.ui.sortButton)

    assert [panel.ui.scansTable.cellWidget(row, 1).text for row in range(3)] == ["0", "12,5", "24"]
    assert parts(panel) == ["Baseline", "Follow-up 1", "Follow-up 2"]


@pytest.mark.parametrize(
    ("months", "part", "reason"),
    [
        (("0", "0"), "⚠ Same month as scan 1", "Scans 1, 2: Same month as scan 2"),
        (("0", ""), "⚠ Type the months since the baseline", "Scan 2: Type the months since the baseline"),
        (("0", "soon"), "⚠ soon is not a number of months", "Scan 2: soon is not a number of months"),
        (("0", "5000"), "⚠ More than 1200 months", "Scan 2: More than 1200 months"),
    ],
)
def test_months_that_cannot_be_used_are_said_beside_them_and_at_run(
    panel, fill_in, parts, months, part, reason
):
    fill_in(panel, months=months)

    assert parts(panel)[1] == part
    assert not panel.ui.runButton.enabled
    assert panel.ui.runMessageLabel.text == reason


def test_no_scans_and_only_a_baseline_are_said(panel, fill_in):
    assert panel.ui.runMessageLabel.text.startswith("Add the scans")

    fill_in(panel, months=("0",))

    assert panel.ui.runMessageLabel.text.startswith("There is only a baseline")
    assert not panel.ui.runButton.enabled


def test_the_same_volume_twice_is_said(panel, fill_in, parts, add_scan):
    volume = add_scan("T1")
    fill_in(panel, months=("0", "12"), volumes=[volume, volume])

    assert parts(panel) == ["⚠ Same volume as scan 2", "⚠ Same volume as scan 1"]


def test_a_volume_of_vectors_is_said(panel, fill_in, add_scan, running_slicer):
    import slicer

    vectors = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLVectorVolumeNode", "DTI")
    slicer.util.updateVolumeFromArray(vectors, np.ones((4, 5, 6, 3), np.float32))
    fill_in(panel, months=("0", "12"), volumes=[add_scan("T1"), vectors])

    assert "more than one value a voxel" in panel.ui.runMessageLabel.text


def test_a_row_whose_volume_leaves_the_scene_asks_for_another(panel, fill_in, parts):
    import slicer

    volumes = fill_in(panel)
    slicer.mrmlScene.RemoveNode(volumes[1])

    assert parts(panel) == ["Baseline", "⚠ Choose a volume"]
    assert panel.ui.runMessageLabel.text == "Scan 2: Choose a volume"


def test_selected_rows_are_removed_and_volumes_stay(panel, fill_in, parts):
    import slicer

    fill_in(panel, months=("0", "12", "24"))
    panel.ui.scansTable.selectRow(1)
    driving.click(panel.ui.removeScanButton)

    assert [panel.ui.scansTable.cellWidget(row, 1).text for row in range(2)] == ["0", "24"]
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 3


def test_all_volumes_of_a_sequence_become_scans(panel, add_scan, parts):
    import slicer

    sequence = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", "visits")
    sequence.SetIndexUnit("years")
    for year in (0, 1, 3):
        sequence.SetDataNodeAtValue(add_scan("item", value=year), str(year))
    driving.choose(panel.ui.sequenceSelector, "visits")
    driving.click(panel.ui.addSequenceButton)

    assert parts(panel) == ["Baseline", "Follow-up 1", "Follow-up 2"]
    assert [panel.ui.scansTable.cellWidget(row, 1).text for row in range(3)] == ["0", "12", "36"]


@EACH_SLICER
def test_months_are_filled_in_from_study_dates_and_missing_dates_are_said(panel, fill_in, add_scan):
    import slicer

    volumes = [add_scan("a"), add_scan("b", 3), add_scan("c", 5)]
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    for volume, day in zip(volumes, ("20200115", "20210115", ""), strict=True):
        study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), "Study")
        hierarchy.SetItemAttribute(study, "DICOM.StudyDate", day)
        hierarchy.SetItemParent(
            hierarchy.GetItemByDataNode(volume) or hierarchy.CreateItem(study, volume), study
        )
    fill_in(panel, months=("", "", ""), volumes=volumes)

    driving.click(panel.ui.dicomDatesButton)

    assert [panel.ui.scansTable.cellWidget(row, 1).text for row in range(3)] == ["0", "12.02", ""]
    assert "Scan 3 has no study date" in panel.ui.scansMessageLabel.text

    driving.type_text(panel.ui.scansTable.cellWidget(2, 1), "20")
    assert panel.ui.runButton.enabled


def test_scans_of_different_people_are_warned_of_without_telling_who(panel, fill_in, add_scan):
    import slicer

    volumes = [add_scan("a"), add_scan("b", 3)]
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    for volume, who in zip(volumes, ("P1", "P2"), strict=True):
        patient = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), who)
        hierarchy.SetItemAttribute(patient, "DICOM.PatientID", who)
        hierarchy.SetItemParent(
            hierarchy.GetItemByDataNode(volume) or hierarchy.CreateItem(patient, volume), patient
        )
    fill_in(panel, volumes=volumes)

    assert panel.ui.scansMessageLabel.text.count("patient ID") == 1
    assert "P1" not in panel.ui.scansMessageLabel.text
    assert panel.ui.runButton.enabled


def test_a_segmentation_without_segments_keeps_run_disabled_and_says_so(panel, fill_in):
    import slicer

    fill_in(panel)
    assert "FreeSurfer" in panel.ui.segmentationMessageLabel.text
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "empty")
    driving.choose(panel.ui.segmentationSelector, "empty")

    assert panel.ui.segmentationMessageLabel.text == "⚠ It has no segments. Choose another one, or none."
    assert panel.ui.runMessageLabel.text == "Brain regions: It has no segments. Choose another one, or none."
    assert not panel.ui.runButton.enabled


def test_a_label_map_on_another_grid_is_said_to_be_resampled(panel, fill_in):
    import slicer

    fill_in(panel)
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "aseg")
    slicer.util.updateVolumeFromArray(labels, np.ones((5, 5, 5), np.int16))
    driving.choose(panel.ui.segmentationSelector, "aseg")

    assert panel.ui.segmentationMessageLabel.text.endswith("it will be resampled.")
    assert panel.ui.runButton.enabled


def test_the_database_is_asked_once_for_each_scan_and_not_at_every_key(
    panel, fill_in, add_scan, running_slicer, monkeypatch
):
    import slicer

    volumes = [add_scan("a"), add_scan("b", 3)]
    for number, volume in enumerate(volumes):
        slicer.dicomDatabase.add(f"1.{number}", {"0008,1090": ("Prisma", "Skyra")[number]})
        volume.SetAttribute("DICOM.instanceUIDs", f"1.{number}")
    fill_in(panel, months=("0", ""), volumes=volumes)
    asked = []
    monkeypatch.setattr(slicer.dicomDatabase, "instanceValue", lambda *tag: asked.append(tag) or "")
    driving.type_text(panel.ui.scansTable.cellWidget(1, 1), "12.5")

    assert panel.ui.runButton.enabled
    assert asked == []
    assert "Prisma (scan 1), Skyra (scan 2)" in panel.ui.scansMessageLabel.text


def test_without_dicom_the_panel_works(panel, fill_in, parts, running_slicer, monkeypatch):
    import slicer

    monkeypatch.delattr(slicer, "dicomDatabase")
    fill_in(panel)
    driving.click(panel.ui.dicomDatesButton)

    assert parts(panel) == ["Baseline", "Follow-up 1"]
    assert "no study date" in panel.ui.scansMessageLabel.text


@pytest.fixture
def simulated(add_scan):
    """Scans and segmentation as Sample Data brings them: here of two subjects, one after the other."""
    import slicer

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    for subject in (1, 2):
        patient = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), "Simulated subject")
        scans = {months: add_scan(f"Simulated {subject}, {months}", months) for months in (24.0, 0.0, 12.0)}
        regions = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", f"regions {subject}")
        regions.GetSegmentation().AddEmptySegment("", "Hippocampus")
        regions.SetReferenceImageGeometryParameterFromVolumeNode(scans[0.0])
        for months, node in scans.items():
            node.SetAttribute("LongitudinalINR.Months", repr(months))
        for node in (*scans.values(), regions):
            item = hierarchy.GetItemByDataNode(node) or hierarchy.CreateItem(patient, node)
            hierarchy.SetItemParent(item, patient)
    add_scan("a map of the result")
    wait_for_quiet()


def wait_for_quiet():
    """Wait until the panel has looked at what came into the scene."""
    driving.process_events(0.3)


def test_one_press_takes_the_simulated_subject_that_came_last(panel, simulated, parts):
    assert panel.ui.offerLabel.text == (
        "Found 3 scans of one person: months 0, 12.0, 24.0; regions: regions 2."
    )
    driving.click(panel.ui.useScansButton)

    assert parts(panel) == ["Baseline", "Follow-up 1", "Follow-up 2"]
    names = [panel.ui.scansTable.cellWidget(row, 0).currentNode().GetName() for row in range(3)]
    assert names == [f"Simulated 2, {months}" for months in (0.0, 12.0, 24.0)]
    assert panel.ui.segmentationSelector.currentNode().GetName() == "regions 2"
    assert panel.ui.runButton.enabled
    assert not panel.ui.offerFrame.visible


@EACH_SLICER
def test_what_came_from_dicom_is_offered_and_nothing_changes_before_the_press(panel, add_scan, parts):
    import slicer

    assert not panel.ui.offerFrame.visible
    for number, day in enumerate(("20210115", "20200115", "")):
        volume = add_scan(f"visit {number}", number)
        slicer.dicomDatabase.add(f"1.{number}", {"0008,0020": day})
        volume.SetAttribute("DICOM.instanceUIDs", f"1.{number}")
    add_scan("from another file")
    wait_for_quiet()

    assert panel.ui.offerLabel.text == "Found 2 scans of one person: months 0, 12.0."
    assert (parts(panel), panel.ui.runButton.enabled) == ([], False)
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 4

    driving.click(panel.ui.useScansButton)

    names = [panel.ui.scansTable.cellWidget(row, 0).currentNode().GetName() for row in range(2)]
    assert (names, parts(panel)) == (["visit 1", "visit 0"], ["Baseline", "Follow-up 1"])
    assert "make sure that they are" in panel.ui.scansMessageLabel.text


def test_a_scan_that_leaves_the_scene_is_no_longer_offered(panel, simulated):
    import slicer

    for months in (0.0, 12.0):
        slicer.mrmlScene.RemoveNode(slicer.util.getNode(f"Simulated 2, {months}"))
    wait_for_quiet()

    assert panel.ui.offerLabel.text.endswith("regions: regions 1.")


def test_a_table_with_rows_gets_no_offer_until_it_is_empty_again(panel, fill_in, simulated, parts):
    driving.click(panel.ui.addScanButton)
    assert not panel.ui.offerFrame.visible
    driving.click(panel.ui.removeScanButton)

    assert panel.ui.offerFrame.visible


def test_a_segmentation_that_was_chosen_before_stays(panel, simulated):
    driving.choose(panel.ui.segmentationSelector, "regions 1")
    driving.click(panel.ui.useScansButton)

    assert panel.ui.segmentationSelector.currentNode().GetName() == "regions 1"


def test_scans_without_dates_are_taken_with_their_months_left_to_type(panel, add_scan, parts):
    import slicer

    for name in ("ses-2 T1w", "ses-1 T1w"):
        storage = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLVolumeArchetypeStorageNode")
        storage.SetFileName(f"/scans/{name}.nii.gz")
        add_scan(name).SetAndObserveStorageNodeID(storage.GetID())
    wait_for_quiet()
    driving.click(panel.ui.useScansButton)

    names = [panel.ui.scansTable.cellWidget(row, 0).currentNode().GetName() for row in range(2)]
    assert names == ["ses-1 T1w", "ses-2 T1w"]
    assert parts(panel) == ["⚠ Type the months since the baseline"] * 2
