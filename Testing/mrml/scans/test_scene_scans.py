"""Which volumes of a scene are offered as the scans of one person, and with which labels."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import create_autospec

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.mrml.roles import nodes_of
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.scans.dicom_tags import Database
from LongitudinalINRModule.scans.original_scans import original_scans
from LongitudinalINRModule.scans.scene_scans import scans_in

DESCRIPTION, PROTOCOL, DATE, MODALITY = "0008,103E", "0018,1030", "0008,0020", "0008,0060"
IMAGE_TYPE = "0008,0008"


@pytest.fixture
def database():
    """A DICOM database that knows the tags put into its dictionary."""
    known = {}
    double = create_autospec(Database, instance=True)
    double.instanceValue.side_effect = lambda uid, tag: known.get((uid, tag), "")
    double.known = known
    return double


@pytest.fixture
def hierarchy(scene):
    return slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)


@pytest.fixture
def add_visit(scene, hierarchy, add_volume, phantom, database):
    """Volumes of a study with a date, as Slicer loads them: one for each description."""
    patients, count = {}, iter(range(100))

    def add(day, *descriptions, person="Doe^Jane", modality="MR", image_type="ORIGINAL\\PRIMARY"):
        if person not in patients:
            patients[person] = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), person)
        study = hierarchy.CreateStudyItem(patients[person], f"Study {day}")
        hierarchy.SetItemAttribute(study, "DICOM.StudyDate", day)
        volumes = []
        for description in descriptions or ("T1 MPRAGE",):
            uid = f"1.{next(count)}"
            volume = add_volume(phantom.scan, phantom.affine, f"{description} {day}")
            volume.SetAttribute("DICOM.instanceUIDs", uid)
            hierarchy.SetItemAttribute(hierarchy.CreateItem(study, volume), "DICOM.Modality", modality)
            database.known |= {(uid, DESCRIPTION): description, (uid, IMAGE_TYPE): image_type}
            volumes.append(volume)
        return volumes[0] if len(volumes) == 1 else volumes

    return add


@pytest.fixture
def from_file(add_volume, phantom, scene):
    """A volume as it comes from a NIfTI file."""

    def add(name):
        volume = add_volume(phantom.scan, phantom.affine, name)
        storage = scene.AddNewNodeByClass("vtkMRMLVolumeArchetypeStorageNode")
        storage.SetFileName(str(Path("/scans") / f"{name}.nii.gz"))
        volume.SetAndObserveStorageNodeID(storage.GetID())
        return volume

    return add


@pytest.fixture
def add_labels(scene, hierarchy, add_volume, phantom):
    """A label map or a segmentation of so many regions, on the phantom's grid or on another."""

    def add(name, regions=2, *, study_of=None, reference=None, segmented=False, shift_mm=0.0):
        affine = phantom.affine.copy()
        affine[0, 3] += shift_mm
        array = np.zeros(phantom.shape, np.int16)
        for label in range(1, regions + 1):
            array[4 * label : 4 * label + 4, 4:12, 4:12] = label
        node = add_volume(array, affine, name, "vtkMRMLLabelMapVolumeNode")
        if segmented:
            labels, node = node, scene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
            slicer.vtkSlicerSegmentationsModuleLogic.ImportLabelmapToSegmentationNode(labels, node)
            node.SetReferenceImageGeometryParameterFromVolumeNode(reference or labels)
            scene.RemoveNode(labels)
        if study_of is not None:
            place_beside(scene, node, study_of)
        return node

    return add


def test_scans_of_one_person_come_by_their_dates_with_their_months(scene, add_visit, database):
    later = add_visit("20210115")
    first = add_visit("20200115")
    found = scans_in(scene, database)

    assert found.scans == [(first, 0.0), (later, pytest.approx(366 / 30.4375))]
    assert found.summary == "Found 2 scans of one person: months 0, 12.0."
    assert found.remarks == []


