"""How a process ends."""

import os
import subprocess
import sys

import pytest

A_PROCESS = """
import atexit, sys
{load}
from LongitudinalINRLib.jobs.leaving import leave

class TakenApart:
    def __del__(self):
        print("taken apart")

kept = TakenApart()
atexit.register(lambda: print("registered"))
sys.stdout.write("said\\n")
leave(3)
"""


@pytest.mark.parametrize(
    ("load", "told"),
    [("sys.modules['torch'] = sys", "said\nregistered\n"), ("", "said\nregistered\ntaken apart\n")],
)
def test_only_with_torch_loaded_nothing_is_taken_apart(load, told):
    ended = subprocess.run(
        [sys.executable, "-c", A_PROCESS.format(load=load)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, told, "")


def test_a_process_without_standard_error_ends_as_it_should():
    code = "import sys; sys.modules['torch'], sys.stderr = sys, None\n"
    code += "from LongitudinalINRLib.jobs.leaving import leave; leave(3)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a device that is full")
def test_output_that_cannot_be_written_is_still_told():
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", A_PROCESS.format(load="sys.modules['torch'] = sys")],
            env={**os.environ, "PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 120
    assert "No space left on device" in ended.stderr
