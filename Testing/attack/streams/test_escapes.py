"""Text from outside on a terminal and in a log."""

from __future__ import annotations

import io
import json
import shutil
import unicodedata

import pytest

from LongitudinalINRLib.cli.app import run
from LongitudinalINRLib.cli.screen import Screen
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.output import note, output_to
from LongitudinalINRLib.jobs.runner import JobRunner
from LongitudinalINRLib.plain_text import lines, one_line

HOSTILE = {
    "a colour": "\x1b[31mred",
    "a title of the window": "\x1b]0;owned\x07",
    "a clipboard": "\x1b]52;c;cm0gLXJm\x1b\\",
    "a C1 control": "\x9b31mred",
    "carriage return": "fine\rforged",
    "line break": "fine\nError: forged",
    "vertical tab and form feed": "a\x0bb\x0cc",
    "backspaces": "evil\b\b\b\bgood",
    "a null": "a\0b",
    "delete": "a\x7fb",
    "right to left override": "scan\u202egpj.nii",
    "isolates": "a\u2066b\u2069",
    "marks of direction": "a\u200eb\u200fc\u061cd",
    "line and paragraph separators": "a\u2028b\u2029c",
    "next line": "a\x85b",
    "a byte that is no text": "a\udcffb",
    "invisible": "a\u200bb\ufeffc\u00add",
    "markup": "[bold red]no style[/bold red] [/]",
}


def is_plain(text):
    return all(unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text)


@pytest.mark.parametrize("name", HOSTILE)
def test_text_from_outside_becomes_one_plain_line(name):
    written = one_line(HOSTILE[name])
    assert is_plain(written)
    assert written.encode("utf-8")
    assert one_line(written) == written


def test_text_that_is_harmless_stays_as_it_is():
    for text in ("t0.nii.gz", "Größe 1 mm – ±0.5 %", "脑部扫描", "می\u200cخواهم", "C:\\scans\\t0.nii"):
        assert one_line(text) == text
    assert lines("a\n\tb\x1b[0m\r\nc") == "a\n    b\\x1b[0m\nc"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_warning_is_shown_in_one_plain_line(name):
    stream = io.StringIO()
    Screen(stream).show(events.Warning(HOSTILE[name]))
    shown = stream.getvalue()
    assert is_plain(shown.replace("\n", ""))
    assert "\nError: forged" not in shown
    assert "no style" in shown or name != "markup"


@pytest.mark.parametrize("name", HOSTILE)
def test_info_of_a_hostile_result_shows_plain_text(a_result, tmp_path, capsys, name):
    folder = tmp_path / "result"
    shutil.copytree(a_result, folder)
    fit = folder / "fit.json"
    content = json.loads(fit.read_text())
    content["device"], content["warnings"] = HOSTILE[name], [HOSTILE[name]]
    fit.write_text(json.dumps(content))
    code = run(["info", str(folder)])
    shown = capsys.readouterr()
    assert code in (0, 2), shown
    assert is_plain((shown.out + shown.err).replace("\n", ""))
    assert "\nError: forged" not in shown.out
    code = run(["info", str(folder), "--json"])
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert json.loads(shown)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_forges_an_entry_of_the_log(tmp_path, name):
    log = tmp_path / "worker.log"
    with output_to(log):
        note(HOSTILE[name])
        note(f"failed: {HOSTILE[name]}\n2026-01-01 00:00:00 done in 1.0 s")
    text = log.read_text("utf-8")
    assert is_plain(text.replace("\n", ""))
    dated = [line for line in text.splitlines() if line[:2].isdigit()]
    assert len(dated) == 2


def test_the_last_words_of_a_worker_are_plain(tmp_path):
    folder = JobFolder(tmp_path / "job")
    folder.create()
    folder.request.write_text("{}")
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nprintf 'oh \\033[31mno\\n' >&2\nexit 9\n")
    dying.chmod(0o700)
    runner = JobRunner(folder, python=str(dying))
    runner.start()
    come: list[events.Event] = []
    while not runner.finished:
        come += runner.poll()
    assert come[-1].code == "worker-died"
    assert "oh \\x1b[31mno" in come[-1].found
