"""What is printed, on streams that may be full or left by their reader.

Needs the standard library alone: it must still work where there is no memory for more.
"""

from __future__ import annotations

import os
import sys

from LongitudinalINRLib.jobs.events import Cancelled, Failed
from LongitudinalINRLib.jobs.output import drop, unwritable
from LongitudinalINRLib.plain_text import one_line

CANCELLED = (
    "Cancelled. What was done is kept; a fit goes on with: longitudinal-inr resume DIR; "
    "a cohort with the same command"
)


def put(text: str) -> None:
    """Write to standard output as it is; a reader that went away has read what it wanted.

    Raises
    ------
    InputError
        It cannot be written, for example because a disk is full.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        drop(sys.stdout)
    except OSError as error:
        drop(sys.stdout)
        raise unwritable(error.strerror or str(error)) from error


def say(text: str) -> None:
    """Write a word to standard error, or to standard output where that cannot be written."""
    for stream in (sys.stderr, sys.stdout):
        if getattr(stream, "name", "") == os.devnull:  # it was closed: see `open_standard_streams`
            continue
        try:
            stream.write(text)
            stream.flush()
        except OSError:
            drop(stream)
        else:
            return


def parts_of(event: Failed) -> list[tuple[str, str]]:
    """Return what a failure says, one line each, with the words that people read before it."""
    parts = (
        ("Error", event.message),
        ("  Expected", event.expected),
        ("  Found", event.found),
        ("  What to do", event.advice),
    )
    return [(f"{title}:", one_line(text)) for title, text in parts if text]


def failure_text(event: Failed | Cancelled) -> str:
    """Return how a command ended, for people, without colours."""
    if isinstance(event, Cancelled):
        return f"{CANCELLED}\n"
    return "".join(f"{title} {text}\n" for title, text in parts_of(event))
