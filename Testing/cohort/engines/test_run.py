from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from LongitudinalINRLib.cohort.engines import Ended, Planned, run
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.jobs.sharing import usable_cores

from .conftest import at_work, starts, until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as Linux and macOS have them")
BOTH = ["local", pytest.param("dask", marks=pytest.mark.attack)]

_SCRIPT = """
import signal
import sys
from LongitudinalINRLib.cohort.engines import run
from LongitudinalINRLib.cohort.folder import CohortFolder

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out, engine = sys.argv[1:]
    cohort = CohortFolder(out)
    people = [cohort.person(label) for label in cohort.participants()]
    summary = run(people, engine=engine, jobs=2, module="stand_in_person")
    print("done", *sorted(summary.done), "cancelled", *sorted(summary.cancelled),
          "not started", *sorted(summary.not_started))
"""


@pytest.fixture
def started(tmp_path, stand_in):
    """Return a function that starts a run in a process that takes Ctrl-C as one in a terminal does."""
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT)
    processes = []

    def start(cohort, engine: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(script), str(cohort.path), engine],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


@pytest.mark.parametrize("engine", BOTH)
def test_each_person_ends_as_the_exit_codes_say(engine, people, cohort, stand_in):
    folders = people("bad1", "defect1", "hungry1", "well1", "well2")
    told = []
    summary = run(folders, engine=engine, jobs=2, retries=1, tell=told.append, module=stand_in)

    assert sorted(summary.done) == ["hungry1", "well1", "well2"]
    assert {name: outcome.code for name, outcome in summary.failed.items()} == {"bad1": 2, "defect1": 1}
    assert (summary.cancelled, summary.not_started) == ((), ())
    assert {person.participant: starts(person) for person in folders} == {
        "bad1": 1,
        "defect1": 2,
        "hungry1": 2,
        "well1": 1,
        "well2": 1,
    }
    assert told[0] == Planned(people=5, done=0, bad=0)
    hungry = [event for event in told if isinstance(event, Ended) and event.participant == "hungry1"]
    assert hungry == [Ended("hungry1", 4, 1, True), Ended("hungry1", 0, 2, False)]
    assert (cohort.person("hungry1").path / "others").read_text() in ("", "sub-bad1 sub-defect1")


def test_a_file_in_the_way_waits_for_somebody_to_move_it(people, stand_in):
    (person,) = people("taken1")
    for runs in (1, 2):
        summary = run([person], engine="local", jobs=1, module=stand_in)
        assert summary.failed["taken1"].code == 6
        assert starts(person) == runs


def test_what_a_process_said_last_is_kept_where_it_left_no_outcome(people, stand_in):
    (person,) = people("defect1")
    run([person], engine="local", jobs=1, retries=1, module=stand_in)
    outcome = read_outcome(person)
    assert (outcome.error, outcome.attempts) == ("worker-died", 2)
    assert outcome.found == "exit code 1; the roof is on fire"


def test_people_who_are_settled_are_not_started_again(people, stand_in):
    folders = people("bad1", "well1")
    run(folders, engine="local", jobs=1, module=stand_in)
    told = []
    summary = run(folders, engine="local", jobs=1, tell=told.append, module=stand_in)
    assert told == [Planned(people=2, done=1, bad=1)]
    assert (summary.done, list(summary.failed)) == (("well1",), ["bad1"])
    assert [starts(person) for person in folders] == [1, 1]


def test_people_at_once_share_the_cores(people, stand_in):
    jobs = 1 if usable_cores() < 2 else 2
    folders = people("well1", "well2")
    run(folders, engine="local", jobs=jobs, module=stand_in)
    share = max(1, usable_cores() // jobs)
    assert (folders[0].path / "starts").read_text() == f"{share} threads\n"


def test_a_limit_that_the_person_set_is_kept(people, stand_in, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    (person,) = people("well1")
    run([person], engine="local", jobs=1, module=stand_in)
    assert (person.path / "starts").read_text() == "1 threads\n"


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_after_ctrl_c_the_same_command_goes_on(engine, people, cohort, started):
    people("slow1", "slow2", "slow3", "well9")
    process = started(cohort, engine)
    until(lambda: len(at_work(cohort)) == 2)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all in its group
    said, _ = process.communicate(timeout=60)
    assert said == "done cancelled slow1 slow2 not started slow3 well9\n"
    assert all((cohort.person(name).path / "checkpoint").exists() for name in ("slow1", "slow2"))

    (cohort.path / "go").touch()
    said, _ = started(cohort, "local").communicate(timeout=60)
    assert said == "done slow1 slow2 slow3 well9 cancelled not started\n"


@pytest.mark.parametrize("engine", BOTH)
def test_an_engine_that_is_killed_leaves_nobody_behind_and_goes_on(engine, people, cohort, started):
    people("slow1", "slow2", "well3")
    process = started(cohort, engine)
    until(lambda: len(at_work(cohort)) == 2)
    orphans = [psutil.Process(number) for number in at_work(cohort).values()]
    process.kill()
    _, alive = psutil.wait_procs(orphans, timeout=30)
    assert not alive

    (cohort.path / "go").touch()
    said, _ = started(cohort, "local").communicate(timeout=60)
    assert said == "done slow1 slow2 well3 cancelled not started\n"


def test_a_worker_that_is_killed_costs_nobody_the_result(people, cohort, stand_in):
    folders = people("slow1", "slow2", "well3")
    killed = []

    def kill_a_worker(_: object) -> None:
        if not killed and (found := at_work(cohort)):
            worker = psutil.Process(next(iter(found.values()))).parent()
            worker.kill()
            killed.append(worker)
            (cohort.path / "go").touch()

    summary = run(folders, engine="dask", jobs=2, tell=kill_a_worker, module=stand_in)
    assert killed
    assert sorted(summary.done) == ["slow1", "slow2", "well3"]


def test_a_real_person_is_done_beside_one_with_bad_input(real_person):
    good, bad = real_person("good"), real_person("bad", baseline="/nowhere.nii.gz")
    summary = run([good, bad], engine="local", jobs=1)
    assert summary.done == ("good",)
    assert summary.failed["bad"].error == "file-missing"
    assert summary.failed["bad"].attempts == 1
    assert Path(good.job.regions).exists()
