from __future__ import annotations

import errno
from pathlib import Path

import pytest
import torch

from LongitudinalINRLib import errors
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import details, explain


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
        (OSError(errno.EIO, "Input/output error"), "disk-failing", 2),
        (OSError(errno.EFBIG, "File too large"), "file-too-large", 2),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "name-too-long", 2),
        (OSError(errno.ENOENT, "No such file or directory"), "path-missing", 2),
        (OSError(errno.ENOTDIR, "Not a directory"), "path-kind", 2),
        (OSError(errno.EISDIR, "Is a directory"), "path-kind", 2),
        (OSError(errno.ELOOP, "Too many levels of symbolic links"), "path-kind", 2),
        (OSError(errno.EMFILE, "Too many open files"), "too-many-files", 2),
        (OSError(errno.ENODEV, "No such device"), "disk-failing", 2),
        (OSError(errno.EINVAL, "Invalid argument"), "system-error", 2),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "out-of-memory", 4),
        (ImportError("libtorch_cpu.so: failed to map segment from shared object"), "out-of-memory", 4),
        (RuntimeError("can't start new thread"), "out-of-memory", 4),
        (RuntimeError("itk::ERROR: Failed to allocate memory for image."), "out-of-memory", 4),
        (OSError("of a library, without a number"), "defect", 1),
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


def test_a_failure_of_the_system_names_the_file_and_no_folder():
    event, _ = explain(OSError(errno.EIO, "Input/output error", "/home/somebody/maps/rate.nii.gz"))
    assert event.found == "rate.nii.gz: Input/output error"
    assert event.expected
    assert event.advice


def test_the_details_of_a_defect_hold_no_folder_of_the_person(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/somebody"))
    try:
        raise ZeroDivisionError("in /home/somebody/scans/a\x1b[31m.nii")
    except ZeroDivisionError as error:
        text = details(error)
    assert "ZeroDivisionError: in ~/scans/a\\x1b[31m.nii" in text
    assert 'File "jobs/test_failures.py", line' in text
    assert str(Path(__file__).parent) not in text
