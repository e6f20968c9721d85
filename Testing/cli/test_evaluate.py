from __future__ import annotations

import json

import nibabel as nib
import numpy as np
import pytest

MEASURES = [
    "months",
    "kind",
    "rmse_log_jacobian",
    "correlation",
    "region_error_points",
    "folded_voxels",
    "dice",
]


@pytest.fixture(scope="session")
def a_simulation(tiny_subject, tmp_path_factory):
    """Simulate follow-ups of the tiny subject by the command itself, and fit two of them."""
    from typer.testing import CliRunner

    from LongitudinalINRLib.cli.app import app
    from LongitudinalINRLib.files import write_text
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRLib.jobs.request import ScanEntry
    from LongitudinalINRLib.jobs.worker import perform

    folder = tmp_path_factory.mktemp("simulated") / "subject"
    arguments = ["--t1", tiny_subject.baseline, "--labels", tiny_subject.labels, "--months", "0,12,24,36"]
    done = CliRunner().invoke(app, ["simulate", *map(str, arguments), "--output", str(folder), "--seed", "3"])
    assert done.exit_code == 0, done.output
    job = JobFolder(folder.parent / "result")
    job.create()
    request = tiny_subject.request(
        baseline=str(folder / "t000.0mo.nii.gz"),
        follow_ups=tuple(ScanEntry(str(folder / f"t{m:03d}.0mo.nii.gz"), float(m)) for m in (12, 36)),
        labels=str(folder / "labels_000.0mo.nii.gz"),
    )
    write_text(job.request, request.to_json())
    assert perform(job, lambda event: None, lambda: False) == 0
    return folder, job.path


def test_simulate_writes_scans_segmentations_and_truth(a_simulation):
    folder, _ = a_simulation
    for months in ("000.0", "012.0", "024.0", "036.0"):
        for name in (
            f"t{months}mo",
            f"labels_{months}mo",
            f"truth/jacobian_{months}mo",
            f"truth/displacement_{months}mo",
        ):
            assert (folder / f"{name}.nii.gz").exists(), name
    assert json.loads((folder / "simulation.json").read_text(encoding="utf-8"))["months"] == [
        0.0,
        12.0,
        24.0,
        36.0,
    ]


def test_scores_against_the_truth_have_exactly_this_shape(command, a_simulation):
    folder, fitted = a_simulation
    result = command("evaluate", fitted, "--truth", folder, "--json")
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert list(content) == ["times", "seconds"]
    assert content["seconds"] > 0
    assert [list(row) for row in content["times"]] == [MEASURES] * 3
    assert [(row["months"], row["kind"]) for row in content["times"]] == [
        (12.0, "observed"),
        (24.0, "interpolated"),
        (36.0, "observed"),
    ]
    assert all(row["dice"] is None for row in content["times"])


def test_scores_are_those_of_the_voxels_inside_the_mask(command, a_simulation, tmp_path):
    folder, fitted = a_simulation
    content = json.loads(command("evaluate", fitted, "--truth", folder, "--json").stdout)
    found_file = tmp_path / "map.nii.gz"
    command("predict", fitted, "--months", 24, "--map", "jacobian", "--output", found_file)
    inside = nib.load(fitted / "mask.nii.gz").get_fdata() > 0
    found, true = (
        np.log(nib.load(path).get_fdata()[inside])
        for path in (found_file, folder / "truth" / "jacobian_024.0mo.nii.gz")
    )
    row = content["times"][1]
    assert row["rmse_log_jacobian"] == pytest.approx(np.sqrt(np.mean((found - true) ** 2)), rel=1e-5)
    assert row["correlation"] == pytest.approx(np.corrcoef(found, true)[0, 1], rel=1e-4)
    assert row["folded_voxels"] == 0


def test_a_held_out_scan_is_aligned_and_its_labels_are_compared(command, a_simulation, monkeypatch):
    from LongitudinalINRLib.jobs import evaluation

    folder, fitted = a_simulation
    aligned = []
    usual = evaluation.align
    monkeypatch.setattr(evaluation, "align", lambda *given: aligned.append(given) or usual(*given))
    arguments = ["--held-out", f"24:{folder}/t024.0mo.nii.gz"]
    arguments += ["--held-out-labels", f"24:{folder}/labels_024.0mo.nii.gz"]
    content = json.loads(command("evaluate", fitted, *arguments, "--json").stdout)
    (row,) = content["times"]
    assert (row["months"], row["kind"]) == (24.0, "interpolated")
    assert 0.5 < row["dice"] <= 1.0
    assert row["rmse_log_jacobian"] is None
    assert len(aligned) == 1


def test_scores_are_shown_to_people_as_a_table(command, a_simulation):
    folder, fitted = a_simulation
    result = command("evaluate", fitted, "--truth", folder)
    assert result.exit_code == 0
    for text in ("months", "interpolated", "observed", "24"):
        assert text in result.output


def test_without_truth_the_follow_ups_are_told_with_their_folded_voxels(command, a_result):
    content = json.loads(command("evaluate", a_result, "--json").stdout)
    assert [(row["months"], row["folded_voxels"]) for row in content["times"]] == [(12.0, 0), (24.0, 0)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--truth", "nowhere"],
        ["--held-out", "24:nowhere.nii.gz"],
        ["--held-out", "nowhere.nii.gz"],
        ["--held-out-labels", "24:nowhere.nii.gz"],
    ],
)
def test_what_cannot_be_compared_is_refused(command, a_result, arguments):
    result = command("evaluate", a_result, *arguments)
    assert result.exit_code == 2
    assert "What to do:" in result.stderr


@pytest.mark.parametrize("months", ["12,24", "0,-3", "0,x", "0,12,12"])
def test_simulating_impossible_months_is_refused_and_writes_nothing(command, tiny_subject, tmp_path, months):
    arguments = ["--t1", tiny_subject.baseline, "--labels", tiny_subject.labels, "--months", months]
    result = command("simulate", *arguments, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "What to do:" in result.stderr
    assert not (tmp_path / "out").exists()
