"""`inputs.json` with one field that no job writes."""

from __future__ import annotations

import json

import pytest

from LongitudinalINRLib.jobs.documents.identity import read_identity

HASH = "0" * 64
CASES = {
    "no baseline": ("scan-0", ...),
    "a hash of 63": ("scan-1", "0" * 63),
    "a hash of 65": ("scan-1", "0" * 65),
    "a hash in capitals": ("scan-1", "A" * 64),
    "a hash with a line break": ("scan-1", HASH + "\n"),
    "a hash with letters beyond f": ("scan-1", "g" * 64),
    "a hash in digits of another script": ("scan-1", "\u0661" * 64),
    "an empty hash": ("mask", ""),
    "a hash as a number": ("mask", 0),
    "a hash as null": ("mask", None),
    "a hash as a list": ("labels", [HASH]),
    "hashes by part": ("labels", {"sha256": HASH}),
    "an unknown name": ("atlas", HASH),
    "an empty name": ("", HASH),
    "a path for a name": ("/home/a/scan.nii.gz", HASH),
    "a name with a line break": ("scan-1\n", HASH),
    "a name with escapes": ("scan-1\x1b[2J", HASH),
    "a name without its number": ("scan-", HASH),
    "a negative number": ("scan--1", HASH),
    "a number beyond all scans": ("scan-100000", HASH),
    "labels of the baseline by number of another script": ("labels-\u0661", HASH),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field_that_no_job_writes_is_refused(good_identity, refused, tmp_path, case):
    name, value = CASES[case]
    content = {**good_identity, name: value}
    if value is ...:
        del content[name]
    path = tmp_path / "inputs.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    refused(read_identity, path, "job-file-damaged")
