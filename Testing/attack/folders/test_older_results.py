"""Results of versions that kept no manifest: they are read with a warning, go on, and are never cleaned."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from LongitudinalINRLib.cli.app import app
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.jobs.worker import perform
from LongitudinalINRLib.ownership import MANIFEST


def do(folder: JobFolder, should_stop=lambda: False) -> tuple[int, list[events.Event]]:
    told: list[events.Event] = []
    return perform(folder, told.append, should_stop, checkpoint_seconds=0.0), told


def made_older(folder: JobFolder) -> None:
    """Take away what older versions did not write."""
    (folder.path / MANIFEST).unlink()
    if folder.results.exists():
        content = json.loads(folder.results.read_text("utf-8"))
        kept = {name: content[name] for name in ("results", "seconds")}
        folder.results.write_text(json.dumps(kept, indent=2), encoding="utf-8")


@pytest.fixture
def an_older_result(a_done_job) -> JobFolder:
    made_older(a_done_job)
    return a_done_job


@pytest.fixture
def an_older_unfinished_job(tiny_subject, tmp_path) -> JobFolder:
    folder = JobFolder(tmp_path / "older")
    folder.create()
    folder.manifest.write_bytes(folder.request, tiny_subject.request().to_json().encode())
    assert do(folder, folder.checkpoint.exists)[0] == 3
    made_older(folder)
    return folder


def content_of(folder: JobFolder) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


def test_a_finished_older_result_answers_questions_as_it_is(an_older_result):
    before = content_of(an_older_result)
    assert open_result(an_older_result.path, "cpu").model.observed_months == (12.0, 24.0)
    assert content_of(an_older_result) == before


def test_a_finished_older_result_is_still_done(an_older_result):
    before = content_of(an_older_result)
    code, told = do(an_older_result)
    assert (code, type(told[-1])) == (0, events.Done)
    assert any("older version" in event.message for event in told if isinstance(event, events.Warning))
    after = content_of(an_older_result)
    assert {path: after.get(path) for path in before} == before


def test_an_older_job_goes_on_from_its_checkpoint_and_loses_nothing(an_older_unfinished_job, a_result):
    folder = an_older_unfinished_job
    before = content_of(folder)
    code, told = do(folder)
    assert code == 0, told[-1]
    contents = list(content_of(folder).values())
    for path, content in before.items():
        assert content in contents or path.name in ("worker.lock", "worker.log"), path
    assert folder.model_weights.read_bytes() == JobFolder(a_result).model_weights.read_bytes()


def test_a_new_fit_does_not_replace_an_older_result(an_older_result, tiny_subject, monkeypatch):
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.preset", lambda name: tiny_subject.usual.config)
    before = content_of(an_older_result)
    arguments = ["fit", "--baseline", str(tiny_subject.baseline), "--output", str(an_older_result.path)]
    result = CliRunner().invoke(app, [*arguments, "--follow-up", f"12:{tiny_subject.follow_ups[12.0]}"])
    assert result.exit_code == 2
    assert "older version" in result.output
    assert content_of(an_older_result) == before


def test_an_older_result_with_a_part_cut_off_is_refused_by_its_reader(an_older_result):
    content = an_older_result.model_weights.read_bytes()
    an_older_result.model_weights.write_bytes(content[: len(content) // 2])
    from LongitudinalINRLib.errors import InputError

    with pytest.raises(InputError, match="model"):
        open_result(an_older_result.path, "cpu")


def test_discarding_an_older_job_removes_nothing(an_older_result):
    before = content_of(an_older_result)
    an_older_result.discard()
    assert content_of(an_older_result) == before
    shutil.rmtree(an_older_result.path)
