"""How the work for one person ended: the content of ``outcome.json``; it decides what is left to do."""

from __future__ import annotations

from pydantic import TypeAdapter

from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs.failures import BAD_INPUT, DONE
from LongitudinalINRLib.jobs.system_failures import SYSTEM_CODES
from LongitudinalINRLib.json_model import Document, Seconds, Sha256, read_document

LARGEST_OUTCOME_BYTES = 1_000_000

OF_THE_MACHINE = SYSTEM_CODES | {
    "already-running",
    "ants-missing",
    "cannot-write",
    "cohort-extra-missing",
    "dependency-missing",
    "device-missing",
    "file-unreadable",
    "output-unwritable",
    "program-missing",
}
"""Codes of errors that say nothing of the scans."""

_LATER = {
    "file-missing",
    "manifest-damaged",
    "output-not-empty",
    "output-taken",
    "result-damaged",
}
"""Codes of what somebody may put right outside the scans: a disk that is not mounted, a file in the way."""


class Outcome(Document):
    """How the last run for a person ended.

    Parameters
    ----------
    plan : str
        SHA-256 of the plan that was followed.
    code : int
        Exit code, as of `longitudinal-inr fit`: 0 done, 2 bad input, 3 cancelled, 4 out of memory, 1 a
        defect; or `NOT_PUBLISHED` or `MACHINE`.
    error, message, expected, found, advice : str
        Of the failure; empty when done.
    warnings : tuple of str
        Told while it was done.
    attempts : int
        Runs with this plan, this one among them.
    seconds : float
        Time of this run.
    version : str
        Of this program.
    ended : str
        When, in UTC, ISO 8601.
    """

    plan: Sha256
    code: int
    error: str = ""
    message: str = ""
    expected: str = ""
    found: str = ""
    advice: str = ""
    warnings: tuple[str, ...] = ()
    attempts: int = 1
    seconds: Seconds = 0.0
    version: str = ""
    ended: str = ""

    @property
    def is_final(self) -> bool:
        """Whether another run with the same plan can change nothing: it is done, or its input is bad."""
        bad = self.code == BAD_INPUT and self.error not in OF_THE_MACHINE | _LATER
        return self.code == DONE or bad


_KIND = TypeAdapter(Outcome)


def write_outcome(outcome: Outcome, folder: PersonFolder) -> None:
    """Write how a run ended."""
    write_text(folder.outcome, outcome.model_dump_json(indent=1) + "\n")


def read_outcome(folder: PersonFolder) -> Outcome | None:
    """Return how the last run ended; None where there was none, or what it left is damaged."""
    if not folder.outcome.exists():
        return None
    try:
        return read_document(folder.outcome, _KIND, LARGEST_OUTCOME_BYTES)
    except InputError:  # then the person is done again, which costs a look at a finished fit
        return None
