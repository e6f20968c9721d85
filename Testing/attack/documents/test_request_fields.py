"""Requests that are JSON of the right shape, with one field that cannot be used."""

from __future__ import annotations

import json

import pytest

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.jobs.limits import RANGES, numbers_of
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.validation import read_request

RANGE, INVALID, MONTHS = "setting-out-of-range", "request-invalid", "months-out-of-range"
PATH, LABEL_NAME = "path-invalid", "region-name-invalid"

CASES = {
    "no steps": ("config.steps", 0, RANGE),
    "negative steps": ("config.steps", -5, RANGE),
    "steps for years": ("config.steps", 10**9, RANGE),
    "half a step": ("config.steps", 1.5, INVALID),
    "steps as a word": ("config.steps", "many", INVALID),
    "steps as a truth": ("config.steps", True, INVALID),
    "no layer": ("config.widths", [], RANGE),
    "one layer": ("config.widths", [64], RANGE),
    "a thousand layers": ("config.widths", [8] * 1000, RANGE),
    "an empty layer": ("config.widths", [64, 0], RANGE),
    "a layer of a million": ("config.widths", [1_000_000, 64], RANGE),
    "widths as an object": ("config.widths", {"0": 64}, INVALID),
    "no stage": ("config.stages", [], RANGE),
    "too many stages": ("config.stages", [{"share": 0.01, "smoothing_mm": 0.0}] * 100, RANGE),
    "a share of 5": ("config.stages.0.share", 5.0, RANGE),
    "a share of nothing": ("config.stages.0.share", 0.0, RANGE),
    "shares that sum to 0.9": ("config.stages.0.share", 0.1, RANGE),
    "shares that sum to 1.00001": ("config.stages.0.share", 0.20001, RANGE),
    "smoothing of -1": ("config.stages.0.smoothing_mm", -1.0, RANGE),
    "smoothing of a metre": ("config.stages.0.smoothing_mm", 1000.0, RANGE),
    "a stage without a share": ("config.stages.0.share", ..., INVALID),
    "no points": ("config.similarity_points", 0, RANGE),
    "too few points": ("config.similarity_points", 3, RANGE),
    "points beyond memory": ("config.similarity_points", 10**10, RANGE),
    "no derivative points": ("config.derivative_points", 0, RANGE),
    "derivative points beyond memory": ("config.derivative_points", 10**10, RANGE),
    "a drift of degree 50": ("config.drift_degree", 50, RANGE),
    "a negative degree": ("config.drift_degree", -1, RANGE),
    "a negative seed": ("config.seed", -1, RANGE),
    "a seed of 64 bits": ("config.seed", 2**64 - 1, RANGE),
    "a seed of 200 bits": ("config.seed", 2**200, RANGE),
    "omega 0": ("config.omega", 0.0, RANGE),
    "omega as null": ("config.omega", None, INVALID),
    "no learning": ("config.learning_rate", 0.0, RANGE),
    "unlearning": ("config.matrix_learning_rate", -1e-3, RANGE),
    "learning without bound": ("config.learning_rate", 1e30, RANGE),
    "negative decay": ("config.weight_decay", -0.1, RANGE),
    "a patch without an edge": ("config.patch_edge", 0, RANGE),
    "a patch of a kilometre": ("config.patch_edge", 10**6, RANGE),
    "negative times": ("config.drawn_times", -1, RANGE),
    "times beyond memory": ("config.drawn_times", 10**9, RANGE),
    "a fall of two": ("config.fall_share", 2.0, RANGE),
    "a negative fall": ("config.fall_share", -0.5, RANGE),
    "a negative weight": ("config.weights.alpha", -1.0, RANGE),
    "a weight without bound": ("config.weights.gamma", 1e300, RANGE),
    "a weight as a list": ("config.weights.beta", [1.0], INVALID),
    "an unknown weight": ("config.weights.delta", 1.0, "request-unknown-field"),
    "an unknown preset": ("config.preset", "best", INVALID),
    "an unhashable preset": ("config.preset", {"name": "standard"}, INVALID),
    "an unknown device": ("device", "tpu", INVALID),
    "a month of 1e-300": ("follow_ups.0.months", 1e-300, "same-month"),
    "a month within the hour": ("follow_ups.0.months", 0.0005, "same-month"),
    "follow-ups within the hour": ("follow_ups.0.months", 24.0005, "same-month"),
    "a month beyond a life": ("follow_ups.0.months", 1e5, MONTHS),
    "a month before the baseline": ("follow_ups.0.months", -1.0, "before-baseline"),
    "a month as a date": ("follow_ups.0.months", "2020-01-01", INVALID),
    "a follow-up that is a path": ("follow_ups.0", "t1.nii.gz", INVALID),
    "no follow-up": ("follow_ups", [], "no-follow-up"),
    "too many follow-ups": ("follow_ups", [{"path": "a", "months": m / 2} for m in range(1, 1002)], RANGE),
    "follow-ups by name": ("follow_ups", {"a": 1}, INVALID),
    "labels twice": ("follow_up_labels", [{"path": "a", "months": 24.0}] * 2, "same-month"),
    "no month for a map": ("outputs.maps_at_months", [], RANGE),
    "months for 100 000 maps": ("outputs.maps_at_months", [m / 100 for m in range(100_000)], RANGE),
    "a map at a negative month": ("outputs.maps_at_months", [-1.0], MONTHS),
    "a map 100 000 times": ("outputs.maps", ["jacobian"] * 100_000, RANGE),
    "an unknown map": ("outputs.maps", ["../../jacobian"], INVALID),
    "a report as a path": ("outputs.report", "report.html", INVALID),
    "an empty path": ("baseline", "", PATH),
    "a path with NUL": ("follow_ups.1.path", "t2\0.nii.gz", PATH),
    "an endless path": ("mask", "a" * 5000, PATH),
    "an empty mask": ("mask", "", PATH),
    "a path as a list": ("labels", ["labels.nii.gz"], INVALID),
    "a label beyond 32 bits": ("region_names", {"4294967296": "x"}, LABEL_NAME),
    "a label as a word": ("region_names", {"hippocampus": "x"}, INVALID),
    "an endless name": ("region_names", {"17": "x" * 5000}, LABEL_NAME),
    "too many names": ("region_names", {str(n): "x" for n in range(20_000)}, RANGE),
    "norms that are a path": ("norms", "norms.json", INVALID),
    "norms of nobody": ("norms", {"path": "norms.json", "age_years": 72.0}, INVALID),
    "a sex that no norms know": ("norms", {"path": "n.json", "age_years": 72.0, "sex": "X"}, INVALID),
    "an age beyond a life": ("norms", {"path": "n.json", "age_years": 721.0, "sex": "F"}, "age-out-of-range"),
    "a negative age": ("norms", {"path": "n.json", "age_years": -1.0, "sex": "F"}, "age-out-of-range"),
    "an age as a word": ("norms", {"path": "n.json", "age_years": "72", "sex": "F"}, INVALID),
    "norms without a path": ("norms", {"path": "", "age_years": 72.0, "sex": "F"}, PATH),
    "an unknown field with escapes": ("\x1b[2J\n", 1, "request-unknown-field"),
    "version 0": ("schema_version", 0, RANGE),
    "version 2": ("schema_version", 2, "request-newer"),
    "version as a word": ("schema_version", "1", INVALID),
    "no baseline": ("baseline", ..., INVALID),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field_that_cannot_be_used_is_refused(good_request, edited, refused, case):
    where, value, code = CASES[case]
    refused(read_request, json.dumps(edited(good_request, where, value)), code)


@pytest.mark.parametrize("end", [0, 1], ids=["lowest", "highest"])
@pytest.mark.parametrize("name", [name for name in RANGES if not name.startswith(("widths.", "stages."))])
def test_both_ends_of_a_range_are_taken(good_request, edited, name, end):
    value = RANGES[name][end]
    asked = read_request(json.dumps(edited(good_request, f"config.{name}", value)))
    assert dict(numbers_of(asked.config))[name] == value


def test_every_number_of_the_settings_has_a_range():
    assert {name for name, _ in numbers_of(FitConfig())} == set(RANGES)


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case[2] == INVALID])
def test_without_pydantic_a_wrong_type_is_a_value_or_type_error(good_request, edited, case):
    where, value, _ = CASES[case]
    with pytest.raises((ValueError, TypeError)):
        Request.from_json(json.dumps(edited(good_request, where, value)))
