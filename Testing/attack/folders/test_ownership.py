"""What a person has in a folder is never removed, replaced or written to."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from LongitudinalINRLib.cli.app import app
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request, ScanEntry
from LongitudinalINRLib.jobs.worker import perform
from LongitudinalINRLib.ownership import MANIFEST


def hashes(*folders: Path) -> dict[Path, str]:
    """Return the content of every file, what a link leads to, by its path."""
    found = {}
    for path in (path for folder in folders for path in folder.rglob("*")):
        if path.is_symlink():
            found[path] = f"link to {os.readlink(path)}"
        elif path.is_file():
            found[path] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def fit(subject, output: Path, **changes: str) -> tuple[int, str]:
    """Run the command; by default it gets the tiny subject's files."""
    baseline = changes.get("baseline", str(subject.baseline))
    arguments = ["fit", "--baseline", baseline, "--output", str(output), "--align", "none", "--device", "cpu"]
    if "follow_up" in changes:
        arguments += ["--follow-up", changes["follow_up"]]
    else:
        for months, path in subject.follow_ups.items():
            arguments += ["--follow-up", f"{months:g}:{path}"]
    for option in ("labels", "mask"):
        if option in changes:
            arguments += [f"--{option}", changes[option]]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return result.exit_code, result.output


@pytest.fixture(autouse=True)
def tiny_presets(monkeypatch, tiny_subject):
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.preset", lambda name: tiny_subject.usual.config)
    monkeypatch.setattr(
        "LongitudinalINRLib.jobs.stages.report.write_report",
        lambda content, path, place, pictures=None: None if path.exists() else path.write_text(""),
    )


def scans_in(folder: Path, subject) -> Path:
    folder.mkdir(parents=True)
    shutil.copy(subject.baseline, folder / "t0.nii.gz")
    shutil.copy(subject.follow_ups[12.0], folder / "t12.nii.gz")
    return folder


def test_scans_in_a_folder_called_inputs_of_the_output_survive_a_refused_fit(tiny_subject, tmp_path):
    scans = scans_in(tmp_path / "s" / "inputs", tiny_subject)
    before = hashes(tmp_path)
    same = f"12:{scans / 't0.nii.gz'}"
    code, said = fit(tiny_subject, tmp_path / "s", baseline=str(scans / "t0.nii.gz"), follow_up=same)
    assert code == 2, said
    assert hashes(tmp_path) == before


IN_OUTPUT: dict[str, Callable[[Path], dict[str, str]]] = {
    "baseline": lambda folder: {"baseline": str(folder / "t0.nii.gz")},
    "follow-up": lambda folder: {"follow_up": f"12:{folder / 't12.nii.gz'}"},
    "mask": lambda folder: {"mask": str(folder / "t0.nii.gz")},
    "labels": lambda folder: {"labels": str(folder / "t0.nii.gz")},
    "a folder of scans": lambda folder: {"baseline": str(folder)},
}


@pytest.mark.parametrize("what", IN_OUTPUT)
@pytest.mark.parametrize("place", ["", "inputs", "maps", "deep/er"])
def test_an_input_inside_the_output_folder_is_refused(what, place, tiny_subject, tmp_path):
    output = tmp_path / "out"
    folder = scans_in(output / place, tiny_subject)
    before = hashes(tmp_path)
    code, said = fit(tiny_subject, output, **IN_OUTPUT[what](folder))
    assert (code, "lie in each other" in said) == (2, True), said
    assert hashes(tmp_path) == before


def test_an_input_inside_the_output_through_a_link_is_refused(tiny_subject, tmp_path):
    scans = scans_in(tmp_path / "out", tiny_subject)
    (tmp_path / "elsewhere").symlink_to(scans)
    before = hashes(tmp_path)
    code, said = fit(tiny_subject, tmp_path / "out", baseline=str(tmp_path / "elsewhere" / "t0.nii.gz"))
    assert (code, "lie in each other" in said) == (2, True), said
    assert hashes(tmp_path) == before


def test_an_output_inside_a_folder_of_dicom_files_is_refused(tiny_subject, tmp_path):
    scans = scans_in(tmp_path / "dicom", tiny_subject)
    before = hashes(tmp_path)
    code, said = fit(tiny_subject, scans / "result", baseline=str(scans))
    assert (code, "lie in each other" in said) == (2, True), said
    assert hashes(tmp_path) == before
    assert not (scans / "result").exists()


FOREIGN = (
    "notes.txt",
    "maps/jacobian_012.0mo.nii.gz",
    "mask.nii.gz",
    "valid.nii.gz",
    "report.html",
    "regions.csv",
    "trajectories.csv",
    "model.json",
    "model.safetensors",
    "fit.json",
    "results.json",
    "inputs.json",
    "alignment.json",
    "checkpoint.safetensors",
    "inputs/scan-0.nii.gz",
    "worker.log",
    "worker.lock",
    "cancel",
    ".hidden",
    ".writing-0123456789ab-mask.nii.gz",
)


@pytest.mark.parametrize("name", FOREIGN)
def test_an_output_folder_with_somebody_elses_file_is_refused(name, tiny_subject, tmp_path):
    path = tmp_path / "out" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"the only copy")
    before = hashes(tmp_path)
    code, said = fit(tiny_subject, tmp_path / "out")
    assert (code, "this program did not write" in said) == (2, True), said
    assert hashes(tmp_path) == before


