"""Keeping standard output clean: what libraries print goes to a log. Needs the standard library alone."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TextIO


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send all that this process prints to a log, what compiled libraries print included.

    Files that are made meanwhile are readable by their owner alone.

    Parameters
    ----------
    log : Path
        Appended to.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    usual_mask = os.umask(0o077)
    kept = [os.dup(1), os.dup(2)]
    try:
        target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
        text = open(target, "w", encoding="utf-8", buffering=1)  # noqa: SIM115 (closed below)
        os.dup2(target, 1)
        os.dup2(target, 2)
        with redirect_stdout(text), redirect_stderr(text):
            yield
        with suppress(
            OSError
        ):  # the disk is full: the end of the log is lost, what happened is told by events
            text.close()
    finally:
        for standard, original in zip((1, 2), kept, strict=True):
            os.dup2(original, standard)
            os.close(original)
        os.umask(usual_mask)


def note(text: str) -> None:
    """Write a line with the time to the log, which is standard error while `output_to` is in force."""
    with suppress(OSError):  # the disk is full: see above
        sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n")
        sys.stderr.flush()


@contextmanager
def own_stdout() -> Iterator[TextIO]:
    """Yield a stream that leads to where standard output led at this moment, whatever is done to it later."""
    try:
        descriptor = os.dup(sys.stdout.fileno())
    except OSError:  # a stand-in for standard output that is no file of the system
        yield sys.stdout
        return
    stream = open(descriptor, "w", encoding="utf-8", buffering=1, newline="\n")  # noqa: SIM115 (closed below)
    try:
        yield stream
    finally:
        with suppress(BrokenPipeError):  # nobody reads any more what is still to be written
            stream.close()
