"""`results.json` with one field that no job writes: its paths must stay in the folder on every system."""

from __future__ import annotations

import json

import pytest

from LongitudinalINRLib.jobs.documents.results import read_results
from LongitudinalINRLib.ownership import sealed

HASH = "0" * 64
FIELDS = {
    "results that are null": ("results", None),
    "results as a list": ("results", ["fit.json"]),
    "maps as a text": ("results.maps", "maps/jacobian_012.0mo.nii.gz"),
    "no maps": ("results.maps", ...),
    "no report": ("results.report", ...),
    "a path as a number": ("results.fit.0", 1),
    "a kind with a path": ("results.../x", []),
    "negative seconds": ("seconds", -1.0),
    "seconds as a word": ("seconds", "long"),
    "seconds for ever": ("seconds", 1e300),
    "files as a list": ("files", []),
    "a file without its hash": ("files.fit_json", {"size": 1}),
    "a file without its size": ("files.fit_json", {"sha256": HASH}),
    "a negative size": ("files.fit_json", {"size": -1, "sha256": HASH}),
    "half a byte": ("files.fit_json", {"size": 0.5, "sha256": HASH}),
    "a size beyond every disk": ("files.fit_json", {"size": 2**64, "sha256": HASH}),
    "a hash that is none": ("files.fit_json", {"size": 1, "sha256": "0" * 40}),
    "a mode": ("files.fit_json", {"size": 1, "sha256": HASH, "mode": 511}),
    "an unknown field": ("script", "rm"),
}
PATHS = {
    "nothing": "",
    "the folder": ".",
    "the folder above": "..",
    "a file above": "../scan.nii.gz",
    "a way up and down": "maps/../../scan.nii.gz",
    "a way that ends above": "maps/..",
    "an absolute path": "/etc/passwd",
    "a drive": "C:/scan.nii.gz",
    "a path on a drive": "C:scan.nii.gz",
    "a share": "//server/share/scan.nii.gz",
    "a share of Windows": "\\\\server\\share",
    "a way up in Windows": "..\\scan.nii.gz",
    "a stream of a file": "fit.json:hidden",
    "two separators": "maps//a.nii.gz",
    "a separator at its end": "maps/",
    "a NUL": "fit.json\0.txt",
    "an endless path": "a" * 2000,
}


@pytest.fixture
def good_results(good_results):
    return {**good_results, "files": {"fit.json": {"size": 120, "sha256": HASH}}}


@pytest.mark.parametrize("case", FIELDS)
def test_a_field_that_no_job_writes_is_refused(good_results, edited, refused, tmp_path, case):
    where, value = FIELDS[case]
    if case == "a kind with a path":
        good_results["results"]["../x"] = value
    else:
        edited(good_results, where, value)
    path = tmp_path / "results.json"
    path.write_text(json.dumps(sealed(good_results)), encoding="utf-8")
    refused(read_results, path, "job-file-damaged")


@pytest.mark.parametrize("case", PATHS)
def test_a_path_that_leads_out_of_the_folder_is_refused(good_results, refused, tmp_path, case):
    path = tmp_path / "results.json"
    listed = {**good_results, "results": {**good_results["results"], "maps": [PATHS[case]]}}
    path.write_text(json.dumps(sealed(listed)), encoding="utf-8")
    refused(read_results, path, "job-file-damaged")
    hashed = {**good_results, "files": {PATHS[case]: {"size": 1, "sha256": HASH}}}
    path.write_text(json.dumps(sealed(hashed)), encoding="utf-8")
    refused(read_results, path, "job-file-damaged")


def test_a_content_that_does_not_go_with_its_digest_is_refused(good_results, refused, tmp_path):
    path = tmp_path / "results.json"
    content = sealed(good_results)
    path.write_text(json.dumps({**content, "seconds": content["seconds"] + 1}), encoding="utf-8")
    refused(read_results, path, "job-file-damaged")
    path.write_text(json.dumps(good_results), encoding="utf-8")
    refused(read_results, path, "job-file-damaged")


def test_results_of_a_version_that_kept_no_hashes_are_read(good_results, tmp_path):
    del good_results["files"]
    (tmp_path / "results.json").write_text(json.dumps(good_results), encoding="utf-8")
    assert read_results(tmp_path / "results.json").files is None
