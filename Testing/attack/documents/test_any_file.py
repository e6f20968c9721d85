"""Files that are damaged in ways that have nothing to do with what they should hold."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from LongitudinalINRLib.jobs.documents.account import read_account
from LongitudinalINRLib.jobs.documents.alignment import read_alignments
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.documents.model import read_model_description
from LongitudinalINRLib.jobs.documents.results import read_results
from LongitudinalINRLib.jobs.validation import read_request_file
from LongitudinalINRLib.simulate.storage import load_truth

READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "good_request": ("request.json", read_request_file),
    "good_account": ("fit.json", read_account),
    "good_model": ("model.json", read_model_description),
    "good_alignments": ("alignment.json", read_alignments),
    "good_identity": ("inputs.json", read_identity),
    "good_results": ("results.json", read_results),
    "good_simulation": ("simulation.json", lambda path: load_truth(path.parent)),
}
CODES = ("job-file-unreadable", "job-file-damaged", "request-not-json", "request-invalid", "not-a-simulation")


def with_first(text: str, value: str) -> str:
    """Put a field before those that are there, as text: it need not be JSON."""
    return text.replace("{", '{"first": ' + value + ", ", 1)


CONTENTS: dict[str, Callable[[str], str | bytes]] = {
    "nothing": lambda text: "",
    "zeros after a power cut": lambda text: b"\0" * len(text),
    "half of it": lambda text: text[: len(text) // 2],
    "twice": lambda text: text + text,
    "a NUL at its end": lambda text: text + "\0",
    "a byte order mark": lambda text: "\ufeff" + text,
    "UTF-16": lambda text: text.encode("utf-16"),
    "a byte that is not UTF-8": lambda text: text.encode().replace(b'"', b'"\xff', 1),
    "binary": lambda text: bytes(range(256)) * 40,
    "one word": lambda text: "damaged",
    "null": lambda text: "null",
    "a number": lambda text: "12",
    "a string": lambda text: '"scan-0"',
    "a list": lambda text: "[]",
    "a list of it": lambda text: f"[{text}]",
    "no field": lambda text: "{}",
    "NaN": lambda text: with_first(text, "NaN"),
    "minus infinity": lambda text: with_first(text, "-Infinity"),
    "a number beyond all": lambda text: with_first(text, "1e999"),
    "a number of 5000 digits": lambda text: with_first(text, "9" * 5000),
    "lists 100 000 deep": lambda text: with_first(text, "[" * 100_000 + "]" * 100_000),
    "objects 100 000 deep": lambda text: with_first(text, '{"a":' * 100_000 + "1" + "}" * 100_000),
    "a million values": lambda text: with_first(text, "[" + "0," * 1_000_000 + "0]"),
    "a name twice": lambda text: with_first(with_first(text, "1"), "2"),
    "a comment": lambda text: "// written by hand\n" + text,
    "a lone surrogate": lambda text: with_first(text, r'"\ud800"'),
    "megabytes of spaces": lambda text: " " * 17_000_000 + text,
}


@pytest.mark.parametrize("fixture", READERS)
def test_the_good_file_is_read(request, tmp_path, fixture):
    name, read = READERS[fixture]
    (tmp_path / name).write_text(json.dumps(request.getfixturevalue(fixture)), encoding="utf-8")
    assert read(tmp_path / name) is not None


@pytest.mark.parametrize("damage", CONTENTS)
@pytest.mark.parametrize("fixture", READERS)
def test_damaged_text_is_refused(request, tmp_path, refused, fixture, damage):
    name, read = READERS[fixture]
    content = CONTENTS[damage](json.dumps(request.getfixturevalue(fixture)))
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    refused(read, tmp_path / name, *CODES, "request-unknown-field")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes, which this system has not")
@pytest.mark.parametrize("fixture", READERS)
@pytest.mark.parametrize("what", ["nothing", "folder", "link", "dangling link", "named pipe", "device"])
def test_what_is_no_regular_file_is_refused_at_once(request, tmp_path, refused, fixture, what):
    name, read = READERS[fixture]
    path, other = tmp_path / name, tmp_path / "other.json"
    other.write_text(json.dumps(request.getfixturevalue(fixture)), encoding="utf-8")
    if what == "folder":
        path.mkdir()
    elif what == "link":
        path.symlink_to(other)
    elif what == "dangling link":
        path.symlink_to(tmp_path / "gone")
    elif what == "named pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    refused(read, path, "job-file-unreadable", "not-a-simulation")
