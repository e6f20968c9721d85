from __future__ import annotations

import io
import json
import os

import pytest

from LongitudinalINRLib.jobs import events

ALL = [
    events.Started("0.1.0", 42, resumed=True),
    events.Progress("fit", 0.5, 10, 20, {"total": 1.5}, 3.0),
    events.Warning("ünlike"),
    events.Done({"maps": ["maps/jacobian_024.0mo.nii.gz"]}, 1.5),
    events.Failed("mask-empty", "m", "e", "f", "a"),
    events.Cancelled(),
]


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_an_event_is_one_line_of_json_and_comes_back_as_it_was(event):
    line = events.to_line(event)
    assert "\n" not in line
    assert json.loads(line)["event"] == type(event).__name__.lower()
    assert events.from_line(line) == event


@pytest.mark.parametrize(
    "line", ["", "chatter", "3", "[]", "{}", '{"event": "sneezed"}', '{"event": "progress"}', '{"event": []}']
)
def test_what_is_no_event_is_passed_over(line):
    assert events.from_line(line) is None


def test_fields_of_a_later_version_are_passed_over():
    assert events.from_line('{"event": "warning", "message": "m", "colour": "red"}') == events.Warning("m")


def test_each_event_is_written_at_once():
    stream = io.TextIOWrapper(io.BufferedWriter(raw := io.BytesIO(), buffer_size=10_000))
    events.EventStream(stream).emit(events.Cancelled())
    assert raw.getvalue() == b'{"event": "cancelled"}\n'


def test_a_reader_that_is_gone_is_noticed_and_does_no_harm():
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", closefd=False) as pipe:
        stream = events.EventStream(pipe)
        stream.emit(events.Cancelled())
        assert stream.broken
        stream.emit(events.Cancelled())
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)  # what the pipe still buffers goes nowhere