def test_one_visit_or_none_is_no_offer(scene, add_visit, database):
    assert scans_in(scene, database) is None
    add_visit("20200115", "T1 MPRAGE", "FLAIR", "T1 MPRAGE post Gd")
    assert scans_in(scene, database) is None


def test_the_person_with_most_visits_is_offered_and_the_other_is_told_of(scene, add_visit, database):
    for day in ("20200101", "20210101", "20220101"):
        add_visit(day, person="A")
    for day in ("20200101", "20210101"):
        add_visit(day, person="B")
    found = scans_in(scene, database)

    assert [volume.GetName() for volume, _ in found.scans] == [
        f"T1 MPRAGE {day}" for day in ("20200101", "20210101", "20220101")
    ]
    assert found.remarks == ["Another person's scans are in the scene too; they were left out."]


def test_of_people_with_as_many_visits_the_last_is_offered(scene, add_visit, database):
    add_visit("20200101", person="A")
    add_visit("20210101", person="A")
    last = [add_visit("20100101", person="B"), add_visit("20110101", person="B")]

    assert [volume for volume, _ in scans_in(scene, database).scans] == last


def test_scans_of_equal_modality_are_taken(scene, add_visit, database):
    scans = [add_visit("20200101"), add_visit("20210101")]
    add_visit("20200601", "Head", modality="CT")
    add_visit("20220101", "Head", modality="CT")

    assert [volume for volume, _ in scans_in(scene, database).scans] == scans


@pytest.mark.parametrize(
    ("series", "wanted"),
    [
        (["FLAIR", "t1_mprage_sag", "T2 TSE"], 1),
        (["AX T2", "SAG FSPGR BRAVO"], 1),
        (["MP2RAGE INV1", "MP2RAGE INV2", "MP2RAGE UNI"], 2),
        (["T1 post Gd", "T1"], 1),
        (["T1 MAP", "sT1W_3D_TFE"], 1),
        (["FLAIR", "DWI"], 0),
    ],
)
def test_of_several_series_the_t1_weighted_one_without_contrast_agent_is_taken(
    scene, add_visit, database, series, wanted
):
    visits = [add_visit(day, *series) for day in ("20200101", "20210101")]

    assert [volume for volume, _ in scans_in(scene, database).scans] == [visit[wanted] for visit in visits]


def test_the_series_that_most_visits_have_is_taken_at_all_of_them(scene, add_visit, database):
    first = add_visit("20200101", "T1 SE", "T1 MPRAGE")
    second = add_visit("20210101", "T1 MPRAGE")
    third = add_visit("20220101", "T1 MPRAGE", "T1 SE")
    add_visit("20220601", "FLAIR")
    found = scans_in(scene, database)

    assert [volume for volume, _ in found.scans] == [first[1], second, third[0]]
    assert found.remarks == ["Visits without a T1-weighted series were left out: 1."]


def test_what_a_workstation_derived_and_copies_are_not_taken(scene, add_visit, database):
    scans = [add_visit("20200101"), add_visit("20210101")]
    add_visit("20220101", "T1 MPR", image_type="DERIVED\\SECONDARY\\MPR")
    copy = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "T1 copy")
    copy.CopyContent(scans[0])
    copy.SetAttribute("DICOM.instanceUIDs", scans[0].GetAttribute("DICOM.instanceUIDs"))
    place_beside(scene, copy, scans[0])

    assert [volume for volume, _ in scans_in(scene, database).scans] == scans


def test_maps_and_differences_of_a_result_are_not_taken(scene, a_result, files, database):
    from LongitudinalINRModule.display.difference import show_difference
    from LongitudinalINRModule.jobs.loading import add_map

    for name in ("rate", "aligned", "warped"):
        add_map(a_result, files, name)
    show_difference(a_result, 24.0, "aligned")
    volumes = nodes_of(scene, "vtkMRMLScalarVolumeNode")
    for volume in volumes:
        volume.SetAttribute("DICOM.instanceUIDs", volume.GetID())

    assert len(volumes) == 6
    assert [scan.volume for scan in original_scans(scene, database)] == [a_result.baseline]


