"""Keeping standard output clean: what libraries print goes to a log. Needs the standard library alone."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TextIO

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.plain_text import lines

UNWRITABLE = "stdout-unwritable"


def open_standard_streams() -> None:
    """Make the standard streams take any text; where one is closed, put the null device in its place.

    Otherwise the next file that is opened gets its number, and what is printed goes into that file.

    Raises
    ------
    InputError
        Standard output is closed, so that nothing could be told.
    """
    closed = [number for number in (0, 1, 2) if _was_closed(number)]
    if 0 in closed:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 (lives as long as the process)
    if 2 in closed:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if 1 in closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        raise unwritable("it is closed")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # not only what it can encode


def unwritable(found: str) -> InputError:
    """Return the error of standard output that nothing can be told on."""
    return InputError(
        UNWRITABLE,
        "Standard output cannot be written.",
        expected="a terminal, a pipe, or a file on a disk with space",
        found=found,
        advice="Send it elsewhere, for example to a file on another disk.",
    )


def drop(stream: TextIO) -> None:
    """Let what a stream still holds go to the null device, so that the end of the process does not fail."""
    with suppress(OSError, ValueError):  # a stand-in that is no file of the system
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def open_log(log: Path) -> int:
    """Open a log to be appended to, readable by its owner alone, and return its descriptor.

    Raises
    ------
    InputError
        Something else than a file has its name.
    OSError
        It cannot be opened, or is a link, which is not followed.
    """
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(
        os, "O_NONBLOCK", 0
    )  # a pipe without a reader would wait
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | careful, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise InputError(
        "log-not-a-file",
        f"{log.name} cannot be written.",
        expected="a file, or nothing of that name",
        found="a pipe or a device",
        advice="Remove it, or choose another output folder.",
    )


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send all that this process prints to a log, what compiled libraries print included.

    Files that are made meanwhile are readable by their owner alone.

    Parameters
    ----------
    log : Path
        Appended to.

    Raises
    ------
    InputError, OSError
        See `open_log`.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # a full disk or a reader that left is told where something is said
            stream.flush()
    usual_mask = os.umask(0o077)
    kept: list[int] = []
    try:
        kept += [os.dup(1), os.dup(2)]
        target = open_log(log)
        text = open(target, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115
        os.dup2(target, 1)
        os.dup2(target, 2)
        with redirect_stdout(text), redirect_stderr(text):
            yield
        with suppress(
            OSError
        ):  # the disk is full: the end of the log is lost, what happened is told by events
            text.close()
    finally:
        for standard, original in zip((1, 2), kept, strict=False):
            os.dup2(original, standard)
            os.close(original)
        os.umask(usual_mask)


def note(text: str) -> None:
    """Write to the log, which is standard error while `output_to` is in force.

    The first line begins with the time, the others with spaces: no text can pass for another entry.
    """
    with suppress(OSError):  # the disk is full: see above
        entry = lines(text).replace("\n", "\n  ")
        sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {entry}\n")
        sys.stderr.flush()


@contextmanager
def own_stdout() -> Iterator[TextIO]:
    """Yield a stream that leads to where standard output led at this moment, whatever is done to it later."""
    try:
        descriptor = os.dup(sys.stdout.fileno())
    except OSError:  # a stand-in for standard output that is no file of the system
        yield sys.stdout
        return
    stream = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, newline="\n")  # noqa: SIM115
    try:
        yield stream
    finally:
        with suppress(OSError):  # that it could not be written was noticed by whoever wrote
            stream.close()


def _was_closed(number: int) -> bool:
    """Put the null device in place of a standard stream that is closed; tell whether it was."""
    try:
        os.fstat(number)
    except OSError:
        null = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
        if null != number:
            os.dup2(null, number)
            os.close(null)
        os.set_inheritable(number, True)
        return True
    return False
