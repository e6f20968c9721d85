from __future__ import annotations

import errno
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from LongitudinalINRLib import files
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_bytes, write_json, write_text
from LongitudinalINRLib.jobs.folder import JobFolder, read_json


def test_a_new_folder_is_readable_by_its_owner_alone(tmp_path):
    folder = JobFolder(tmp_path / "deep" / "job")
    assert folder.create() is True
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert folder.create() is False


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError) as refused:
        JobFolder(tmp_path / "file" / "job").create()
    assert refused.value.code == "output-unwritable"
    assert refused.value.advice


def test_a_failed_write_leaves_the_old_file_and_nothing_else(a_folder, monkeypatch):
    path = a_folder.path / "a.json"
    write_json(path, {"old": True})

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_bytes(path, b"new")
    assert read_json(path) == {"old": True}
    assert sorted(file.name for file in a_folder.path.iterdir()) == ["a.json", "files.json"]


def test_a_damaged_file_of_a_job_is_explained(a_folder):
    write_text(a_folder.fit, "{")
    with pytest.raises(InputError, match=r"fit\.json"):
        read_json(a_folder.fit)
    with pytest.raises(InputError, match=r"model\.json"):
        read_json(a_folder.model_description)


def test_the_state_tells_a_job_that_was_left_half_done(a_folder):
    assert a_folder.state == "empty"
    write_text(a_folder.request, "{}")
    assert a_folder.state == "unfinished"
    with a_folder.working():
        assert a_folder.state == "running"
    assert a_folder.state == "unfinished"
    write_json(a_folder.results, {})
    assert a_folder.state == "finished"


def test_one_worker_at_a_time(a_folder):
    with a_folder.working(), pytest.raises(InputError) as refused, a_folder.working():
        pass
    assert refused.value.code == "already-running"


def test_a_killed_worker_lets_its_folder_go(a_folder):
    write_text(a_folder.request, "{}")
    code = (
        "import sys, time; from LongitudinalINRLib.jobs.folder import JobFolder\n"
        "with JobFolder(sys.argv[1]).working():\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, a_folder.path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert a_folder.state == "running"
        holder.kill()
    assert a_folder.state == "unfinished"


def test_what_a_killed_worker_was_writing_is_removed(a_folder):
    a_folder.maps.mkdir()
    a_map = a_folder.maps / "rate_012.0mo.nii.gz"
    a_folder.manifest.claim([a_map, a_folder.fit])
    for path in (a_map, a_folder.fit, a_folder.path / "somebodys.txt"):
        path.with_name(f"{files.PART}0123456789ab-{path.name}").write_text("half")
    with a_folder.working():
        assert [file.name for file in a_folder.maps.iterdir()] == []
        left = sorted(file.name for file in a_folder.path.iterdir())
        assert left == [f"{files.PART}0123456789ab-somebodys.txt", "files.json", "maps", "worker.lock"]


def test_cancel_is_a_file(a_folder):
    assert not a_folder.cancel_requested()
    a_folder.request_cancel()
    assert a_folder.cancel_requested()
    a_folder.clear_cancel()
    a_folder.clear_cancel()
    assert not a_folder.cancel_requested()


def test_paths_of_a_request_are_absolute_or_relative_to_the_folder(a_folder):
    assert a_folder.resolve("inputs/scan-0.nii.gz") == a_folder.inputs / "scan-0.nii.gz"
    assert a_folder.resolve("/data/t0.nii.gz") == Path("/data/t0.nii.gz")


def test_discarding_a_job_leaves_the_files_of_others(a_folder):
    a_folder.inputs.mkdir()
    a_folder.maps.mkdir()
    foreign = [a_folder.path / "notes.txt", a_folder.regions, a_folder.inputs / "scan-0.nii.gz"]
    for path in foreign:
        path.write_text("mine")
    for path in (a_folder.request, a_folder.identity, a_folder.fit, a_folder.checkpoint):
        a_folder.manifest.write_bytes(path, b"{}")
    a_folder.log.write_text("")
    a_folder.discard()
    assert sorted(path for path in a_folder.path.rglob("*") if path.is_file()) == sorted(foreign)
