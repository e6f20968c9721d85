"""`simulation.json` with one field that no simulation writes: it is the truth that fits are scored by."""

from __future__ import annotations

import json

import pytest

from LongitudinalINRLib.simulate.storage import load_truth

CASES = {
    "no months": ("months", ...),
    "an empty list of months": ("months", []),
    "the baseline alone": ("months", [0.0]),
    "months as a text": ("months", "0,12"),
    "a month as a text": ("months.1", "12"),
    "a month as null": ("months.1", None),
    "a baseline at month 3": ("months.0", 3.0),
    "a month twice": ("months.1", 0.0),
    "a negative month": ("months.1", -12.0),
    "a month beyond a life": ("months.1", 1e5),
    "more months than matrices": ("months", [0.0, 12.0, 24.0]),
    "no parameters": ("parameters", ...),
    "parameters as a list": ("parameters", []),
    "no matrices": ("baseline_to_scan", ...),
    "one matrix": ("baseline_to_scan.1", ...),
    "a matrix of three rows": ("baseline_to_scan.1.3", ...),
    "a row of five": ("baseline_to_scan.1.0", [1.0, 0.0, 0.0, 0.0, 0.0]),
    "a number as a text": ("baseline_to_scan.1.0.3", "3.5"),
    "a matrix of zeros": ("baseline_to_scan.1", [[0.0] * 4] * 4),
    "a mirrored matrix": ("baseline_to_scan.1.2.2", -1.0),
    "a matrix that magnifies": ("baseline_to_scan.1.2.2", 1.1),
    "a projection": ("baseline_to_scan.1.3.0", 0.1),
    "an unknown field": ("truth", "../../elsewhere"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field_that_no_simulation_writes_is_refused(good_simulation, edited, refused, tmp_path, case):
    path = tmp_path / "simulation.json"
    path.write_text(json.dumps(edited(good_simulation, *CASES[case])), encoding="utf-8")
    refused(lambda source: load_truth(source.parent), path, "not-a-simulation")
