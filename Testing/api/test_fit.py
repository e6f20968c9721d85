from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import LongitudinalINRLib as li
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.jobs.folder import JobFolder


@pytest.fixture
def tiny(tiny_subject, monkeypatch):
    """Arguments of a fit that takes a moment."""
    monkeypatch.setattr("LongitudinalINRLib.api.fitting.settings_of", lambda _: tiny_subject.usual.config)
    return {
        "scans": [tiny_subject.baseline, *tiny_subject.follow_ups.values()],
        "months": [0, *tiny_subject.follow_ups],
        "labels": tiny_subject.labels,
        "align": "none",
        "device": "cpu",
        "report": False,
    }


def test_a_fit_has_the_folder_of_every_front_and_is_done_once(tiny, tiny_subject, tmp_path, capsys):
    result = li.fit(**tiny, output=tmp_path / "result")
    folder = JobFolder(tmp_path / "result")
    assert folder.state == "finished"
    assert (result.folder, result.months, result.report) == (folder.path, (0.0, 12.0, 24.0), None)
    assert result.request.config == tiny_subject.usual.config
    assert "Warning:" in capsys.readouterr().out
    written = folder.fit.read_bytes()
    assert li.fit(**tiny, output=tmp_path / "result", progress=False).months == result.months
    assert folder.fit.read_bytes() == written
    assert capsys.readouterr().out == ""


def test_another_fit_in_the_folder_is_replaced_only_when_that_is_asked(tiny, a_done_job):
    given = {**tiny, "output": a_done_job.path, "maps_at_months": [0, 24], "progress": False}
    before = a_done_job.fit.read_bytes()
    with pytest.raises(li.InputError) as caught:
        li.fit(**given)
    assert caught.value.code == "output-other-fit"
    assert a_done_job.fit.read_bytes() == before
    replaced = li.fit(**given, overwrite=True)
    assert set(replaced.regions()["months"]) == {0.0, 24.0}
    text = a_done_job.path.parent / "text.nii.gz"
    text.write_text("no image")
    with pytest.raises(li.InputError):
        li.fit(**{**given, "scans": [given["scans"][0], text], "months": [0, 12]}, overwrite=True)
    assert li.open_result(a_done_job.path).request == replaced.request
    turned = {**given, "scans": given["scans"][::-1]}
    with pytest.raises(li.InputError) as caught:
        li.fit(**turned, overwrite=True)
    assert caught.value.code == "other-subject"
    kept = li.open_result(a_done_job.path)
    assert kept.request == replaced.request
    assert np.isfinite(kept.jacobian(12).get_fdata()).all()


def test_what_cannot_be_used_is_explained_and_leaves_nothing(tiny, tmp_path):
    (tmp_path / "text.nii.gz").write_text("no image")
    scans = [tiny["scans"][0], tmp_path / "text.nii.gz"]
    with pytest.raises(li.InputError) as caught:
        li.fit(**{**tiny, "scans": scans, "months": [0, 12]}, output=tmp_path / "result", progress=False)
    assert caught.value.expected
    assert caught.value.advice
    assert not (tmp_path / "result").exists()


@pytest.mark.parametrize(
    ("scans", "months"),
    [
        (["a", "b"], [0]),
        (["a"], [0]),
        ("ab", [0, 12]),
        (["a", "b"], [6, 12]),
        (["a", "b", "c"], [0, 24, 12]),
        (["a", "b"], [0, float("nan")]),
    ],
)
def test_scans_and_months_that_do_not_go_together_are_refused(tmp_path, scans, months):
    with pytest.raises(li.InputError):
        li.fit(scans, months, tmp_path / "result")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_cancels_the_fit_and_keeps_its_folder(tiny, tiny_subject, tmp_path, monkeypatch):
    slow = replace(tiny_subject.usual.config, steps=100_000)
    monkeypatch.setattr("LongitudinalINRLib.api.fitting.settings_of", lambda _: slow)
    asleep = iter([KeyboardInterrupt])

    def interrupted(_: float) -> None:
        for error in asleep:
            raise error

    monkeypatch.setattr("LongitudinalINRLib.api.running.time.sleep", interrupted)
    with pytest.raises(Cancelled):
        li.fit(**tiny, output=tmp_path / "result", progress=False)
    assert JobFolder(tmp_path / "result").state == "unfinished"
    with pytest.raises(li.InputError, match="no finished fit"):
        li.open_result(tmp_path / "result")
