"""A process uses again what it freed, and gives it back between stages."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator, of Linux")

USED_ONCE = """
import sys
from LongitudinalINRLib.jobs import memory
def used_once():
    block = bytearray(20 << 20)
    block[::4096] = b"x" * len(block[::4096])
def resident_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024
if sys.argv[1] == "kept":
    memory.keep_freed_memory()
used_once()
before = resident_mb()
memory.give_back_free_memory()
print(before, resident_mb())
"""


def resident_mb(how):
    """Return what a process holds in memory after it freed 20 MB, and after it gave them back."""
    done = subprocess.run([sys.executable, "-c", USED_ONCE, how], capture_output=True, text=True, check=True)
    return [int(word) for word in done.stdout.split()]


def test_freed_memory_stays_with_the_process_until_it_is_given_back():
    default, _ = resident_mb("default")
    kept, given_back = resident_mb("kept")
    assert kept > default + 15
    assert given_back < default + 5
