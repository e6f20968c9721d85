"""Standard streams that are closed, full, or left by their reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from LongitudinalINRLib.cli.app import run

from .conftest import CLI

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full to write to")

COMMANDS = ("fit", "resume", "predict", "regions", "report", "info", "simulate", "evaluate", "demo")
QUIET_END = ("Traceback", "Exception ignored", "Something went wrong")


def made_by(tmp_path):
    return sorted(path.name for path in (tmp_path / "made").rglob("*"))


@pytest.mark.parametrize("name", COMMANDS)
def test_closed_standard_output_is_refused_before_any_work(shell, questions, tmp_path, name):
    done = shell(questions[name], ">&-")
    assert done.returncode == 2
    assert "Standard output cannot be written." in done.stderr
    assert "What to do:" in done.stderr
    assert not any(text in done.stderr for text in QUIET_END)
    assert made_by(tmp_path) == []


@pytest.mark.parametrize(
    "arguments", [["--help"], ["fit", "--help"], ["INFO"], ["INFO", "--json"]], ids=" ".join
)
def test_a_full_standard_output_is_told_on_the_other_stream(shell, questions, arguments):
    arguments = [part for text in arguments for part in (questions["info"] if text == "INFO" else [text])]
    done = shell(arguments, ">/dev/full")
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert not any(text in done.stderr for text in QUIET_END)


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("name", ["predict", "regions", "simulate", "evaluate"])
def test_every_answer_that_cannot_be_written_ends_with_2_and_a_word(
    questions, monkeypatch, capsys, name, form
):
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert run([*questions[name], *form]) == 2
        monkeypatch.undo()
    told = capsys.readouterr().err
    assert "Standard output cannot be written." in told
    assert "No space left" in told


def test_a_fit_whose_events_cannot_be_written_ends_with_2_and_leaves_nothing(shell, questions, tmp_path):
    done = shell([*questions["fit"], "--json"], ">/dev/full")
    assert done.returncode == 2
    assert "Standard output cannot be written." in done.stderr
    assert made_by(tmp_path) == []


@pytest.mark.parametrize("name", ["info", "predict", "evaluate"])
def test_a_reader_that_went_away_is_no_failure(questions, name):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            [*CLI, *questions[name]], stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=240
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_fit_whose_front_went_away_stops_as_if_cancelled(questions):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            [*CLI, *questions["fit"], "--json"], stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=240
        )
    assert (done.returncode, done.stderr) == (3, b"")


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    "arguments",
    [["info", "/nowhere"], ["resume", "/nowhere"], ["predict"], ["no-such-command"]],
    ids=lambda arguments: arguments[0],
)
def test_where_standard_error_is_lost_the_word_goes_to_standard_output(shell, arguments, redirection):
    done = shell(arguments, redirection)
    assert done.returncode == 2
    assert "Error:" in done.stdout
    assert "What to do:" in done.stdout


@pytest.mark.parametrize("redirection", [">&- 2>&-", ">&- 2>&- <&-", ">/dev/full 2>/dev/full"])
def test_without_any_stream_the_exit_code_still_tells(shell, redirection):
    assert shell(["info", "/nowhere"], redirection).returncode == 2


def test_standard_input_is_not_needed(shell, questions):
    done = shell([*questions["predict"], "--json"], "<&-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["map"] == "rate"


def test_a_name_that_the_terminal_has_no_characters_for_is_written_out(shell, tmp_path):
    done = shell(["info", str(tmp_path / "Ärzte–\U0001f9e0")], before="export PYTHONIOENCODING=ascii")
    assert done.returncode == 2
    assert "no such folder" in done.stderr.lower()
    assert "\\xc4rzte" in done.stderr


def test_wrong_use_is_told_to_programs_in_their_form(shell):
    done = shell(["predict", "--json"])
    assert done.returncode == 2
    event = json.loads(done.stdout)
    assert (event["event"], event["code"]) == ("failed", "usage")
    assert "predict" in event["expected"]
    assert done.stderr == ""
