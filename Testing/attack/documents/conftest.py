"""A good file of every kind, as plain JSON values, and what refusing a bad one means."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.errors import InputError

EYE = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
MOVED = [[0.0, -1.0, 0.0, 3.5], [1.0, 0.0, 0.0, -2.0], [0.0, 0.0, 1.0, 0.25], [0.0, 0.0, 0.0, 1.0]]
HASH = "0123456789abcdef" * 4
ALIGNED = {
    "matrix": MOVED,
    "kind": "rigid",
    "similarity_before": 0.5,
    "similarity_after": 0.9,
    "determinant": 1.0,
    "warnings": ["The alignment was hard."],
}
CONFIG = json.loads(json.dumps(asdict(preset("standard"))))


@pytest.fixture
def good_request() -> dict[str, Any]:
    return {
        "baseline": "t0.nii.gz",
        "follow_ups": [{"path": "t1.nii.gz", "months": 12.0}, {"path": "t2.nii.gz", "months": 24.0}],
        "mask": "mask.nii.gz",
        "labels": "labels.nii.gz",
        "follow_up_labels": [{"path": "labels2.nii.gz", "months": 24.0}],
        "region_names": {"17": "Left hippocampus"},
        "config": copy.deepcopy(CONFIG),
        "align": "rigid",
        "bias_correction": False,
        "scanner": "auto",
        "device": "cpu",
        "background": False,
        "outputs": {"maps_at_months": [0.0, 18.0], "maps": ["jacobian"], "report": True},
        "schema_version": 1,
    }


@pytest.fixture
def good_account() -> dict[str, Any]:
    quality = {
        "months": 12.0,
        "unexplained_share": 0.01,
        "implausible_share": 0.0,
        "best_month": 11.0,
        "share_at_best_month": 0.009,
    }
    content = {
        "key": HASH,
        "versions": {"LongitudinalINR": "0.1.0", "torch": "2.4.0"},
        "scans": [
            {"name": "scan-0", "months": 0.0, "sha256": HASH},
            {"name": "scan-1", "months": 12.0, "sha256": HASH[::-1]},
        ],
        "mask": "given",
        "bias_correction": False,
        "config": CONFIG,
        "device": "cpu, 2 threads",
        "seconds": {"series": 0.5, "fit": 12.0},
        "alignments": [{"name": "scan-1", "months": 12.0, **ALIGNED}],
        "quality": {"scans": [quality], "course": [0.02]},
        "scanner": {"same": False, "reason": "no header names the scanner of scan-0"},
        "warnings": [],
        "history": [
            {"step": 10.0, "similarity": -1.0, "spatial": 0.1, "total": 3.0},
            {"step": 20.0, "similarity": -1.5, "spatial": 0.1, "total": 2.5},
        ],
    }
    return copy.deepcopy(content)


@pytest.fixture
def good_model() -> dict[str, Any]:
    return {
        "version": "0.1.0",
        "config": copy.deepcopy(CONFIG),
        "domain": {"centre_mm": [1.0, -2.0, 3.0], "half_extent_mm": 128.0},
        "time_axis": {"follow_up_months": [12.0, 24.0], "unit_months": 24.0},
    }


@pytest.fixture
def good_alignments() -> dict[str, Any]:
    unmoved = {**ALIGNED, "matrix": EYE, "kind": "none", "warnings": []}
    content = {"scan-1": {"key": HASH, **ALIGNED}, "scan-2": {"key": HASH, **unmoved}}
    return copy.deepcopy(content)


@pytest.fixture
def good_identity() -> dict[str, Any]:
    return {"labels": HASH, "labels-1": HASH, "mask": HASH, "scan-0": HASH, "scan-1": HASH}


@pytest.fixture
def good_results() -> dict[str, Any]:
    return {
        "results": {
            "model": ["model.safetensors", "model.json"],
            "fit": ["fit.json"],
            "maps": ["maps/jacobian_012.0mo.nii.gz"],
            "mask": ["mask.nii.gz"],
            "valid": ["valid.nii.gz"],
            "regions": ["regions.csv"],
            "trajectories": ["trajectories.csv"],
            "report": [],
        },
        "seconds": 12.5,
    }


@pytest.fixture
def good_simulation() -> dict[str, Any]:
    parameters = {"seed": 5, "rates_percent_per_year": {"4": 3.0}, "time_course": "linear"}
    return copy.deepcopy({"months": [0.0, 12.0], "parameters": parameters, "baseline_to_scan": [EYE, MOVED]})


Edited = Callable[[dict[str, Any], str, Any], dict[str, Any]]


@pytest.fixture
def edited() -> Edited:
    """Change one field of plain JSON values, named as `scans.0.months`; `...` takes it away."""

    def edit(content: dict[str, Any], where: str, value: Any) -> dict[str, Any]:
        *parents, last = where.split(".")
        place: Any = content
        for parent in parents:
            place = place[int(parent)] if isinstance(place, list) else place[parent]
        key = int(last) if isinstance(place, list) else last
        if value is ...:
            del place[key]
        else:
            place[key] = value
        return content

    return edit


Refused = Callable[..., None]


@pytest.fixture
def refused() -> Refused:
    """Assert that reading is refused, and that the person is told why in a few short lines."""

    def check(read: Callable[..., object], source: str | Path, *codes: str) -> None:
        before = source.read_bytes() if isinstance(source, Path) and source.is_file() else None
        with pytest.raises(InputError) as error:
            read(source)
        told = error.value
        assert told.code in codes
        for text in (told.message, told.expected, told.found, told.advice):
            assert text
            assert text.isprintable()
            assert len(text) < 300
        if before is not None:
            assert source.read_bytes() == before

    return check
