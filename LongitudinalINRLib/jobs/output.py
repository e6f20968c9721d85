"""Keeping standard output clean: what libraries print goes to a log. Needs the standard library alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TextIO


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send all that this process prints to a log, what compiled libraries print included.

    Parameters
    ----------
    log : Path
        Appended to; readable by its owner alone.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    kept = [os.dup(1), os.dup(2)]
    try:
        with open(os.dup(target), "w", encoding="utf-8", buffering=1) as text:
            os.dup2(target, 1)
            os.dup2(target, 2)
            with redirect_stdout(text), redirect_stderr(text):
                yield
    finally:
        for standard, original in zip((1, 2), kept, strict=True):
            os.dup2(original, standard)
        for descriptor in (*kept, target):
            os.close(descriptor)


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
