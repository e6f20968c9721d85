from __future__ import annotations

import csv
import json
import shutil

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs.folder import JobFolder, read_json
from LongitudinalINRLib.jobs.integrity import damaged


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("jacobian", 24),
        ("log-jacobian", 18),
        ("rate", 7.25),
        ("warped", 24),
        ("aligned", 12),
        ("predicted", 30),
    ],
)
def test_predict_writes_any_map_at_any_month(command, a_result, tiny_subject, tmp_path, name, months):
    output = tmp_path / "map.nii.gz"
    result = command("predict", a_result, "--months", months, "--map", name, "--output", output)
    assert result.exit_code == 0, result.output
    image = nib.load(output)
    assert image.get_data_dtype() == np.float32
    assert image.shape == tiny_subject.grid.shape
    np.testing.assert_allclose(image.affine, tiny_subject.grid.affine, atol=1e-5)
    values = image.get_fdata()[tiny_subject.grid.array]
    assert np.isfinite(values).all()
    assert values.std() > 0
    kind = {7.25: "interpolated", 18: "interpolated", 30: "extrapolated"}.get(months, "observed")
    assert f"({kind})" in result.output


@pytest.mark.parametrize("question", ["predict", "regions"])
def test_months_far_beyond_the_last_scan_are_answered_only_when_that_is_asked_for(
    command, a_result, tiny_subject, tmp_path, question
):
    kinds = {"predict": ["--map", "jacobian"], "regions": ["--labels", tiny_subject.labels]}
    output = tmp_path / {"predict": "map.nii.gz", "regions": "regions.csv"}[question]
    asked = [question, a_result, "--months", 49, *kinds[question], "--output", output]
    refused = command(*asked)
    assert refused.exit_code == 2
    assert "Month 49 lies farther beyond the last scan than the scans span." in refused.output
    assert not output.exists()
    allowed = command(*asked, "--allow-far")
    assert allowed.exit_code == 0, allowed.output
    assert "Month 49 lies more than half the observed time beyond the last scan" in allowed.output
    assert output.exists()


def test_predict_and_fit_write_the_same_map(command, a_result, tmp_path):
    output = tmp_path / "map.nii"
    assert (
        command("predict", a_result, "--months", 18, "--map", "jacobian", "--output", output).exit_code == 0
    )
    of_fit = nib.load(a_result / "maps" / "jacobian_018.0mo.nii.gz").get_fdata()
    np.testing.assert_array_equal(nib.load(output).get_fdata(), of_fit)


def test_the_log_is_that_of_the_jacobian_and_the_displacement_has_it_as_its_determinant(
    command, a_result, tmp_path
):
    step_mm = 0.1
    fine = nib.Nifti1Image(np.zeros((9, 9, 9), np.float32), np.diag([step_mm, step_mm, step_mm, 1.0]))
    fine.set_sform(fine.affine, 1)
    nib.save(fine, tmp_path / "fine.nii.gz")
    maps = {}
    for name in ("jacobian", "log-jacobian", "displacement"):
        file = tmp_path / f"{name}.nii.gz"
        common = ["--months", 24, "--like", tmp_path / "fine.nii.gz", "--output", file]
        assert command("predict", a_result, "--map", name, *common).exit_code == 0
        maps[name] = nib.load(file).get_fdata()
    np.testing.assert_allclose(np.exp(maps["log-jacobian"]), maps["jacobian"], atol=1e-6)
    u_mm = maps["displacement"][..., 0, :]
    gradient = np.stack([np.stack(np.gradient(u_mm[..., c], step_mm), axis=-1) for c in range(3)], axis=-2)
    by_differences = np.linalg.det(np.eye(3) + gradient)
    inner = (slice(1, -1),) * 3
    np.testing.assert_allclose(by_differences[inner], maps["jacobian"][inner], atol=1e-3)


def test_predict_takes_the_grid_of_another_image(command, a_result, tiny_subject, tmp_path):
    """Every second voxel of the baseline's grid, stored with its first axis reversed."""
    array = np.zeros((10, 11, 9), np.float32)
    affine = tiny_subject.grid.affine @ np.array([[-2, 0, 0, 18], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1.0]])
    like = nib.Nifti1Image(array, affine)
    like.set_sform(affine, 1)
    nib.save(like, tmp_path / "like.nii.gz")
    output = tmp_path / "map.nii.gz"
    arguments = ["--months", 18, "--map", "jacobian", "--like", tmp_path / "like.nii.gz", "--output", output]
    assert command("predict", a_result, *arguments).exit_code == 0
    np.testing.assert_allclose(nib.load(output).affine, affine, atol=1e-5)
    of_fit = nib.load(a_result / "maps" / "jacobian_018.0mo.nii.gz").get_fdata()
    np.testing.assert_allclose(nib.load(output).get_fdata(), of_fit[::2, ::2, ::2][::-1], atol=2e-5)


