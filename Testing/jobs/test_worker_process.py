from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import nibabel as nib
import numpy as np
import psutil
import pytest

from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.device import LOW_PRIORITY
from LongitudinalINRLib.jobs.folder import read_json
from LongitudinalINRLib.jobs.request import Outputs
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.jobs.runner import JobRunner

WORKER = [sys.executable, "-m", "LongitudinalINRLib.jobs.worker"]
# The worker with a checkpoint at every step of the fit; it says each stage that it enters.
EAGER_WORKER = [
    sys.executable,
    "-c",
    "import sys\n"
    "from LongitudinalINRLib.jobs.folder import JobFolder\n"
    "from LongitudinalINRLib.jobs.worker import perform\n"
    "say = lambda event: print(getattr(event, 'stage', ''), flush=True)\n"
    "sys.exit(perform(JobFolder(sys.argv[1]), say, lambda: False, checkpoint_seconds=0.0))",
]


@pytest.fixture
def a_job(a_folder, tiny_subject):
    write_text(a_folder.request, tiny_subject.request().to_json())
    return a_folder


@pytest.fixture
def a_long_job(a_folder, tiny_subject):
    request = tiny_subject.request(config=replace(tiny_subject.usual.config, steps=200_000))
    write_text(a_folder.request, request.to_json())
    return a_folder


def poll_until(runner: JobRunner, stage: str) -> list[events.Event]:
    come: list[events.Event] = []
    while not any(isinstance(event, events.Progress) and event.stage == stage for event in come):
        come += runner.poll()
        assert not runner.finished, come
        time.sleep(0.01)
    return come


def test_a_job_goes_from_files_to_files_in_a_process_of_its_own(a_folder, tiny_subject, until_finished):
    outputs = Outputs(maps_at_months=(18.0,), maps=("jacobian",), report=True)
    request = tiny_subject.request(outputs=outputs, align="rigid", background=True)
    write_text(a_folder.request, request.to_json())
    runner = JobRunner(a_folder, environment={**os.environ, "OMP_NUM_THREADS": "3"})
    runner.start()
    come = poll_until(runner, "fit")
    assert psutil.Process(come[0].process_id).nice() >= LOW_PRIORITY
    come += until_finished(runner)
    assert isinstance(come[-1], events.Done), (come[-1], a_folder.log.read_text(encoding="utf-8"))
    assert come[0].process_id != os.getpid()
    fractions = [event.fraction for event in come if isinstance(event, events.Progress)]
    assert fractions == sorted(fractions)
    jacobian = nib.load(a_folder.maps / "jacobian_018.0mo.nii.gz").get_fdata()
    assert np.isfinite(jacobian).all()
    assert "Research use only" in a_folder.report.read_text(encoding="utf-8")
    count = "import torch; print(torch.get_num_threads())"
    environment = {**os.environ, "OMP_NUM_THREADS": "3"}
    asked = subprocess.run([sys.executable, "-c", count], env=environment, capture_output=True, check=True)
    assert read_json(a_folder.fit)["device"] == f"cpu, {max(1, int(asked.stdout) - 1)} threads"


def test_standard_output_carries_events_and_nothing_else(a_job):
    done = subprocess.run([*WORKER, a_job.path], capture_output=True, check=True, text=True)
    come = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert come[0] == "started"
    assert come[-1] == "done"
    assert set(come) <= {"started", "progress", "warning", "done"}
    assert done.stderr == ""
    assert "LongitudinalINR" in a_job.log.read_text(encoding="utf-8")


def test_what_libraries_print_goes_to_the_log(a_job):
    code = (
        "import os, sys, ctypes\n"
        "from LongitudinalINRLib.jobs import worker\n"
        "def chatter(*_, **__):\n"
        "    print('from python'); os.system('echo from a child'); sys.stderr.write('to stderr\\n')\n"
        "    ctypes.CDLL(None).puts(b'from C'); ctypes.CDLL(None).fflush(None)\n"
        "    raise ValueError('enough')\n"
        "worker._work = chatter\n"
        "sys.exit(worker.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, a_job.path], capture_output=True, check=False, text=True
    )
    assert [json.loads(line)["event"] for line in done.stdout.splitlines()] == ["started", "failed"]
    for text in ("from python", "from a child", "to stderr", "from C"):
        assert text in a_job.log.read_text(encoding="utf-8")


