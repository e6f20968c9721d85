from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

import LongitudinalINRLib
from LongitudinalINRLib.core.config import FitConfig, Weights
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import NormsEntry, Outputs, Request, ScanEntry
from LongitudinalINRLib.jobs.validation import read_request

REPOSITORY = Path(LongitudinalINRLib.__file__).parent.parent


@pytest.fixture
def a_request() -> Request:
    return Request(
        baseline="inputs/scan-0.nii.gz",
        follow_ups=(ScanEntry("inputs/scan-1.nii.gz", 12.0), ScanEntry("inputs/scan-2.nii.gz", 24.5)),
        mask="inputs/mask.nii.gz",
        labels="inputs/labels.nii.gz",
        follow_up_labels=(ScanEntry("inputs/labels-2.nii.gz", 24.5),),
        region_names={17: "Left hippocampus"},
        norms=NormsEntry("norms.json", 72.5, "F"),
        config=FitConfig(preset="preview", weights=Weights(lambda_=1.0), seed=7),
        align="affine",
        bias_correction=True,
        scanner="same",
        device="cpu",
        background=True,
        outputs=Outputs(maps_at_months=(0.0, 18.0), maps=("jacobian", "aligned"), report=False),
    )


def changed(request: Request, path: str, value: object) -> str:
    content = json.loads(request.to_json())
    *parents, last = path.split(".")
    place = content
    for parent in parents:
        place = place[int(parent)] if isinstance(place, list) else place[parent]
    place[last] = value
    return json.dumps(content)


def test_a_request_comes_back_from_json_as_it_was(a_request):
    assert Request.from_json(a_request.to_json()) == a_request
    assert read_request(a_request.to_json()) == a_request


def test_months_are_those_of_the_scans_and_maps_those_that_are_asked_for():
    request = Request("t0", (ScanEntry("t2", 24.0), ScanEntry("t1", 12.0)))
    assert request.months == (0.0, 12.0, 24.0)
    assert request.map_months == (0.0, 12.0, 24.0)
    further = dataclasses.replace(request, outputs=Outputs(maps_at_months=(36.0, 6.0, 36.0)))
    assert further.map_months == (6.0, 36.0)


def test_maps_far_beyond_the_last_scan_are_refused_unless_allowed_or_asked_for_by_an_older_version():
    request = Request("t0", (ScanEntry("t1", 12.0),), outputs=Outputs(maps_at_months=(0.0, 24.5)))
    with pytest.raises(InputError) as refused:
        read_request(request.to_json())
    assert refused.value.code == "far-beyond-scans"
    allowed = dataclasses.replace(request, outputs=Outputs(maps_at_months=(0.0, 24.5), allow_far=True))
    assert read_request(allowed.to_json()) == allowed
    older = json.loads(request.to_json())
    del older["outputs"]["allow_far"]
    assert read_request(json.dumps(older)) == allowed


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("colour", "red", "request-unknown-field"),
        ("config.momentum", 0.9, "request-unknown-field"),
        ("config.weights.delta", 1.0, "request-unknown-field"),
        ("outputs.maps_at", [1.0], "request-unknown-field"),
        ("follow_ups.0.month", 1.0, "request-unknown-field"),
        ("schema_version", 2, "request-newer"),
        ("config.weights.alpha", -1.0, "setting-out-of-range"),
        ("config.weights.gamma", float("nan"), "request-not-json"),
        ("follow_ups.0.months", float("inf"), "request-not-json"),
        ("follow_ups.0.months", "12", "request-invalid"),
        ("follow_ups.0.months", -12.0, "before-baseline"),
        ("follow_ups.0.months", 1200.5, "months-out-of-range"),
        ("follow_ups.0.months", 24.5, "same-month"),
        ("follow_ups.0.months", 0, "same-month"),
        ("follow_ups", [], "no-follow-up"),
        ("follow_up_labels.0.months", 6.0, "labels-without-scan"),
        ("labels", None, "labels-missing"),
        ("outputs.maps_at_months", [-1.0], "months-out-of-range"),
        ("outputs.maps", ["entropy"], "request-invalid"),
        ("align", "bspline", "request-invalid"),
        ("baseline", None, "request-invalid"),
        ("baseline_date", "2021-02-30", "date-invalid"),
        ("follow_ups.0.date", "20210228", "date-invalid"),
        ("follow_ups.0.months_from", "guess", "request-invalid"),
        ("notes", ["x" * 2001], "setting-out-of-range"),
        ("notes", ["x"] * 4001, "setting-out-of-range"),
    ],
)
def test_a_request_that_cannot_be_used_is_refused_with_what_to_do(a_request, path, value, code):
    with pytest.raises(InputError) as refused:
        read_request(changed(a_request, path, value))
    error = refused.value
    assert error.code == code
    assert error.message
    assert error.expected
    assert error.found
    assert error.advice


def test_a_request_of_an_older_version_means_what_it_meant(a_request):
    older = json.loads(a_request.to_json())
    for name in ("baseline_date", "same_person", "notes"):
        del older[name]
    for entry in older["follow_ups"] + older["follow_up_labels"]:
        del entry["months_from"], entry["date"]
    meant = dataclasses.replace(a_request, same_person=True)  # nobody compared whom the headers name
    assert read_request(json.dumps(older)) == Request.from_json(json.dumps(older)) == meant


def test_text_that_is_not_json_is_refused():
    with pytest.raises(InputError, match="not JSON"):
        read_request("{")


def test_a_request_without_optional_fields_gets_the_defaults():
    minimal = '{"baseline": "a", "follow_ups": [{"path": "b", "months": 1}]}'
    assert read_request(minimal) == Request("a", (ScanEntry("b", 1.0),), config=FitConfig())


def test_what_a_panel_imports_needs_the_standard_library_alone():
    names = ["request", "limits", "events", "folder", "identity", "runner", "failures", "output", "worker"]
    modules = ["json_text", "lock", *(f"jobs.{name}" for name in names)]
    code = (
        f"import sys; before = set(sys.modules); sys.path.insert(0, {str(REPOSITORY)!r})\n"
        + "".join(f"import LongitudinalINRLib.{name}\n" for name in modules)
        + "roots = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        + "other = {r for r in roots if r not in sys.stdlib_module_names and r != 'LongitudinalINRLib'}\n"
        + "assert not other, other"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
