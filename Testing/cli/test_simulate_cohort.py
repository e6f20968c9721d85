"""`simulate-cohort` takes its groups and scans as options, and refuses what has no meaning."""

from __future__ import annotations

import json

import pytest


def test_it_says_where_the_truth_is(command, tmp_path):
    asked = (
        "--people",
        "1",
        "--groups",
        "healthy:0.5",
        "--voxel-mm",
        "8",
        "--months",
        "12,0",
        "--n-jobs",
        "1",
    )
    ended = command("simulate-cohort", tmp_path / "bids", *asked, "--no-segmentations", "--json")
    assert ended.exit_code == 0
    told = json.loads(ended.stdout)
    assert told["people"] == 1
    settings = json.loads((tmp_path / "bids/derivatives/simulation/cohort.json").read_text())
    assert settings["groups"] == [{"name": "healthy", "loss_percent_per_year": 0.5}]
    assert settings["months"] == [0.0, 12.0]
    assert (tmp_path / "bids/sub-001/ses-M000/anat/sub-001_ses-M000_T1w.nii.gz").exists()
    assert not (tmp_path / "bids/derivatives/synthseg-simulated").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--groups", "control"),
        ("--groups", "a:1,a:2"),
        ("--people", "0"),
        ("--missing", "nan"),
        ("--sites", "9"),
        ("--months", "12,24"),
        ("--t1", "lonely.nii.gz"),
    ],
)
def test_options_without_a_meaning_are_refused(command, tmp_path, option, value):
    ended = command("simulate-cohort", tmp_path / "bids", option, value)
    assert ended.exit_code == 2
    assert not (tmp_path / "bids").exists()
