from __future__ import annotations

import pytest

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.progress import SECONDS_BETWEEN_EVENTS, SHARES, Reporter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def a_clock() -> Clock:
    return Clock()


@pytest.fixture
def said() -> list[events.Event]:
    return []


def test_the_shares_of_the_stages_add_up():
    assert sum(SHARES.values()) == pytest.approx(1.0)


def test_the_fraction_is_of_the_whole_job_and_never_falls(a_clock, said):
    reporter = Reporter(said.append, clock=a_clock)
    for stage in SHARES:
        reporter.begin(stage)
        for share in (0.25, 1.0):
            a_clock.now += 1
            reporter.progress(share)
    fractions = [event.fraction for event in said]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == pytest.approx(1.0)
    assert [event.stage for event in said[::3]] == list(SHARES)


def test_seconds_left_are_those_of_the_stage_and_of_the_later_ones(a_clock, said):
    reporter = Reporter(said.append, clock=a_clock)
    reporter.begin("fit")
    assert said[-1].seconds_left is None
    a_clock.now += 30
    reporter.progress(0.5, step=5, steps=10, losses={"total": 2.0, "bad": float("nan")}, seconds_left=25.0)
    later = sum(SHARES[stage] for stage in ("model", "maps", "regions", "report"))
    assert said[-1] == events.Progress(
        "fit",
        round(
            sum(SHARES[stage] for stage in ("prepare", "series", "outlines", "align")) + SHARES["fit"] / 2, 4
        ),
        5,
        10,
        {"total": 2.0},
        pytest.approx(25.0 + 55.0 * later / SHARES["fit"]),
    )
    a_clock.now += 30
    reporter.progress(0.75)
    assert said[-1].seconds_left == pytest.approx(20.0 + 80.0 * later / SHARES["fit"])


def test_progress_that_comes_too_fast_is_dropped_but_for_the_end_of_a_stage(a_clock, said):
    reporter = Reporter(said.append, clock=a_clock)
    reporter.begin("fit")
    for share in (0.1, 0.2, 1.0):
        a_clock.now += SECONDS_BETWEEN_EVENTS / 10
        reporter.progress(share)
    assert len(said) == 2


def test_a_warning_is_said_once_and_kept(said):
    reporter = Reporter(said.append)
    reporter.warn("dark")
    reporter.warn("dark")
    assert said == [events.Warning("dark")]
    assert reporter.warnings == ["dark"]


def test_a_cancelled_job_stops_where_it_is_asked(said):
    Reporter(said.append).check_stop()
    with pytest.raises(Cancelled):
        Reporter(said.append, lambda: True).check_stop()


def test_the_time_of_each_stage_is_kept(a_clock, said):
    reporter = Reporter(said.append, clock=a_clock)
    reporter.begin("series")
    a_clock.now += 2
    reporter.begin("align")
    a_clock.now += 5
    reporter.finish()
    assert reporter.seconds["series"] == 2
    assert reporter.seconds["align"] == 5
