"""The codes of structures, compared with DICOM's own tables as pydicom has them."""

from __future__ import annotations

import csv
from importlib.resources import files

from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr.codedict import codes as dicom_codes

from LongitudinalINRLib.analysis.atlas import freesurfer_names
from LongitudinalINRLib.dicom_out.codes import LEFT, RIGHT, SCHEME, structure_of


def test_every_code_is_in_the_context_group_that_is_named_for_it():
    text = files("LongitudinalINRLib.dicom_out").joinpath("structures.csv").read_text()
    for row in csv.DictReader(text.splitlines()):
        keywords = cid_concepts[int(row["cid"])][row["scheme"]]
        known = {getattr(getattr(dicom_codes, f"CID{row['cid']}"), keyword) for keyword in keywords}
        assert (row["value"], row["scheme"]) in {(code.value, code.scheme_designator) for code in known}, row


def test_sides_are_told_apart_from_the_structure():
    left, right = structure_of("Left-Hippocampus"), structure_of("Right-Hippocampus")
    assert left.code == right.code
    assert (left.side, right.side) == (LEFT, RIGHT)
    assert structure_of("ctx-rh-entorhinal").side == RIGHT
    assert structure_of("3rd-Ventricle").side is None


def test_what_dicom_has_no_code_for_gets_one_of_our_own_with_its_name():
    one, other = structure_of("Left-choroid-plexus"), structure_of("a lesion, néw")
    assert (one.code.scheme_designator, one.code.meaning, one.side) == (SCHEME, "Left-choroid-plexus", LEFT)
    assert other.code.meaning == "a lesion, néw"
    assert other.code == structure_of("a lesion, néw").code != one.code
    values = [structure_of(name).code.value for name in freesurfer_names().values()]
    assert max(map(len, values)) <= 16