def test_scans_without_dates_are_offered_by_name_and_their_months_left_to_type(scene, from_file, database):
    second, first = from_file("sub-1 ses-2 T1w"), from_file("sub-1 ses-1 T1w")
    from_file("sub-1 ses-1 FLAIR")
    found = scans_in(scene, database)

    assert found.scans == [(first, None), (second, None)]
    assert found.summary == (
        "Found 2 scans without dates, months to be typed: sub-1 ses-1 T1w, sub-1 ses-2 T1w."
    )


def test_volumes_made_in_the_scene_are_not_taken(scene, add_volume, phantom, database):
    add_volume(phantom.scan, phantom.affine, "T1 smoothed")
    add_volume(phantom.scan, phantom.affine, "T1 resampled")

    assert scans_in(scene, database) is None


def test_the_simulated_subject_that_came_last_brings_its_months(scene, hierarchy, add_volume, phantom):
    subjects = {}
    for subject in "ab":
        item = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), "Simulated subject")
        for months in (24.0, 0.0, 12.0):
            volume = add_volume(phantom.scan, phantom.affine, f"{subject} {months:g}")
            volume.SetAttribute("LongitudinalINR.Months", repr(months))
            hierarchy.CreateItem(item, volume)
            subjects[subject, months] = volume
    found = scans_in(scene)

    assert found.scans == [(subjects["b", months], months) for months in (0.0, 12.0, 24.0)]
    assert found.summary == "Found 3 scans of one person: months 0, 12.0, 24.0."


def test_dates_that_cannot_be_trusted_are_told(scene, add_visit, database):
    add_visit("19000101")
    add_visit("19010101")

    assert all("shifted" in remark for remark in scans_in(scene, database).remarks)


def test_dates_of_nobody_known_are_offered_with_a_warning(scene, add_volume, phantom, database):
    for number, day in enumerate(("20200101", "20210101")):
        volume = add_volume(phantom.scan, phantom.affine, f"scan {number}")
        volume.SetAttribute("DICOM.instanceUIDs", f"2.{number}")
        database.known["2." + str(number), DATE] = day
    found = scans_in(scene, database)

    assert [months for _, months in found.scans] == [0.0, pytest.approx(366 / 30.4375)]
    assert found.remarks == ["Nothing says that the scans are of one person: make sure that they are."]


@pytest.fixture
def two_visits(add_visit):
    return add_visit("20200115"), add_visit("20210115")


@pytest.mark.parametrize("segmented", [False, True])
def test_labels_on_the_baselines_grid_are_chosen_by_most_regions(
    scene, two_visits, add_labels, database, segmented
):
    add_labels("brain", 1, segmented=segmented)
    aseg = add_labels("aseg", 3, segmented=segmented)
    add_labels("elsewhere", 4, segmented=segmented, shift_mm=1.0)
    found = scans_in(scene, database)

    assert found.labels is aseg
    assert found.summary.endswith("; regions: aseg.")


def test_labels_of_the_baselines_study_come_before_those_on_its_grid(scene, two_visits, add_labels, database):
    add_labels("loose", 3)
    mine = add_labels("mine", 2, study_of=two_visits[0], shift_mm=1.0)
    add_labels("of the follow-up", 3, study_of=two_visits[1])

    assert scans_in(scene, database).labels is mine


def test_labels_whose_reference_is_the_baseline_come_first(scene, two_visits, add_labels, database):
    add_labels("beside", 3, study_of=two_visits[0])
    mine = add_labels("mine", 1, reference=two_visits[0], segmented=True)
    add_labels("of the follow-up", 3, reference=two_visits[1], segmented=True)

    assert scans_in(scene, database).labels is mine


def test_labels_of_a_follow_up_and_empty_ones_are_never_chosen(scene, two_visits, add_labels, database):
    add_labels("of the follow-up", 3, reference=two_visits[1], segmented=True)
    add_labels("beside the follow-up", 3, study_of=two_visits[1])
    scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "empty")

    assert scans_in(scene, database).labels is None
