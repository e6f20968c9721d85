from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.runner import LIBRARY_PARENT, JobRunner

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the stand-in for Python is a script with a first line #!"
)


@pytest.fixture
def worker_that(tmp_path):
    """Return the path of a stand-in for Python that runs some code whatever its arguments are."""

    def make(code: str) -> str:
        script = tmp_path / "python"
        script.write_text(f"#!{sys.executable}\nimport json, os, subprocess, sys, time\n{code}\n")
        script.chmod(0o755)
        return str(script)

    return make


SAY_DONE = "print(json.dumps({'event': 'done', 'results': {}}), flush=True)"


def test_a_python_that_is_not_there_is_reported(a_folder, until_finished):
    runner = JobRunner(a_folder, python="/nowhere/python")
    runner.start()
    (failed,) = until_finished(runner)
    assert failed.code == "worker-not-started"
    assert "No such file" in failed.found
    assert runner.last_event == failed
    assert runner.poll() == []


def test_before_the_start_there_is_nothing_to_tell(a_folder):
    runner = JobRunner(a_folder)
    assert runner.poll() == []
    assert not runner.finished


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("sys.exit('the roof is on fire')", "exit code 1"),
        ("os.kill(os.getpid(), 9)", "signal 9"),
        ("", "exit code 0"),
    ],
)
def test_a_process_that_dies_without_a_word_is_reported(a_folder, until_finished, worker_that, code, how):
    runner = JobRunner(a_folder, python=worker_that(code))
    runner.start()
    failed = until_finished(runner)[-1]
    assert failed.code == "worker-died"
    assert failed.found.startswith(how)
    assert ("the roof is on fire" in failed.found) == ("fire" in code)
    assert "esume" in failed.advice


def test_events_come_in_order_and_chatter_is_passed_over(a_folder, until_finished, worker_that):
    code = "print('chatter'); print(json.dumps({'event': 'warning', 'message': 'dark'}))\n" + SAY_DONE
    runner = JobRunner(a_folder, python=worker_that(code))
    runner.start()
    assert until_finished(runner) == [events.Warning("dark"), events.Done({})]


def test_one_poll_hands_out_a_bounded_number_of_events(a_folder, until_finished, worker_that):
    code = (
        "for _ in range(95): print('chatter'); print(json.dumps({'event': 'warning', 'message': 'dark'}))\n"
    )
    code += SAY_DONE
    runner = JobRunner(a_folder, python=worker_that(code))
    runner.start()
    sizes = []
    while not runner.finished:
        sizes.append(len(runner.poll(limit=10)))
        time.sleep(0.002)
    assert sum(sizes) == 96
    assert max(sizes) <= 6  # the last two lines are events


def test_the_library_comes_first_for_the_child_and_the_rest_of_its_environment_stays(
    a_folder, until_finished, worker_that
):
    code = (
        "message = os.environ['PYTHONPATH'] + ' ' + os.environ['COLOUR']\n"
        "print(json.dumps({'event': 'warning', 'message': message}))\n" + SAY_DONE
    )
    runner = JobRunner(
        a_folder, python=worker_that(code), environment={"PYTHONPATH": "/mine", "COLOUR": "red"}
    )
    runner.start()
    assert until_finished(runner)[0] == events.Warning(f"{LIBRARY_PARENT}{os.pathsep}/mine red")
    assert (LIBRARY_PARENT / "LongitudinalINRLib" / "jobs" / "worker.py").exists()
    assert "COLOUR" not in os.environ


def test_cancel_asks_first(a_folder, until_finished, worker_that):
    code = (
        "while not os.path.exists(sys.argv[-1] + '/cancel'): time.sleep(0.01)\n"
        "print(json.dumps({'event': 'cancelled'}), flush=True)"
    )
    runner = JobRunner(a_folder, python=worker_that(code), grace_seconds=60)
    runner.start()
    runner.cancel()
    assert until_finished(runner) == [events.Cancelled()]


def test_a_worker_that_does_not_listen_is_killed_with_its_children(a_folder, until_finished, worker_that):
    code = (
        "child = subprocess.Popen(['sleep', '600'])\n"
        "print(json.dumps({'event': 'warning', 'message': str(child.pid)}), flush=True)\n"
        "time.sleep(600)"
    )
    runner = JobRunner(a_folder, python=worker_that(code), grace_seconds=0.3)
    runner.start()
    come: list[events.Event] = []
    while not come:
        come += runner.poll()
        time.sleep(0.01)
    child = psutil.Process(int(come[0].message))
    runner.cancel()
    began = time.monotonic()
    assert runner.poll() == []
    assert a_folder.cancel_requested()
    assert until_finished(runner, 20) == [events.Cancelled()]
    assert time.monotonic() - began >= 0.3
    assert not a_folder.cancel_requested()
    gone, _ = psutil.wait_procs([child], timeout=10)
    assert gone or child.status() == psutil.STATUS_ZOMBIE


def test_a_new_start_forgets_an_old_cancel(a_folder, until_finished, worker_that):
    a_folder.request_cancel()
    runner = JobRunner(a_folder, python=worker_that(SAY_DONE))
    runner.start()
    assert until_finished(runner) == [events.Done({})]
    assert not a_folder.cancel_requested()


def test_a_folder_that_is_gone_is_reported(tmp_path, until_finished):
    from LongitudinalINRLib.jobs.folder import JobFolder

    runner = JobRunner(JobFolder(Path(tmp_path) / "gone"))
    runner.start()
    assert until_finished(runner)[0].code == "worker-not-started"


def test_a_new_request_reaches_the_worker_whole_however_long_it_is(
    a_folder, until_finished, worker_that, tiny_subject
):
    code = (
        "request = json.loads(sys.stdin.read())\n"
        "told = {'words': [sys.argv[-1], str(len(request['notes']))]}\n"
        "print(json.dumps({'event': 'done', 'results': told}), flush=True)"
    )
    request = tiny_subject.request(notes=("a note of some length",) * 20_000)
    runner = JobRunner(a_folder, request=request, python=worker_that(code))
    runner.start()
    assert until_finished(runner)[-1].results == {"words": ["--replace", "20000"]}


def test_a_worker_that_dies_before_it_has_read_its_request_is_reported(
    a_folder, until_finished, worker_that, tiny_subject
):
    request = tiny_subject.request(notes=("a note of some length",) * 20_000)
    runner = JobRunner(a_folder, request=request, python=worker_that("sys.exit(3)"))
    runner.start()
    assert until_finished(runner)[-1].code == "worker-died"
