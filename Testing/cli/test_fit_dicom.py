"""From folders that an archive exported to a fit, by one command."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from dicom_export import T1, add_series, uid_of

from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.jobs.folder import read_json

SHIFTED = {tags.DATES_CHANGED: ("CS", "MODIFIED")}
REMOVED = {tags.DATES_CHANGED: ("CS", "REMOVED")}
OTHER = {tags.PATIENT_ID: ("LO", "4712"), tags.PATIENT_NAME: ("PN", "Musterfrau^Eva")}


@pytest.fixture
def request_of(command, monkeypatch, tmp_path):
    """Return a function that gives the request of a fit's arguments, without the fit."""
    seen = []
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.run_new", lambda folder, request, _: seen.append(request))
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.print_summary", lambda folder: None)

    def of(*arguments):
        result = command("fit", *arguments, "--output", tmp_path / "out")
        assert result.exit_code == 0, result.output
        return seen[-1]

    return of


def test_two_exported_folders_are_enough_for_a_fit(command, visit, tmp_path):
    first, second = visit(0, "20200102"), visit(12, "20210104", flat=True)
    output = tmp_path / "out"
    arguments = ["--baseline", first, "--follow-up", second, "--align", "none", "--device", "cpu"]
    result = command("fit", *arguments, "--output", output)
    assert result.exit_code == 0, result.output
    assert "scan-1: month 12.09, by the dates of the DICOM headers" in result.output
    assert (output / "report.html").exists()
    fit = read_json(output / "fit.json")
    assert [(scan["months"], scan["months_from"], scan["date"]) for scan in fit["scans"]] == [
        (0.0, "given", "2020-01-02"),
        (12.09, "headers", "2021-01-04"),
    ]
    assert fit["person"] == {"same": True, "reason": "all scans' headers name one person"}
    words = [text for text in fit["warnings"] if "was taken, the only 3D T1-weighted one" in text]
    assert [text.split(":")[0] for text in words] == ["scan-0", "scan-1"]
    request = read_json(output / "request.json")
    assert request["follow_ups"][0]["path"] == f"{second}#{uid_of(5, '13')}"
    written = [path.read_bytes().lower() for path in output.rglob("*") if path.is_file()]
    assert not any(name in content for content in written for name in (b"mustermann", b"4711", b"19640812"))
    told = command("info", output).output
    assert "Months by the dates of the DICOM headers: scan-1" in told
    assert "Person: all scans' headers name one person" in told
    again = command("resume", output)
    assert again.exit_code == 0, again.output
    inside = command("predict", output, "--months", 6, "--map", "rate", "--output", second / "rate.nii.gz")
    assert "a file that the result was made from" in inside.stderr
    (output / "regions.csv").unlink()
    assert command("resume", output).exit_code == 0
    shutil.rmtree(first)
    (output / "regions.csv").unlink()
    lost = command("resume", output)
    assert lost.exit_code == 2
    assert "scan-0" in lost.stderr


def test_a_series_is_chosen_by_number_for_each_scan_and_the_months_may_be_typed(visit, request_of):
    first, second = visit(0, "20200102"), visit(12, "20210104")
    request = request_of("--baseline", f"{first}#5", "--follow-up", f"12:{second}#5")
    assert request.baseline == str(first / "PAT0/ST0/SE5")
    (scan,) = request.follow_ups
    assert (scan.path, scan.months, scan.months_from) == (str(second / "PAT0/ST0/SE5"), 12.0, "given")
    assert (request.baseline_date, scan.date) == ("2020-01-02", "2021-01-04")
    assert request.notes == ()


def test_series_of_two_kinds_are_warned_about(visit, request_of):
    first, second = visit(0, "20200102"), visit(12, "20210104")
    request = request_of("--baseline", first, "--follow-up", f"{second}#2")
    assert "scan-1: T2-weighted by its header, the baseline 3D T1-weighted." in " ".join(request.notes)


def test_dates_are_left_out_where_that_is_asked(visit, request_of):
    first, second = visit(0, "20200102"), visit(12, "20210104")
    request = request_of("--baseline", first, "--follow-up", second, "--no-dates")
    assert (request.baseline_date, request.follow_ups[0].date) == (None, None)
    assert (request.follow_ups[0].months, request.follow_ups[0].months_from) == (12.09, "headers")
    assert "2021" not in "".join(request.notes)