def test_a_warped_month_without_a_scan_is_refused_and_predicted_is_named(command, a_result, tmp_path):
    output = tmp_path / "map.nii.gz"
    result = command("predict", a_result, "--months", 18, "--map", "warped", "--output", output)
    assert result.exit_code == 2
    assert "predicted" in result.stderr
    assert "12, 24" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("months", ["-3", "nan", "inf", "1201"])
def test_a_month_that_is_not_possible_is_refused(command, a_result, tmp_path, months):
    arguments = ["--months", months, "--map", "jacobian", "--output", tmp_path / "map.nii.gz"]
    result = command("predict", a_result, *arguments)
    assert result.exit_code == 2
    assert "What to do:" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_without_a_known_ending_is_refused(command, a_result, tmp_path):
    result = command("predict", a_result, "--months", 3, "--map", "rate", "--output", tmp_path / "map.png")
    assert result.exit_code == 2
    assert ".nii.gz" in result.stderr


def test_a_scan_that_is_gone_is_explained_and_other_maps_still_work(
    command, tiny_subject, a_result, tmp_path
):
    folder = JobFolder(tmp_path / "moved")
    shutil.copytree(a_result, folder.path)
    request = {**read_json(folder.request), "baseline": str(tmp_path / "gone.nii.gz")}
    folder.manifest.write_bytes(folder.request, json.dumps(request).encode())
    common = [folder.path, "--months", 24, "--output", tmp_path / "map.nii.gz", "--map"]
    result = command("predict", *common, "predicted")
    assert result.exit_code == 2
    assert "gone.nii.gz" in result.stderr
    assert command("predict", *common, "jacobian").exit_code == 0


def test_regions_of_another_segmentation_at_any_months(command, a_result, tiny_subject, tmp_path):
    output = tmp_path / "regions.csv"
    labels = tiny_subject.labels
    result = command("regions", a_result, "--labels", labels, "--months", "6,24,48", "--output", output)
    assert result.exit_code == 0, result.output
    with output.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["label"], float(row["months"]), row["kind"]) for row in rows] == [
        (label, months, kind)
        for months, kind in ((6.0, "interpolated"), (24.0, "observed"), (48.0, "extrapolated"))
        for label in ("0", "17", "53")
    ]
    of_fit = {}
    with (a_result / "regions.csv").open(newline="") as file:
        of_fit = {(row["label"], row["months"]): row for row in csv.DictReader(file)}
    at_24 = next(row for row in rows if row["label"] == "17" and row["months"] == "24")
    expected = float(of_fit["17", "24"]["mean_jacobian"])
    assert float(at_24["mean_jacobian"]) == pytest.approx(expected, abs=1e-6)


def test_regions_on_another_grid_are_refused(command, a_result, tmp_path):
    small = nib.Nifti1Image(np.ones((5, 5, 5), np.int16), np.eye(4))
    small.set_sform(np.eye(4), 1)
    nib.save(small, tmp_path / "small.nii.gz")
    output = tmp_path / "regions.csv"
    result = command("regions", a_result, "--labels", tmp_path / "small.nii.gz", "--output", output)
    assert result.exit_code == 2
    assert "What to do:" in result.stderr
    assert not output.exists()


def test_report_is_written_again(command, a_result, tmp_path):
    folder = JobFolder(tmp_path / "copy")
    shutil.copytree(a_result, folder.path)
    assert not folder.report.exists()
    result = command("report", folder.path)
    assert result.exit_code == 0, result.output
    assert folder.report.exists()
    assert str(folder.report) in result.output


def test_report_is_written_as_pdf_too_and_belongs_to_the_result(command, a_result, tmp_path):
    folder = JobFolder(tmp_path / "copy")
    shutil.copytree(a_result, folder.path)
    result = command("report", folder.path, "--pdf", "--study-code", "S-01")
    assert result.exit_code == 0, result.output
    assert folder.report_pdf.read_bytes().startswith(b"%PDF")
    assert folder.report.read_text(encoding="utf-8") == "S-01"
    assert "report.pdf" not in damaged(folder)
    folder.report_pdf.write_bytes(b"changed")
    assert "report.pdf" in damaged(folder)


