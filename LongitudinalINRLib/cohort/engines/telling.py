"""What an engine tells while it works. Needs the standard library alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Planned:
    """The work begins: how many people there are, and how many of them were done, or bad, before."""

    people: int
    done: int
    bad: int


@dataclass(frozen=True)
class Working:
    """The process of a person is at a stage (of `words.STAGES`); `fraction` of its job, 0 to 1, is done."""

    participant: str
    stage: str
    fraction: float


@dataclass(frozen=True)
class Ended:
    """The process of a person ended.

    Parameters
    ----------
    participant : str
        Label without ``sub-``.
    code : int
        Exit code, as of `longitudinal-inr fit`.
    attempt : int
        Which one of this run it was, from 1.
    again : bool
        Whether it will be tried again in this run.
    """

    participant: str
    code: int
    attempt: int
    again: bool


@dataclass(frozen=True)
class Said:
    """A word for the person, for example where the dashboard is."""

    message: str
    warning: bool = False


Told = Planned | Working | Ended | Said
Tell = Callable[[Told], None]


def to_line(told: Told) -> str:
    """Return an event as one line of JSON for programs: its kind under ``event``, and its fields."""
    return json.dumps({"event": type(told).__name__.lower(), **asdict(told)})
