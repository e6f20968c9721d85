"""Whether headers name one person: compared, never told."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from dicom_export import PERSON, T1, add_series

from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.person import Person, differences, person_of, same_person

ERIKA = Person("4711", "mustermann erika", "19640812", "f")


def test_a_dicom_header_names_the_person_and_other_files_name_nobody(tmp_path):
    add_series(tmp_path / "dicom", 5, T1)
    assert person_of(tmp_path / "dicom") == ERIKA
    assert person_of(tmp_path / "scan.nii.gz") == Person()


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (tags.PATIENT_NAME, "MUSTERMANN^ERIKA^^^"),
        (tags.PATIENT_NAME, " Mustermann ^Erika=ムスターマン"),
        (tags.PATIENT_SEX, "f "),
    ],
)
def test_what_programs_write_differently_is_the_same(tmp_path, tag, value):
    kind = PERSON[tag][0]
    add_series(tmp_path / "dicom", 5, {**T1, tags.CHARACTER_SET: ("CS", "ISO_IR 192"), tag: (kind, value)})
    assert person_of(tmp_path / "dicom") == ERIKA


@pytest.mark.parametrize("blank", ["", "ANONYMOUS", "Removed", "000", "xxx"])
def test_what_stands_for_a_removed_name_names_nobody(tmp_path, blank):
    add_series(tmp_path / "dicom", 5, {**T1, tags.PATIENT_NAME: ("PN", blank)})
    assert person_of(tmp_path / "dicom") == replace(ERIKA, name="")


def test_what_differs_is_told_by_its_kind_and_blanks_do_not_differ():
    other = Person("4712", "", "19640813", "f")
    people = {"scan-0": ERIKA, "scan-1": replace(ERIKA, sex=""), "scan-2": other}
    assert differences(people) == {"scan-2": ["patient ID", "birth date"]}
    finding = same_person(people)
    assert not finding.same
    assert finding.reason == "headers differ from the baseline's: scan-2 in patient ID and birth date"


def test_one_person_is_known_by_an_id_or_a_name_that_all_have():
    nameless = replace(ERIKA, name="")
    assert same_person({"scan-0": ERIKA, "scan-1": nameless}).same
    assert same_person({"scan-0": replace(ERIKA, patient_id=""), "scan-1": ERIKA}).same
    unknown = same_person({"scan-0": ERIKA, "scan-1": Person(sex="f")})
    assert (unknown.same, unknown.reason) == (False, "no header names the person of scan-1")
