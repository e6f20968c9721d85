"""How a command ends: its exit code, and its message where it failed."""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from LongitudinalINRLib.cli.screen import show_failure
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import DEFECT, explain


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
        yield
    except (typer.Exit, typer.Abort):
        raise
    except (Exception, KeyboardInterrupt) as error:
        event, code = explain(error)
        if as_json:
            print_line(events.to_line(event))
        else:
            say(event)
        if code == DEFECT:
            say_log(_write_log())
        raise typer.Exit(code) from error


def say(event: events.Failed | events.Cancelled) -> None:
    """Print how a command failed, for people."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if isinstance(event, events.Failed):
        show_failure(console, event)
    else:
        console.print("Cancelled. What was done is kept; a fit goes on with: longitudinal-inr resume DIR")


def say_log(log: Path) -> None:
    """Say where the details of a defect are."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"  Details are in {log}", markup=False)


def print_json(content: Any) -> None:
    """Print a result for programs."""
    print_line(json.dumps(content, indent=2, allow_nan=False))


def print_line(text: str) -> None:
    """Print one line to standard output as it is."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _write_log() -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="longitudinal-inr-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        traceback.print_exc(file=log)
    return Path(log.name)
