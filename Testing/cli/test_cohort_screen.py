from __future__ import annotations

import io

import pytest

from LongitudinalINRLib.cli.cohort_screen import CohortScreen
from LongitudinalINRLib.cohort.engines import Ended, Planned, Said, Working


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def told():
    return [
        Planned(people=9, done=1, bad=1),
        Said("Dashboard: http://127.0.0.1:8787/status"),
        Said("Anybody may come in.\x1b[2J", warning=True),
        Working("01", "fit", 0.5),
        Working("02", "align", 0.2),
        Ended("03", 2, 1, False),
        Ended("04", 4, 1, True),
        Ended("05", 0, 1, False),
    ]


def _show(screen, told, now) -> None:
    for seconds, event in enumerate(told):
        now[0] = 60.0 * (seconds // 7)  # the last comes after a minute
        screen.show(event)


def test_a_pipe_gets_plain_lines(told):
    stream, now = io.StringIO(), [0.0]
    screen = CohortScreen(stream, lambda: now[0])
    with screen.drawn():
        _show(screen, told, now)
    lines = stream.getvalue().splitlines()
    assert lines[:5] == [
        "1 of 9 people done, 1 failed, 7 left",
        "Dashboard: http://127.0.0.1:8787/status",
        "Warning: Anybody may come in.\\x1b[2J",
        "sub-03: bad input",
        "sub-04: out of memory; will be tried again",
    ]
    assert lines[5].startswith("2 of 9 people done, 2 failed, 5 left, 120 an hour, ends about ")
    assert "\x1b" not in stream.getvalue()


def test_a_terminal_gets_a_table_of_those_at_work(told):
    stream, now = _Terminal(), [0.0]
    screen = CohortScreen(stream, lambda: now[0])
    with screen.drawn():
        _show(screen, told, now)
        screen._live.refresh()
        drawn = stream.getvalue()
    for text in ("2 of 9 people done, 2 failed, 5 left", "2 at work", "sub-01", "Fitting the change", "50%"):
        assert text in drawn
    assert "\x1b[2J" not in drawn
