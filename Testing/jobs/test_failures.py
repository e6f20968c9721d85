from __future__ import annotations

import errno

import pytest
import torch

from LongitudinalINRLib import errors
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import explain


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (errors.InputError("mask-empty", "m"), "mask-empty", 2),
        (errors.OutOfMemory("out-of-memory", "m"), "out-of-memory", 4),
        (errors.NumericalError("loss-not-finite", "m"), "loss-not-finite", 1),
        (OSError(errno.ENOSPC, "No space left on device"), "disk-full", 2),
        (PermissionError(errno.EACCES, "Permission denied"), "not-writable", 2),
        (MemoryError(), "out-of-memory", 4),
        (torch.OutOfMemoryError("CUDA out of memory"), "out-of-memory", 4),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried ..."), "out-of-memory", 4),
        (ModuleNotFoundError("No module named 'torch'", name="torch"), "dependency-missing", 1),
        (ZeroDivisionError("division by zero"), "defect", 1),
        (OSError(errno.EIO, "Input/output error"), "defect", 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_every_exception_becomes_a_failure_with_its_exit_code(error, code, exit_code):
    event, found = explain(error)
    assert (event.code, found) == (code, exit_code)
    assert event.message


@pytest.mark.parametrize("error", [errors.Cancelled(), KeyboardInterrupt()])
def test_being_stopped_is_no_failure(error):
    assert explain(error) == (events.Cancelled(), 3)


def test_what_a_defect_says_names_the_error_and_the_log():
    event, _ = explain(ZeroDivisionError("division by zero"))
    assert event.found == "ZeroDivisionError: division by zero"
    assert "worker.log" in event.advice


def test_the_four_parts_of_an_error_arrive():
    error = errors.InputError("a", "b", expected="c", found="d", advice="e")
    assert explain(error)[0] == events.Failed("a", "b", "c", "d", "e")
