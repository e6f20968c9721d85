"""How a command ends: its exit code, and its message where it failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from LongitudinalINRLib.cli.logs import write_log
from LongitudinalINRLib.cli.screen import failure_shown
from LongitudinalINRLib.cli.streams import failure_text, put
from LongitudinalINRLib.cli.streams import say as put_word
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import DEFECT, explain
from LongitudinalINRLib.jobs.memory import check_address_space
from LongitudinalINRLib.jobs.output import UNWRITABLE
from LongitudinalINRLib.plain_text import one_line


@contextmanager
def outcome(as_json: bool = False) -> Iterator[None]:
    """End the process with the exit code and the message of an exception raised inside.

    Parameters
    ----------
    as_json : bool
        Whether the message is an event on standard output, for programs, or text on standard error, for
        people.

    Raises
    ------
    typer.Exit
        An exception was raised.
    """
    try:
        check_address_space()
        yield
    except (typer.Exit, typer.Abort):
        raise
    except (Exception, KeyboardInterrupt) as error:
        raise typer.Exit(ended(error, as_json)) from error


def ended(error: BaseException, as_json: bool) -> int:
    """Tell of an exception that ends the command, and return its exit code."""
    event, code = explain(error)
    tell(event, as_json)
    if code == DEFECT:
        say_log(write_log(error))
    return code


def tell(event: events.Failed | events.Cancelled, as_json: bool) -> None:
    """Tell how a command ended: to programs on standard output, where that can be written, or to people."""
    if not as_json or getattr(event, "code", "") == UNWRITABLE:
        say(event)
        return
    try:
        print_line(events.to_line(event))
    except InputError:
        say(event)


def say(event: events.Failed | events.Cancelled) -> None:
    """Print how a command failed, for people."""
    put_word(failure_shown(event) if isinstance(event, events.Failed) else failure_text(event))


def say_log(log: Path | None) -> None:
    """Say where the details of a defect are, if they could be written."""
    if log is not None:
        put_word(f"  Details are in {one_line(str(log))}\n")


def print_json(content: Any) -> None:
    """Print a result for programs."""
    print_line(json.dumps(content, indent=2, allow_nan=False))


def print_line(text: str) -> None:
    """Print one line to standard output as it is.

    Raises
    ------
    InputError
        It cannot be written; a reader that went away is no error.
    """
    put(f"{text}\n")


def print_warning(text: str) -> None:
    """Say something to know about a result, where it does not disturb what a program reads."""
    put_word(f"Warning: {one_line(text)}\n")
