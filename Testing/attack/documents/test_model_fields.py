"""`model.json` with one field that no fit writes: with it, every number of the result would be another."""

from __future__ import annotations

import json

import pytest

from LongitudinalINRLib.jobs.documents.model import read_model_description

CASES = {
    "a domain of nothing": ("domain.half_extent_mm", 0.0),
    "a domain inside out": ("domain.half_extent_mm", -128.0),
    "a domain of a nanometre": ("domain.half_extent_mm", 1e-9),
    "a domain of 1000 km": ("domain.half_extent_mm", 1e9),
    "a domain as a word": ("domain.half_extent_mm", "128"),
    "no domain": ("domain", ...),
    "a domain of another shape": ("domain.axes", 3),
    "a centre of two": ("domain.centre_mm", [0.0, 0.0]),
    "a centre of four": ("domain.centre_mm", [0.0, 0.0, 0.0, 1.0]),
    "a centre 1e30 away": ("domain.centre_mm.0", 1e30),
    "a centre as a truth": ("domain.centre_mm.0", True),
    "no follow-up": ("time_axis.follow_up_months", []),
    "a follow-up at the baseline": ("time_axis.follow_up_months.0", 0.0),
    "a follow-up before the baseline": ("time_axis.follow_up_months.0", -12.0),
    "follow-ups out of order": ("time_axis.follow_up_months", [24.0, 12.0]),
    "a follow-up twice": ("time_axis.follow_up_months", [24.0, 24.0]),
    "a follow-up beyond a life": ("time_axis.follow_up_months.1", 1e5),
    "a unit of nothing": ("time_axis.unit_months", 0.0),
    "a negative unit": ("time_axis.unit_months", -24.0),
    "a unit that is not the last scan's": ("time_axis.unit_months", 12.0),
    "a horizon without end": ("time_axis.horizon_months", 1e300),
    "no time axis": ("time_axis", None),
    "no settings": ("config", ...),
    "settings as a text": ("config", "standard"),
    "no layers": ("config.widths", []),
    "layers beyond memory": ("config.widths", [100_000, 100_000]),
    "omega 0": ("config.omega", 0.0),
    "an unknown identity": ("config.identity", "firm"),
    "an unknown setting": ("config.depth", 3),
    "years that are none": ("config.time_unit", "years"),
    "no weights": ("config.weights", None),
    "a version as a number": ("version", 0.1),
    "an unknown field": ("pickle", "gASV"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field_that_no_fit_writes_is_refused(good_model, edited, refused, tmp_path, case):
    path = tmp_path / "model.json"
    path.write_text(json.dumps(edited(good_model, *CASES[case])), encoding="utf-8")
    refused(read_model_description, path, "job-file-damaged")
    refused(read_model_description, path.read_text("utf-8"), "job-file-damaged")