@pytest.mark.parametrize("code", ["x" * 41, "line\nbreak"])
def test_a_study_code_that_cannot_be_printed_is_refused(command, a_result, code):
    result = command("report", a_result, "--study-code", code)
    assert result.exit_code == 2
    assert "study code" in result.stderr


def test_info_tells_what_a_folder_holds(command, a_result):
    result = command("info", a_result)
    assert result.exit_code == 0
    for text in ("finished", "scan-0", "scan-2", "preview", "hard identity", "seed 0", "24"):
        assert text in result.output
    reason = "no header names the scanner of scan-0, scan-1, scan-2"
    assert f"90 % intervals: scanner unknown ({reason})" in result.output
    content = json.loads(command("info", a_result, "--json").stdout)
    assert content["state"] == "finished"
    assert [scan["months"] for scan in content["scans"]] == [0.0, 12.0, 24.0]
    assert content["config"]["similarity"] == "log-ncc"
    assert content["scanner"] == {"intervals": "scanner unknown", "reason": reason}
    assert "maps/jacobian_018.0mo.nii.gz" in content["results"]["maps"]


def test_info_of_a_damaged_request_says_so_and_what_else_is_known(command, a_result, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(a_result, folder)
    request = folder / "request.json"
    request.write_bytes(request.read_bytes()[:-2] + b"]")
    result = command("info", folder)
    assert result.exit_code == 0
    assert "Damaged: request.json" in result.stdout
    assert "90 % intervals: not known (request.json is damaged)" in result.stdout


def test_info_of_a_fit_that_was_interrupted_says_how_to_go_on(command, tiny_subject, tmp_path):
    folder = JobFolder(tmp_path / "out")
    folder.create()
    write_text(folder.request, tiny_subject.request().to_json())
    result = command("info", folder.path)
    assert result.exit_code == 0
    assert "unfinished" in result.output
    assert "resume" in result.output


@pytest.mark.parametrize("question", ["info", "report"])
def test_a_folder_without_a_job_is_refused(command, tmp_path, question):
    for folder in (tmp_path, tmp_path / "none"):
        result = command(question, folder)
        assert result.exit_code == 2
        assert "What to do:" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_model_is_explained(command, a_result, tmp_path):
    folder = JobFolder(tmp_path / "copy")
    shutil.copytree(a_result, folder.path)
    folder.model_weights.write_bytes(folder.model_weights.read_bytes()[:100])
    arguments = ["--months", 3, "--map", "rate", "--output", tmp_path / "map.nii.gz"]
    result = command("predict", folder.path, *arguments)
    assert result.exit_code == 2
    assert "model.safetensors" in result.stderr


def test_a_defect_says_where_its_details_are(command, a_result, tmp_path, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("LongitudinalINRLib.jobs.prediction.predict", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    arguments = ["--months", 3, "--map", "rate", "--output", tmp_path / "map.nii.gz"]
    result = command("predict", a_result, *arguments)
    assert result.exit_code == 1
    (log,) = tmp_path.rglob("*.log")
    assert str(log) in result.stderr
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "question",
    [
        ["report"],
        ["predict", "--months", "24", "--map", "warped", "--output", "warped.nii.gz"],
        ["predict", "--months", "24", "--map", "predicted", "--output", "predicted.nii.gz"],
    ],
)
def test_a_scan_that_was_replaced_after_the_fit_is_not_used(
    command, tiny_subject, tmp_path, monkeypatch, question
):
    scans = tmp_path / "scans"
    shutil.copytree(tiny_subject.folder, scans)
    text = tiny_subject.request().to_json().replace(str(tiny_subject.folder), str(scans))
    folder = JobFolder(tmp_path / "job")
    folder.create()
    folder.manifest.write_bytes(folder.request, text.encode())
    assert command("resume", folder.path).exit_code == 0
    monkeypatch.chdir(tmp_path)
    for months in ("00", "24"):
        shutil.copy(scans / "t12.nii.gz", scans / f"t{months}.nii.gz")
    name, *options = question
    refused = command(name, folder.path, *options)
    assert refused.exit_code == 2
    assert "changed after it was first looked at" in refused.output
    assert not list(tmp_path.glob("*.nii.gz"))