def test_an_output_that_is_a_link_to_a_folder_of_scans_is_refused(tiny_subject, tmp_path):
    scans = scans_in(tmp_path / "scans", tiny_subject)
    (tmp_path / "out").symlink_to(scans)
    before = hashes(tmp_path)
    code, said = fit(tiny_subject, tmp_path / "out")
    assert code == 2, said
    assert hashes(tmp_path) == before


def do(folder: JobFolder, request: Request | None = None) -> tuple[int, list[str]]:
    """Do a job as the command line does, and return its exit code and its words."""
    folder.create()
    events = []
    code = perform(folder, events.append, lambda: False, request=request)
    return code, [event.message for event in events if hasattr(event, "message")]


@pytest.mark.parametrize("name", ["notes.txt", "maps/mine.nii.gz", "inputs/scan-9.nii.gz", "report.html.bak"])
def test_a_file_put_into_a_result_later_survives_everything(name, a_done_job, tiny_subject):
    path = a_done_job.path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"mine")
    assert do(a_done_job) == (0, [])
    new = tiny_subject.request(follow_ups=(ScanEntry(str(tiny_subject.follow_ups[24.0]), 24.0),))
    assert do(a_done_job, new)[0] == 0
    a_done_job.discard()
    assert list(hashes(a_done_job.path)) == [path]
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["regions.csv", "mask.nii.gz", "maps/jacobian_012.0mo.nii.gz", "fit.json"])
def test_a_result_that_somebody_changed_is_kept_under_another_name(name, a_done_job, tiny_subject):
    path = a_done_job.path / name
    usual = path.read_bytes()
    path.write_bytes(b"edited")
    code, said = do(a_done_job)
    assert code == 0, said
    assert any(name in words for words in said)
    assert path.with_name(f"{path.name}.kept-1").read_bytes() == b"edited"
    if name != "fit.json":  # which holds how long the fit took
        assert path.read_bytes() == usual
    assert do(a_done_job) == (0, [])


@pytest.mark.parametrize("name", ["regions.csv", "maps/jacobian_006.0mo.nii.gz", "report.html"])
def test_a_name_that_somebody_took_meanwhile_is_told_before_anything_is_removed(
    name, a_done_job, tiny_subject
):
    path = a_done_job.path / name
    if name == "regions.csv":
        a_done_job.manifest.remove([path])
    path.write_bytes(b"mine")
    before = {p: h for p, h in hashes(a_done_job.path).items() if p.name not in (MANIFEST, "worker.log")}
    outputs = tiny_subject.usual.outputs
    new = tiny_subject.request(outputs=type(outputs)((0.0, 6.0, 12.0), ("jacobian",), report=True))
    code, said = do(a_done_job, new)
    assert (code, f"{path.name} in done was not written by this program." in said) == (2, True), said
    after = {p: h for p, h in hashes(a_done_job.path).items() if p.name not in (MANIFEST, "worker.log")}
    assert after == before


@pytest.mark.parametrize(
    "name", ["maps", "worker.log", "worker.lock", "regions.csv", "model.json", "mask.nii.gz"]
)
def test_a_link_in_a_job_folder_is_never_followed(name, tiny_subject, tmp_path):
    folder = JobFolder(tmp_path / "job")
    folder.create()
    folder.manifest.write_bytes(folder.request, tiny_subject.request().to_json().encode())
    away = tmp_path / "away"
    if name == "maps":
        away.mkdir()
        (away / "jacobian_012.0mo.nii.gz").write_bytes(b"the only copy")
    else:
        away.write_bytes(b"the only copy")
    (folder.path / name).symlink_to(away)
    before = hashes(tmp_path)
    result = CliRunner().invoke(app, ["resume", str(folder.path)], catch_exceptions=False)
    assert result.exit_code == 2, result.output
    after = hashes(tmp_path)
    assert {path: after.get(path) for path in before if path.name != MANIFEST} == {
        path: found for path, found in before.items() if path.name != MANIFEST
    }
    assert not (away.is_dir() and len(list(away.iterdir())) > 1)


def test_a_fit_that_comes_second_leaves_the_first_ones_files(tiny_subject, tmp_path):
    folder = JobFolder(tmp_path / "out")
    folder.create()
    with folder.working():
        code, said = fit(tiny_subject, folder.path)
        assert (code, "Another worker" in said) == (2, True), said
        assert folder.request.exists()
        assert folder.manifest.exists


def test_going_on_with_a_job_that_another_worker_is_at_does_not_take_its_cancel_back(a_done_job):
    with a_done_job.working():
        a_done_job.request_cancel()
        result = CliRunner().invoke(app, ["resume", str(a_done_job.path)], catch_exceptions=False)
        assert result.exit_code == 2
        assert a_done_job.cancel_requested()


def test_a_folder_that_was_empty_has_its_rights_again_after_a_refused_fit(tiny_subject, tmp_path):
    (tmp_path / "out").mkdir(mode=0o755)
    code, _ = fit(tiny_subject, tmp_path / "out", follow_up=f"12:{tiny_subject.baseline}")
    assert code == 2
    assert list((tmp_path / "out").iterdir()) == []
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


def test_a_lock_in_a_folder_that_may_only_be_read_is_nobodys(tmp_path, monkeypatch):
    from LongitudinalINRLib import lock

    def denied(*_arguments):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "worker.lock").touch()
    monkeypatch.setattr(lock.os, "open", denied)
    assert not lock.held(tmp_path / "worker.lock")
