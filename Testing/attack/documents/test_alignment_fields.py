"""`alignment.json` with one field that no alignment writes."""

from __future__ import annotations

import json

import pytest

from LongitudinalINRLib.jobs.documents.alignment import read_alignments

CASES = {
    "no key": ("scan-1.key", ...),
    "a key that is no hash": ("scan-1.key", "scan-1"),
    "a name that is none": ("scan-x", {}),
    "an alignment as a list": ("scan-1", []),
    "no matrix": ("scan-1.matrix", ...),
    "a matrix of three rows": ("scan-1.matrix.3", ...),
    "a matrix of five rows": ("scan-1.matrix", [[0.0] * 4] * 5),
    "a row of three": ("scan-1.matrix.0", [1.0, 0.0, 0.0]),
    "a matrix as 16 numbers": ("scan-1.matrix", [0.0] * 16),
    "a matrix of zeros": ("scan-1.matrix", [[0.0] * 4] * 4),
    "a last row of a projection": ("scan-1.matrix.3.0", 0.5),
    "a last row that scales": ("scan-1.matrix.3.3", 2.0),
    "a flat matrix": ("scan-1.matrix.2.2", 0.0),
    "a mirrored matrix": ("scan-1.matrix.2.2", -1.0),
    "a matrix that magnifies a thousandfold": ("scan-1.matrix.2.2", 1000.0),
    "a matrix beyond the finite numbers": ("scan-1.matrix.2.2", 1e308),
    "a shift of 1000 km": ("scan-1.matrix.0.3", 1e9),
    "a flipped digit": ("scan-1.matrix.0.1", -1.1),
    "a shear that is called rigid": ("scan-1.matrix.0.0", 0.5),
    "a turn that is called none": ("scan-1.kind", "none"),
    "an unknown kind": ("scan-1.kind", "bspline"),
    "a similarity above 1": ("scan-1.similarity_after", 2.0),
    "a similarity as a word": ("scan-1.similarity_before", "0.5"),
    "another determinant": ("scan-1.determinant", 1.01),
    "a determinant as null": ("scan-1.determinant", None),
    "a scale of a rigid alignment": ("scan-1.scale", [1.0, 1.0, 1.0]),
    "a scaled alignment without its scale": ("scan-1.kind", "rigid-scaled"),
    "warnings as a text": ("scan-2.warnings", "none"),
    "an unknown field": ("scan-2.inverse", []),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field_that_no_alignment_writes_is_refused(good_alignments, edited, refused, tmp_path, case):
    path = tmp_path / "alignment.json"
    path.write_text(json.dumps(edited(good_alignments, *CASES[case])), encoding="utf-8")
    refused(read_alignments, path, "job-file-damaged")


SCALED = {"kind": "rigid-scaled", "scale": [1.01, 1.0, 0.99], "determinant": 1.01 * 0.99}
SHRUNK = (1.01 * 0.99) ** (1 / 3)


def scaled(good_alignments, **changed):
    """Return alignments whose first one is scaled, and has other fields beside."""
    entry = good_alignments["scan-1"]
    matrix = [[SHRUNK * value for value in row[:3]] + row[3:] for row in entry["matrix"][:3]]
    good_alignments["scan-1"] = {**entry, **SCALED, "matrix": [*matrix, entry["matrix"][3]], **changed}
    return good_alignments


def test_a_scaled_alignment_comes_back_as_it_was(good_alignments, tmp_path):
    path = tmp_path / "alignment.json"
    path.write_text(json.dumps(scaled(good_alignments)), encoding="utf-8")
    assert read_alignments(path)["scan-1"].alignment.scale == (1.01, 1.0, 0.99)


@pytest.mark.parametrize(
    "scale", [None, [], [1.01, 1.0], [1.1, 1.0, 1.0], [-1.01, 1.0, -0.99], [0, 0, 0], "1", [1.0, 1.0, None]]
)
def test_a_scale_that_is_not_that_of_the_matrix_is_refused(good_alignments, refused, tmp_path, scale):
    path = tmp_path / "alignment.json"
    path.write_text(json.dumps(scaled(good_alignments, scale=scale)), encoding="utf-8")
    refused(read_alignments, path, "job-file-damaged")
