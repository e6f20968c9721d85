from __future__ import annotations

from unittest.mock import create_autospec

import pytest
import slicer
from LongitudinalINRModule.scans.dicom_tags import Database
from LongitudinalINRModule.scans.scan_consistency import consistency_warnings
from LongitudinalINRModule.scans.scan_dates import ScanDate, months_since_first, scan_date
from LongitudinalINRModule.scans.scan_scanner import scanner_of_volumes


@pytest.fixture
def add_visit(scene, add_volume, phantom):
    """A volume in a study with a date, of a patient; empty text leaves an attribute out."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)

    def add(study_date="", patient_id="", birth_date="", instance=""):
        volume = add_volume(phantom.scan, phantom.affine)
        patient = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), "patient")
        study = hierarchy.CreateStudyItem(patient, "study")
        hierarchy.CreateItem(study, volume)
        for item, name, value in (
            (study, "DICOM.StudyDate", study_date),
            (patient, "DICOM.PatientID", patient_id),
            (patient, "DICOM.PatientBirthDate", birth_date),
        ):
            if value:
                hierarchy.SetItemAttribute(item, name, value)
        if instance:
            volume.SetAttribute("DICOM.instanceUIDs", f"{instance} {instance}.2")
        return volume

    return add


@pytest.fixture
def database():
    """A DICOM database that knows the tags put into its dictionary."""
    known = {}
    double = create_autospec(Database, instance=True)
    double.instanceValue.side_effect = lambda uid, tag: known.get((uid, tag), "")
    double.known = known
    return double


def test_months_come_from_the_study_dates_of_the_subject_hierarchy(add_visit):
    dates = [scan_date(add_visit(day)) for day in ("20200115", "20210115", "20200715")]
    assert [date.remark for date in dates] == ["", "", ""]
    assert months_since_first(dates) == pytest.approx([0.0, 366 / 30.4375, 182 / 30.4375])


def test_the_database_is_asked_where_the_hierarchy_has_no_date(add_visit, database):
    database.known["1.2.3", "0008,0020"] = "20220301"
    date = scan_date(add_visit(instance="1.2.3"), database)
    assert date.day.isoformat() == "2022-03-01"
    assert scan_date(add_visit("20200115", instance="1.2.3"), database).day.isoformat() == "2020-01-15"


def test_a_blank_date_is_told_and_gives_no_months(add_visit, a_baseline):
    dates = [scan_date(add_visit()), scan_date(a_baseline), scan_date(add_visit("20200315"))]
    assert dates[0] == ScanDate(None, "has no study date: type its months")
    assert months_since_first(dates) == [None, 0.0, pytest.approx(60 / 30.4375)]
    assert months_since_first([ScanDate(None)]) == [None]


@pytest.mark.parametrize("text", ["19000101", "17010615"])
def test_a_date_before_mri_is_told_as_shifted(add_visit, text):
    date = scan_date(add_visit(text))
    assert "shifted" in date.remark
    assert date.day is not None


def test_a_date_marked_as_modified_is_told_as_shifted(add_visit, database):
    database.known["1.2.3", "0028,0303"] = "MODIFIED"
    assert "shifted" in scan_date(add_visit("20200115", instance="1.2.3"), database).remark
    database.known["1.2.3", "0028,0303"] = "UNMODIFIED"
    assert scan_date(add_visit("20200115", instance="1.2.3"), database).remark == ""


def test_a_date_in_the_future_is_told(add_visit):
    assert "future" in scan_date(add_visit("29990101")).remark


@pytest.mark.parametrize("text", ["20201345", "yesterday", "2020"])
def test_what_is_no_date_is_told(add_visit, text):
    date = scan_date(add_visit(text))
    assert date.day is None
    assert text in date.remark


def test_different_patients_are_warned_about_without_telling_who(add_visit):
    volumes = [add_visit("20200101", "DOE-1", "19500101"), add_visit("20210101", "ROE-2", "19510101")]
    warnings = consistency_warnings(volumes)
    assert [warning.split(":")[0] for warning in warnings] == [
        "The scans differ in patient ID",
        "The scans differ in birth date",
    ]
    assert not any(secret in " ".join(warnings) for secret in ("DOE", "ROE", "1950", "1951"))


def test_a_changed_scanner_is_told_with_what_changed(add_visit, database):
    volumes = [add_visit(patient_id="A", instance=f"1.{n}") for n in range(3)]
    for n, model in enumerate(("Prisma", "Prisma", "Skyra")):
        database.known[f"1.{n}", "0008,1090"] = model
        database.known[f"1.{n}", "0018,0087"] = ("3", "3.0", "3.00")[n]
    (warning,) = consistency_warnings(volumes, database)
    assert "model of the scanner changed between visits: Prisma (scan 1), Skyra (scan 3)." in warning


def test_what_is_not_known_is_not_held_against_the_scans(add_visit, a_baseline):
    assert consistency_warnings([a_baseline, add_visit("20200101", "A"), add_visit()]) == []


def test_volumes_of_one_scanner_are_told_to_the_engine(add_visit, database, a_baseline):
    volumes = [add_visit(patient_id="A", instance=f"1.{n}") for n in range(2)]
    assert scanner_of_volumes(volumes, database) == "auto"
    for n in range(2):
        database.known[f"1.{n}", "0018,1000"] = "166003"
        database.known[f"1.{n}", "0018,0087"] = ("3", "3.00")[n]
    assert scanner_of_volumes(volumes, database) == "same"
    assert scanner_of_volumes([*volumes, a_baseline], database) == "auto"
    database.known["1.1", "0018,1020"], database.known["1.0", "0018,1020"] = "E11", "XA30"
    assert scanner_of_volumes(volumes, database) == "auto"
