"""Errors that tell the person what was expected, what was found and what to do."""

from __future__ import annotations


class LongitudinalError(Exception):
    """A failure that is explained to the person who asked.

    Parameters
    ----------
    code : str
        Short stable name for programs, for example ``"mask-empty"``.
    message : str
        What went wrong, in one sentence.
    expected, found, advice : str
        What was expected, what was found instead, and what to do about it.
    """

    def __init__(self, code: str, message: str, *, expected: str = "", found: str = "", advice: str = ""):
        super().__init__(message)
        self.code = code
        self.message = message
        self.expected = expected
        self.found = found
        self.advice = advice

    def __str__(self) -> str:
        parts = [self.message]
        parts += [f"{name}: {text}" for name, text in self._details() if text]
        return "\n  ".join(parts)

    def _details(self) -> tuple[tuple[str, str], ...]:
        return (("Expected", self.expected), ("Found", self.found), ("What to do", self.advice))


class InputError(LongitudinalError):
    """What was given cannot be used: exit code 2."""


class NotSent(LongitudinalError):
    """A PACS did not take everything; what is missing is sent by the same command again: exit code 5."""


class Cancelled(LongitudinalError):
    """The person asked to stop: exit code 3."""

    def __init__(self) -> None:
        super().__init__(
            "cancelled", "The job was cancelled.", advice="Resume it to go on from its checkpoint."
        )


class OutOfMemory(LongitudinalError):
    """Memory ran out after every fallback: exit code 4."""


class NumericalError(LongitudinalError):
    """The fit left the finite numbers twice: exit code 1."""
