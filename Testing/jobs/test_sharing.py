"""A job takes what cores it may use, and its waiting threads do not keep them from others."""

import os
import subprocess
import sys

import pytest

from LongitudinalINRLib.jobs import sharing
from LongitudinalINRLib.jobs.device import take_usable_cores


def environment_after_waiting_is_set(monkeypatch, **already):
    for name in (*sharing.WAITING, "OMP_WAIT_POLICY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in already.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    sharing.wait_politely()
    return {name: value for name, value in os.environ.items() if before.get(name) != value}


def test_waiting_threads_sleep_soon(monkeypatch):
    assert environment_after_waiting_is_set(monkeypatch) == sharing.WAITING


@pytest.mark.parametrize("name", ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"])
def test_what_the_person_has_set_is_kept(monkeypatch, name):
    assert environment_after_waiting_is_set(monkeypatch, **{name: "7"}) == {}


@pytest.mark.parametrize("command", ["LongitudinalINRLib.cli", "LongitudinalINRLib.jobs.worker"])
def test_it_is_set_before_a_numerical_library_is_there(command):
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, {command} as front; from LongitudinalINRLib.jobs import sharing; import pathlib\n"
            "def seen(): print('torch' in sys.modules, 'numpy' in sys.modules); sys.exit()\n"
            "front.wait_politely = seen\nsys.argv[1:] = ['nowhere']\nfront.main()",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == "False False\n", found.stderr


@pytest.mark.parametrize(
    ("granted", "cores"),
    [("max 100000", 6), ("200000 100000", 2), ("150000 100000", 2), ("20000 100000", 1), ("no numbers", 6)],
)
def test_a_container_is_asked_how_many_cores_it_has(monkeypatch, tmp_path, granted, cores):
    (tmp_path / "cpu.max").write_text(granted)
    monkeypatch.setattr(sharing, "_CONTROL_GROUP", str(tmp_path / "cpu.max"))
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(6)), raising=False)
    assert sharing.usable_cores() == cores


def test_a_job_takes_no_more_threads_than_it_may_use(monkeypatch):
    used = []
    monkeypatch.setattr("LongitudinalINRLib.jobs.device.usable_cores", lambda: 1)
    monkeypatch.setattr("LongitudinalINRLib.jobs.device._use_threads", used.append)
    take_usable_cores()
    assert used == [1]
