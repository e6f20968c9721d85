"""The logic works without the panel."""

from __future__ import annotations

import sys

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs import events


@pytest.fixture
def logic(fake_runners):
    return sys.modules["LongitudinalINR"].LongitudinalINRLogic()


def test_run_returns_a_job_with_signals_and_wait(logic, fake_runners, add_scan):
    heard = []
    job = logic.run([add_scan("b", 3), add_scan("a")], months=[12, 0])
    job.progressed.connect(lambda event: heard.append(event.stage))
    job.warned.connect(lambda event: heard.append(event.message))
    assert job.wait(0.05) is None
    assert job.state == "running"
    failed = events.Failed("x", "No.")
    fake_runners[0].script = [events.Progress("align", 0.1), events.Warning("Look."), failed]

    assert job.wait(5.0) == failed
    assert (job.state, sorted(heard)) == ("failed", ["Look.", "align"])
    logic.service.close()


def test_cancel_ends_a_job_that_runs_and_one_that_waits(logic, add_scan):
    scans = [add_scan("a"), add_scan("b", 3)]
    first, second = (logic.run(scans, months=[0, 12]) for _ in range(2))
    second.cancel()
    assert second.state == "cancelled"

    first.cancel()
    first.wait(5.0)
    assert first.state == "cancelled"
    logic.service.close()


def test_a_script_is_told_which_packages_are_missing(logic, add_scan, monkeypatch):
    from LongitudinalINRModule.dependencies import requirements

    absent = (requirements.REQUIREMENTS, lambda name: None)
    monkeypatch.setattr(requirements.missing, "__defaults__", absent)
    with pytest.raises(InputError) as refused:
        logic.run([add_scan("a"), add_scan("b", 3)], months=[0, 12])
    assert refused.value.found.startswith("without torch, nibabel")
    logic.service.close()


def test_settings_and_configuration_reach_the_request(logic, fake_runners, add_scan):
    from LongitudinalINRLib.core.config import preset
    from LongitudinalINRLib.jobs.request import Request

    logic.run([add_scan("a"), add_scan("b", 3)], [0, 12], config=preset("preview"))
    request = Request.from_json(fake_runners[0].folder.request.read_text())
    assert request.config == preset("preview")
    logic.service.close()


@pytest.mark.parametrize(
    ("count", "months", "said"),
    [
        (2, [0, 0], "Same month"),
        (2, [0], "Each volume needs its months"),
        (1, [0], "only a baseline"),
        (2, [0, float("nan")], "not a number of months"),
    ],
)
def test_what_cannot_be_fitted_is_refused(logic, add_scan, count, months, said):
    scans = [add_scan(f"scan {n}", n) for n in range(count)]
    with pytest.raises(InputError, match=said):
        logic.run(scans, months)
    logic.service.close()


def test_one_volume_twice_is_refused_and_a_fourth_job_too(logic, add_scan):
    scan, other = add_scan("a"), add_scan("b", 3)
    with pytest.raises(InputError, match="Same volume"):
        logic.run([scan, scan], [0, 12])
    for _ in range(3):
        logic.run([scan, other], [0, 12])
    with pytest.raises(InputError, match="Two jobs are waiting"):
        logic.run([scan, other], [0, 12])
    logic.service.close()
