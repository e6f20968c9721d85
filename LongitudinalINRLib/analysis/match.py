"""Whether the scans of a series match, in one word and one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["green", "amber", "red"]

_HEADLINES: dict[Level, str] = {
    "green": "The scans match",
    "amber": "The scans match with reservations",
    "red": "The scans do not match: do not read the map",
}


@dataclass(frozen=True)
class Match:
    """Whether the scans match.

    Parameters
    ----------
    level : str
        ``red`` where a follow-up cannot be laid over the baseline, ``amber`` where there is any other warning
        about the scans, else ``green``.
    reasons : sequence of str
        What speaks against it, a few words each; none where it is green.
    """

    level: Level = "green"
    reasons: Sequence[str] = ()

    @property
    def text(self) -> str:
        """What is said of it, in one line."""
        if not self.reasons:
            return f"{_HEADLINES[self.level]}: no check found anything."
        return f"{_HEADLINES[self.level]}: {'; '.join(self.reasons)}."


def judged(mismatches: Sequence[str], warnings: int) -> Match:
    """Return whether scans match.

    Parameters
    ----------
    mismatches : sequence of str
        Why follow-ups cannot be laid over the baseline, a few words each.
    warnings : int
        How many warnings there are about the scans.
    """
    if mismatches:
        return Match("red", tuple(mismatches))
    if warnings:
        return Match("amber", (f"{warnings} warning{'s' if warnings > 1 else ''} to read",))
    return Match()
