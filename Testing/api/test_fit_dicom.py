"""From folders that an archive exported to a fit, by one call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

import LongitudinalINRLib as li
from LongitudinalINRLib.cli.app import app
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.jobs.folder import read_json
from LongitudinalINRLib.jobs.request import Request

FITTING = "LongitudinalINRLib.api.fitting"
OTHER = {tags.PATIENT_ID: ("LO", "4712"), tags.PATIENT_NAME: ("PN", "Musterfrau^Eva")}


@pytest.fixture
def given(tiny_subject, monkeypatch, tmp_path):
    """Arguments of a fit that takes a moment."""
    monkeypatch.setattr(f"{FITTING}.settings_of", lambda _: tiny_subject.usual.config)
    settings = {"align": "none", "device": "cpu", "report": False, "progress": False}
    return {**settings, "output": tmp_path / "result"}


@pytest.fixture
def request_of(given, monkeypatch):
    """Return a function that gives the request of a call, without the fit."""

    def of(*arguments, **options):
        seen = []
        with monkeypatch.context() as patch:
            patch.setattr(f"{FITTING}.run", lambda folder, *_: seen.append(folder.request))
            patch.setattr(f"{FITTING}.open_result", lambda _: None)
            li.fit(*arguments, **{**given, **options})
        return Request.from_json(seen[0].read_text())

    return of


def test_folders_of_several_series_and_their_dates_ask_the_same_as_on_the_command_line(
    given, visit, monkeypatch, tmp_path
):
    first, second = visit(0, "20200102"), visit(12, "20210104")
    result = li.fit([first, second], **given)
    assert result.months == (0.0, 12.09)
    assert result.request.regions == "atlas"
    assert read_json(tmp_path / "result" / "labels.json")["approximate"]
    asked = []
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.run_new", lambda _, request, __: asked.append(request))
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.print_summary", lambda folder: None)
    typed = ["--baseline", first, "--follow-up", second, "--align", "none", "--device", "cpu"]
    run = CliRunner().invoke(app, ["fit", *map(str, typed), "--output", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    (line,) = asked
    here = result.request
    assert here == replace(line, config=here.config, outputs=replace(line.outputs, report=False))
    assert [text.split(":")[0] for text in line.notes] == ["scan-0", "scan-1"]


def test_dates_are_left_out_and_months_given_where_that_is_asked(request_of, visit):
    scans = [f"{visit(0, '20200102')}#5", visit(12, "20210104")]
    request = request_of(scans, [0, 12], keep_dates=False, regions="none")
    assert (request.baseline_date, request.follow_ups[0].date, request.regions) == (None, None, "none")
    assert (request.months, request.follow_ups[0].months_from) == ((0.0, 12.0), "given")


def test_labels_take_the_place_of_an_atlas(request_of, tiny_subject):
    scans = [tiny_subject.baseline, tiny_subject.follow_ups[12.0]]
    request = request_of(scans, [0, 12], labels=tiny_subject.labels)
    assert (request.labels, request.regions) == (str(tiny_subject.labels), "none")


def test_another_persons_scan_is_refused_unless_it_is_said_to_be_the_same(given, request_of, visit, tmp_path):
    scans = [visit(0, "20200102"), visit(12, "20210104", OTHER)]
    with pytest.raises(li.InputError) as caught:
        li.fit(scans, **given, regions="none")
    assert "same_person=True" in caught.value.advice
    assert not (tmp_path / "result").exists()
    assert request_of(scans, same_person=True).same_person


def test_without_months_and_dates_what_is_missing_is_said(given, tiny_subject, tmp_path):
    with pytest.raises(li.InputError) as caught:
        li.fit([tiny_subject.baseline, tiny_subject.follow_ups[12.0]], **given)
    assert caught.value.code == "dates-missing"
    assert "months=" in caught.value.advice
    assert not (tmp_path / "result").exists()


def test_far_maps_are_made_only_when_that_is_asked(given, request_of, tiny_subject, tmp_path):
    scans = [tiny_subject.baseline, tiny_subject.follow_ups[12.0]]
    asked = {**given, "months": [0, 12], "maps_at_months": [0, 12, 25], "regions": "none"}
    with pytest.raises(li.InputError) as caught:
        li.fit(scans, **asked)
    assert "allow_far=True" in caught.value.advice
    assert not (tmp_path / "result").exists()
    assert request_of(scans, **asked, allow_far=True).map_months == (0.0, 12.0, 25.0)