def test_follow_ups_are_named_in_the_order_of_their_dates(visit, request_of):
    first, second, third = visit(0, "20200102"), visit(12, "20210104", SHIFTED), visit(24, "20220104")
    request = request_of("--baseline", first, "--follow-up", third, "--follow-up", second)
    assert [scan.months for scan in request.follow_ups] == [24.08, 12.09]
    shifted = [note for note in request.notes if "shifted alike" in note]
    assert [note.split(":")[0] for note in shifted] == ["scan-1"]


def test_typed_months_that_the_dates_contradict_are_kept_and_both_are_told(visit, request_of):
    first, second = visit(0, "20200102"), visit(12, "20210104")
    request = request_of("--baseline", first, "--follow-up", f"24:{second}")
    assert request.follow_ups[0].months == 24.0
    assert any("24 months after the baseline as given, 12.09 by" in note for note in request.notes)


@pytest.mark.parametrize(
    ("day", "more", "found"),
    [
        ("20200102", None, "on the day of the baseline"),
        ("20190102", None, "365 days (11.99 months) before the baseline"),
        ("20210104", REMOVED, "its dates were removed"),
        ("", None, "no date in the header of follow-up 1"),
    ],
)
def test_an_interval_that_the_headers_do_not_tell_is_refused(command, visit, tmp_path, day, more, found):
    first, second = visit(0, "20200102"), visit(12, day, more)
    result = command("fit", "--baseline", first, "--follow-up", second, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert found in result.stderr
    assert "--follow-up MONTHS:PATH" in result.stderr
    assert not (tmp_path / "out").exists()


def test_another_persons_scan_is_refused_without_a_name_unless_it_is_said(command, visit, tmp_path):
    first, second = visit(0, "20200102"), visit(12, "20210104", OTHER)
    output = tmp_path / "out"
    arguments = ["fit", "--baseline", first, "--follow-up", second, "--align", "none", "--output", output]
    refused = command(*arguments)
    assert refused.exit_code == 2
    assert "scan-1 differs in patient ID and name" in refused.stderr
    assert "--same-person" in refused.stderr
    assert not any(name in refused.output for name in ("4711", "4712", "Muster", "muster"))
    assert not output.exists()
    assert command(*arguments, "--same-person", "--device", "cpu").exit_code == 0
    fit = read_json(output / "fit.json")
    assert fit["person"]["reason"].endswith("the request says that they are one person's")
    assert any(text.startswith("scan-1: its header differs from the baseline's") for text in fit["warnings"])
    written = [path.read_bytes().lower() for path in output.rglob("*") if path.is_file()]
    assert not any(name in content for content in written for name in (b"muster", b"4711", b"4712"))


def test_a_folder_of_two_t1_series_is_refused_with_what_there_is(command, visit, tmp_path):
    first, second = visit(0, "20200102"), visit(12, "20210104")
    add_series(first / "late", 9, T1)
    result = command("fit", "--baseline", first, "--follow-up", second, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "5: T1 MPRAGE sag" in result.stderr
    assert "9: T1 MPRAGE sag" in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_output_below_a_folder_whose_series_is_read_is_refused(command, visit):
    first, second = visit(0, "20200102", flat=True), visit(12, "20210104")
    result = command("fit", "--baseline", first, "--follow-up", second, "--output", first / "out")
    assert result.exit_code == 2
    assert "lie in each other" in result.stderr
    assert not (first / "out").exists()


def test_scans_lists_the_series_and_stars_the_one_that_fit_takes(command, visit):
    folder = visit(0, "20200102")
    lines = command("scans", folder).output.splitlines()
    assert [line[:4] for line in lines[:4]] == ["  1:", "  2:", "* 5:", "  6:"]
    assert lines[2] == (
        f"* 5: T1 MPRAGE sag, 3D T1-weighted, 18 images, 2 x 2 x 2 mm, 2020-01-02, {uid_of(5, '1')}"
    )
    assert lines[4].startswith("fit takes the series with the star")
    content = json.loads(command("scans", folder, "--json").stdout)
    assert [entry["qualifies"] for entry in content["series"]] == [False, False, True, False]
    assert content["series"][2]["uid"] == uid_of(5, "1")


def test_scans_of_what_is_no_folder_or_holds_no_series_says_so(command, tmp_path):
    assert "There is no DICOM series" in command("scans", tmp_path).output
    refused = command("scans", tmp_path / "none")
    assert refused.exit_code == 2
    assert "nothing at this path" in refused.stderr
