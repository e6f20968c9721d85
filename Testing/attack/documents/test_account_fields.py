"""`fit.json` with one field that no fit writes."""

from __future__ import annotations

import json

import pytest

from LongitudinalINRLib.jobs.documents.account import read_account

CASES = {
    "a key of another length": ("key", "0123"),
    "a key in capitals": ("key", "ABCDEF0123456789" * 4),
    "no key": ("key", ...),
    "no scans": ("scans", []),
    "the baseline alone": ("scans.1", ...),
    "scans as an object": ("scans", {"scan-0": {}}),
    "a baseline at month 3": ("scans.0.months", 3.0),
    "scans at one month": ("scans.1.months", 0.0),
    "a scan before the baseline": ("scans.1.months", -12.0),
    "a scan beyond a life": ("scans.1.months", 1e6),
    "a scan at another month than its alignment": ("scans.1.months", 13.0),
    "a scan with a path for a name": ("scans.1.name", "../../etc/passwd"),
    "a scan with escapes in its name": ("scans.1.name", "scan-1\x1b[2J"),
    "scans out of order": ("scans.1.name", "scan-7"),
    "a hash that is none": ("scans.1.sha256", "x" * 64),
    "a hash with a line break": ("scans.1.sha256", "0" * 64 + "\n"),
    "an unknown mask": ("mask", "skull"),
    "no steps": ("config.steps", 0),
    "an unknown similarity": ("config.similarity", "mutual"),
    "settings as a list": ("config", []),
    "no device": ("device", ...),
    "a device as a number": ("device", 0),
    "no seconds of the fit": ("seconds.fit", ...),
    "negative seconds": ("seconds.fit", -1.0),
    "seconds as a word": ("seconds.series", "0.5"),
    "no alignment": ("alignments", []),
    "an alignment of no scan": ("alignments.0.name", "scan-2"),
    "an alignment at another month": ("alignments.0.months", 6.0),
    "a mirrored alignment": ("alignments.0.matrix.2.2", -1.0),
    "an alignment without a matrix": ("alignments.0.matrix", ...),
    "a share of the brain above 1": ("quality.scans.0.implausible_share", 1.5),
    "a negative share": ("quality.scans.0.unexplained_share", -0.1),
    "a quality of no scan": ("quality.scans.0.months", 0.0),
    "quality as a number": ("quality", 0.5),
    "a scanner as a word": ("scanner", "same"),
    "a scanner that is maybe the same": ("scanner.same", 0.5),
    "a scanner without a reason": ("scanner.reason", ...),
    "a warning as a number": ("warnings", [1]),
    "warnings as a text": ("warnings", "none"),
    "no history": ("history", []),
    "a history without its similarity": ("history.1.similarity", ...),
    "a similarity as a word": ("history.1.similarity", "low"),
    "a history of numbers": ("history", [1.0, 2.0]),
    "a version as a number": ("versions.torch", 2.4),
    "versions as a list": ("versions", ["0.1.0"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field_that_no_fit_writes_is_refused(good_account, edited, refused, tmp_path, case):
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(edited(good_account, *CASES[case])), encoding="utf-8")
    refused(read_account, path, "job-file-damaged")
