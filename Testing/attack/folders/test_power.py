"""Killed or without power at any moment: the same command goes on to a result that is whole and the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import PART
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import damaged
from LongitudinalINRLib.jobs.worker import perform

sys.path.insert(0, str(Path(__file__).parents[2]))
from attack.folders.recorded_disk import RecordedDisk, Tree, laid_out

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the record reads /proc")

WITH_TIMES = ("fit.json", "results.json", "files.json", "worker.log", "worker.lock", "alignment.json")
"""Files that hold how long something took, or the hash of one that does."""

IN_THE_USUAL_RUN = 10


@pytest.fixture(scope="module")
def recorded(tiny_subject, tmp_path_factory) -> tuple[list[tuple[str, Tree]], Tree]:
    """Record a job with copies of its scans, as the panel makes it; return the moments and the result."""
    disk = RecordedDisk(tmp_path_factory.mktemp("recorded") / "job")
    with disk.recording():
        folder = JobFolder(disk.root)
        folder.create()
        assert begin(folder, tiny_subject) == 0
    return disk.distinct(), results_of(folder)


def begin(folder: JobFolder, subject) -> int:
    folder.manifest.write_bytes(folder.request, subject.request().to_json().encode())
    return perform(folder, lambda event: None, lambda: False, checkpoint_seconds=0.0)


def results_of(folder: JobFolder) -> Tree:
    return {
        path.relative_to(folder.path).as_posix(): path.read_bytes()
        for path in folder.path.rglob("*")
        if path.is_file() and path.name not in WITH_TIMES
    }


def check(tree: Tree, result: Tree, folder: JobFolder, subject) -> None:
    laid_out(tree, folder.path)
    check_goes_on(folder, result, subject)


def check_goes_on(folder: JobFolder, result: Tree, subject) -> None:
    """Go on with what is there, as a person would: resume, or the fit again where nothing was begun."""
    folder.create()
    told = []
    code = perform(folder, told.append, lambda: False) if folder.request.exists() else begin(folder, subject)
    assert code == 0, told[-1]
    assert results_of(folder) == result
    assert damaged(folder) == []
    assert not list(folder.path.rglob(f"{PART}*"))


def test_a_job_interrupted_at_some_moments_goes_on_to_the_same_result(recorded, tiny_subject, tmp_path):
    moments, result = recorded
    assert len(moments) > 100
    for number, (_, tree) in enumerate(moments[:: len(moments) // IN_THE_USUAL_RUN]):
        check(tree, result, JobFolder(tmp_path / str(number)), tiny_subject)


@pytest.mark.attack
@pytest.mark.timeout(3600)
def test_a_job_interrupted_at_any_moment_goes_on_to_the_same_result(recorded, tiny_subject, tmp_path):
    moments, result = recorded
    failed = []
    for number, (what, tree) in enumerate(moments):
        try:
            check(tree, result, JobFolder(tmp_path / str(number)), tiny_subject)
        except (AssertionError, InputError) as error:
            failed.append((what, str(error)[:500]))
    assert failed == []
