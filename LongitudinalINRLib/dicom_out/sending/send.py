"""One object after the other to a destination, until all are there or it is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from LongitudinalINRLib.dicom_out.output import OutputFolder, Stored
from LongitudinalINRLib.dicom_out.sending.log import SendLog
from LongitudinalINRLib.errors import NotSent


class Lost(Exception):
    """The destination cannot be reached, or not any more; says why."""


class Refused(Exception):
    """The destination did not take an object; says why."""


class Connection(Protocol):
    """An open way to a destination."""

    def send(self, path: Path, item: Stored) -> None:
        """Send one object; raises `Refused` or `Lost`."""


class Destination(Protocol):
    """Where objects are sent to."""

    @property
    def name(self) -> str:
        """What the log knows it by; it holds no credential."""

    def connected(self, items: list[Stored]) -> AbstractContextManager[Connection]:
        """Open a way for these objects; raises `Lost`."""


def send(
    folder: OutputFolder,
    stored: list[Stored],
    destination: Destination,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Send what a destination has not taken yet.

    Parameters
    ----------
    folder : OutputFolder
        The objects.
    stored : list of Stored
        Which of them.
    destination : Destination
        Where to.
    progress : callable
        Takes how many of how many are sent.

    Returns
    -------
    int
        How many were sent this time.

    Raises
    ------
    NotSent
        It did not take all; those that it took are in the log.
    """
    log = SendLog(folder, destination.name)
    missing = log.missing(stored)
    refused: list[str] = []
    sent, lost = 0, ""
    try:
        if missing:
            with destination.connected(missing) as connection:
                for item in missing:
                    try:
                        connection.send(folder.path / item.name, item)
                    except Refused as error:
                        refused.append(f"{item.name} ({error})")
                    else:
                        log.taken(item)
                        sent += 1
                        progress(sent, len(missing))
    except Lost as error:
        lost = str(error)
    if lost or refused:
        raise _not_sent(destination.name, len(stored), log.missing(stored), refused, lost)
    return sent


def _not_sent(name: str, count: int, missing: list[Stored], refused: list[str], lost: str) -> NotSent:
    found = f"{count - len(missing)} of {count} objects were taken"
    if lost:
        found += f"; then: {lost}"
    if refused:
        found += "; refused: " + ", ".join(refused[:3]) + (", …" if len(refused) > 3 else "")
    not_there = ", ".join(item.name for item in missing[:5])
    found += f". Not there: {not_there}" + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
    return NotSent(
        "pacs-not-sent",
        f"{name} did not take everything.",
        expected=f"all {count} objects taken",
        found=found,
        advice="Check the address and the rights; the same command again sends only what is missing.",
    )
