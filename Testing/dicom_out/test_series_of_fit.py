"""An export of a fit made from DICOM needs no folders, and goes into the latest follow-up's study."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from LongitudinalINRLib.dicom_out.perform import Order, export
from LongitudinalINRLib.dicom_out.series_of_fit import series_for, stated_by_fit
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import ScanEntry
from LongitudinalINRLib.jobs.validation import read_request_file
from LongitudinalINRLib.jobs.worker import perform


@pytest.fixture(scope="module")
def visit(series, tmp_path_factory):
    """Return a folder with two series, and the UID of the follow-up's."""
    folder = tmp_path_factory.mktemp("visit")
    for name in ("follow-up", "moved"):
        for path in series[name].iterdir():
            shutil.copy(path, folder / f"{name}-{path.name}")
    uid = pydicom.dcmread(next(series["follow-up"].iterdir())).SeriesInstanceUID
    return folder, uid


@pytest.fixture(scope="module")
def fitted(tiny_subject, series, visit, tmp_path_factory):
    """Fit a series, a file and one of the series of a folder."""
    follow_ups = (
        ScanEntry(str(tiny_subject.follow_ups[12.0]), 12.0),
        ScanEntry("#".join(map(str, visit)), 24.0),
    )
    request = tiny_subject.request(baseline=str(series["baseline"]), follow_ups=follow_ups)
    folder = JobFolder(tmp_path_factory.mktemp("from-dicom") / "result")
    folder.create()
    folder.manifest.write_bytes(folder.request, request.to_json().encode())
    assert perform(folder, lambda event: None, lambda: False) == 0
    return folder


def found(folder, request=None, baseline=None, follow_ups=()):
    """Return the series of an export, and what was said."""
    said: list[str] = []
    request = request or read_request_file(folder.request)
    return series_for(folder, request, baseline, follow_ups, said.append), said


def follow_up(request, path):
    """Return a request whose last follow-up lies elsewhere."""
    first, last = request.follow_ups
    return replace(request, follow_ups=(first, replace(last, path=str(path))))


def test_without_folders_the_objects_go_into_the_study_of_the_latest_follow_up(fitted, visit, tmp_path):
    said: list[str] = []
    folder, _ = export(Order(fitted.path, None, tmp_path / "objects"), said.append)
    made = pydicom.dcmread(folder.path / "measurements.dcm")
    newest = pydicom.dcmread(next(visit[0].glob("follow-up-*")))
    assert (made.StudyInstanceUID, made.StudyDate) == (newest.StudyInstanceUID, "20220105")
    assert said == []


def test_the_series_are_those_of_the_fit_or_those_that_are_given(fitted, series, visit):
    default, said = found(fitted)
    assert default.baseline == series["baseline"]
    assert default.follow_ups == (Path("#".join(map(str, visit))),)
    given, also_said = found(fitted, baseline=series["moved"], follow_ups=(series["follow-up"],))
    assert (given.baseline, given.follow_ups) == (series["moved"], (series["follow-up"],))
    assert said == also_said == []


def test_a_latest_follow_up_that_is_gone_is_told_with_the_study_that_is_taken(fitted, tmp_path):
    gone = follow_up(read_request_file(fitted.request), tmp_path / "gone")
    series, said = found(fitted, gone)
    assert series.follow_ups == ()
    assert said == [
        "The latest follow-up, scan-2, is not a DICOM series, or is gone: the objects go into another study, "
        "that of the baseline."
    ]


def test_an_earlier_follow_ups_study_comes_before_the_baselines(fitted, series, tmp_path):
    request = follow_up(read_request_file(fitted.request), tmp_path / "gone")
    first, last = request.follow_ups
    in_dicom = replace(first, path=str(series["follow-up"]))
    unknown = JobFolder(tmp_path)  # without the hashes of what was fitted
    left, said = found(unknown, replace(request, follow_ups=(in_dicom, last)))
    assert left.follow_ups == (series["follow-up"],)
    assert said[0].endswith("into another study, that of scan-1.")


def test_a_folder_that_holds_another_series_now_is_not_taken(fitted, series):
    other = follow_up(read_request_file(fitted.request), series["of another"])
    left, said = found(fitted, other)
    assert left.follow_ups == ()
    assert "scan-2, is not the series any more that was fitted" in said[0]


def test_a_fit_of_files_needs_the_series_of_its_baseline(exported, tmp_path):
    with pytest.raises(InputError) as caught:
        export(replace(exported.order, baseline=None, output=tmp_path / "new"))
    assert caught.value.code == "dicom-baseline-unknown"
    assert "--baseline-dicom" in caught.value.advice
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("recorded", "counts"), [(True, True), (False, False), (None, False)])
def test_what_was_stated_for_the_fit_counts_but_not_the_silence_of_an_older_one(
    fitted, tmp_path, recorded, counts
):
    folder = JobFolder(tmp_path)
    content = json.loads(fitted.request.read_text())
    del content["same_person"]
    folder.request.write_text(
        json.dumps(content if recorded is None else content | {"same_person": recorded})
    )
    assert stated_by_fit(folder) is counts


def test_patients_that_differ_are_taken_for_one_as_for_the_fit_and_it_is_told(exported, series, tmp_path):
    folder = JobFolder(shutil.copytree(exported.order.result, tmp_path / "result"))
    content = json.loads(folder.request.read_text()) | {"same_person": True}
    folder.manifest.write_bytes(folder.request, json.dumps(content).encode())
    said: list[str] = []
    order = replace(
        exported.order, result=folder.path, follow_ups=(series["of another"],), output=tmp_path / "new"
    )
    export(order, said.append)
    account = json.loads((tmp_path / "new" / "export.json").read_text())
    assert said == ["The series differ in patient ID: that they are one person's was stated for the fit."]
    assert account["patients_differ_in"] == ["patient ID"]
    assert account["stated_to_be_one_person"] is True