def test_a_bad_request_ends_the_process_with_its_exit_code(a_job):
    content = json.loads(a_job.request.read_text(encoding="utf-8"))
    write_text(a_job.request, json.dumps({**content, "schema_version": 2}))
    done = subprocess.run([*WORKER, a_job.path], capture_output=True, check=False, text=True)
    assert done.returncode == 2
    failed = events.from_line(done.stdout.splitlines()[-1])
    assert failed.code == "request-newer"
    assert failed.expected
    assert failed.found
    assert failed.advice


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full to write to")
def test_a_log_that_fills_the_disk_does_not_hide_how_the_job_ended(a_job):
    code = (
        "import os, sys\n"
        "from LongitudinalINRLib.jobs import output, worker\n"
        "output.open_log = lambda log: os.open('/dev/full', os.O_WRONLY)\n"
        "sys.exit(worker.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, a_job.path], capture_output=True, check=False, text=True
    )
    written = json.loads(a_job.results.read_text(encoding="utf-8"))
    assert events.from_line(done.stdout.splitlines()[-1]) == events.Done(
        written["results"], written["seconds"]
    )
    assert done.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_a_log_that_is_no_file_is_refused_and_not_followed(a_job, tmp_path, kind):
    if kind == "folder":
        a_job.log.mkdir()
    elif kind == "link":
        (tmp_path / "diary.txt").write_text("mine")
        a_job.log.symlink_to(tmp_path / "diary.txt")
    else:
        os.mkfifo(a_job.log)
    done = subprocess.run([*WORKER, a_job.path], capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 2
    assert events.from_line(done.stdout).code == "output-taken"
    if kind == "link":
        assert (tmp_path / "diary.txt").read_text() == "mine"


def test_a_folder_without_a_request_is_refused(tmp_path):
    done = subprocess.run([*WORKER, tmp_path], capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert events.from_line(done.stdout).code == "no-job"
    assert list(tmp_path.iterdir()) == []


def test_cancelling_a_running_fit_keeps_a_checkpoint(a_long_job, until_finished):
    runner = JobRunner(a_long_job, grace_seconds=60)
    runner.start()
    poll_until(runner, "fit")
    runner.cancel()
    assert until_finished(runner)[-1] == events.Cancelled()
    assert a_long_job.checkpoint.exists()
    assert not a_long_job.cancel_requested()
    assert a_long_job.state == "unfinished"


def test_a_worker_stops_when_its_front_is_gone(a_long_job):
    with subprocess.Popen([*WORKER, a_long_job.path], stdout=subprocess.PIPE) as worker:
        while not re.search(rb'"step": \d', worker.stdout.readline()):
            pass
        worker.stdout.close()
        assert worker.wait(60) == 3
    assert a_long_job.checkpoint.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
def test_a_worker_that_the_system_asks_to_stop_keeps_a_checkpoint(a_long_job):
    with subprocess.Popen([*WORKER, a_long_job.path], stdout=subprocess.PIPE) as worker:
        while not re.search(rb'"step": \d', worker.stdout.readline()):
            pass
        worker.send_signal(signal.SIGTERM)
        rest = worker.stdout.read().splitlines()
    assert worker.returncode == 3
    assert events.from_line(rest[-1].decode()) == events.Cancelled()
    assert a_long_job.checkpoint.exists()


@pytest.mark.parametrize("times", [2, pytest.param(5, marks=pytest.mark.attack)])
def test_a_worker_killed_at_random_moments_still_ends_in_the_same_result(a_folder, tiny_subject, times):
    # Each run goes on from a checkpoint, so what they did adds up: the fit is longer than all of them.
    moments_s = [random.Random(seed).uniform(0.0, 0.4) for seed in range(times)]
    request = tiny_subject.request(config=replace(tiny_subject.usual.config, steps=800))
    write_text(a_folder.request, request.to_json())
    for moment_s in moments_s:
        with subprocess.Popen([*EAGER_WORKER, a_folder.path], stdout=subprocess.PIPE) as worker:
            while b"series" not in worker.stdout.readline():
                pass
            time.sleep(moment_s)
            worker.kill()
        assert worker.returncode == -signal.SIGKILL
        assert a_folder.state == "unfinished"
    # Nobody kills the last run: its checkpoints would test nothing.
    subprocess.run([*WORKER, a_folder.path], check=True, capture_output=True)
    assert a_folder.state == "finished"
    result = open_result(a_folder.path, "cpu")
    assert result.account.history[-1]["step"] == 800
    assert not list(a_folder.path.rglob(".*"))


def test_a_new_request_that_has_not_come_whole_changes_nothing(a_done_job):
    before = {path: path.read_bytes() for path in a_done_job.path.rglob("*") if path.is_file()}
    ran = subprocess.run(
        [*WORKER, str(a_done_job.path), "--replace"],
        check=False,
        input='{"baseline":',
        text=True,
        capture_output=True,
        timeout=100,
    )
    assert json.loads(ran.stdout.splitlines()[-1])["event"] == "failed"
    assert {path: path.read_bytes() for path in before} == before
