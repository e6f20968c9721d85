"""What a worker says while it works: one JSON object a line. Needs the standard library alone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.output import unwritable


@dataclass(frozen=True)
class Started:
    """The worker is up; `resumed` tells whether it goes on from an earlier run."""

    version: str
    process_id: int
    resumed: bool = False


@dataclass(frozen=True)
class Progress:
    """How far the job is.

    Parameters
    ----------
    stage : str
        One of `stages` of `progress.SHARES`.
    fraction : float
        Share of the whole job that is done, 0 to 1.
    step, steps : int, optional
        Step of the fit, and how many it takes at most.
    losses : dict
        Value of each loss term at this step.
    seconds_left : float, optional
        Estimate for the whole job; None while it is unknown.
    """

    stage: str
    fraction: float
    step: int | None = None
    steps: int | None = None
    losses: dict[str, float] = field(default_factory=dict)
    seconds_left: float | None = None


@dataclass(frozen=True)
class Warning:
    """Something to know about the result; the job goes on."""

    message: str


@dataclass(frozen=True)
class Done:
    """The job is finished; paths of what it wrote, relative to the job folder, by kind."""

    results: dict[str, list[str]]
    seconds: float = 0.0


@dataclass(frozen=True)
class Failed:
    """The job ended without a result: why, and what to do."""

    code: str
    message: str
    expected: str = ""
    found: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Cancelled:
    """The job was stopped on request; its checkpoint stays."""


Event = Started | Progress | Warning | Done | Failed | Cancelled
Emit = Callable[[Event], None]
LAST = (Done, Failed, Cancelled)

_KINDS: dict[str, type[Event]] = {
    "started": Started,
    "progress": Progress,
    "warning": Warning,
    "done": Done,
    "failed": Failed,
    "cancelled": Cancelled,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_line(event: Event) -> str:
    """Return the event as one line of JSON, without the line break."""
    return json.dumps({"event": _NAMES[type(event)], **dataclasses.asdict(event)})


def from_line(line: str) -> Event | None:
    """Read one line; None for a line that is not an event, or an event of a kind unknown to this version."""
    try:
        content = json.loads(line)
        kind = _KINDS[content.pop("event")]
        known = {item.name for item in dataclasses.fields(kind)}
        return kind(**{name: value for name, value in content.items() if name in known})
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ):  # not JSON, no object, no known kind, or incomplete
        return None


class EventStream:
    """Writes events to a stream, each at once.

    When nobody reads any more (the front was closed or crashed) `broken` turns true, and the worker stops at
    its next chunk of work as if it had been cancelled. Where the stream cannot be written for another reason,
    `error` keeps it.
    """

    def __init__(self, stream: TextIO):
        self._stream = stream
        self.broken = False
        self.error: InputError | None = None

    def emit(self, event: Event) -> None:
        """Write one event.

        Raises
        ------
        InputError
            The stream cannot be written although it has a reader; what comes later is dropped.
        """
        if self.broken:
            return
        try:
            self._stream.write(to_line(event) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            self.broken = True
        except OSError as error:
            self.broken, self.error = True, unwritable(error.strerror or str(error))
            raise self.error from error
