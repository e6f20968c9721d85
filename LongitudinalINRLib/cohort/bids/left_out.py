"""People for whom nothing can be done, with the reason: the content of ``logs/left_out.tsv``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.cohort.tsv import read_tsv
from LongitudinalINRLib.errors import InputError, LongitudinalError
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.plain_text import one_line

COLUMNS = ("participant_id", "reason", "message", "what_to_do")


@dataclass(frozen=True)
class LeftOut:
    """A person who is left out.

    Parameters
    ----------
    participant : str
        Label without ``sub-``.
    reason : str
        Short stable name, for programs.
    message : str
        What is wrong, for people.
    what_to_do : str
        How the person could be taken in.
    """

    participant: str
    reason: str
    message: str
    what_to_do: str

    @classmethod
    def of(cls, participant: str, error: LongitudinalError) -> LeftOut:
        """Make one of an error."""
        message = f"{error.message} Found: {error.found}." if error.found else error.message
        return cls(participant, error.code, message, error.advice)


def write_left_out(people: Iterable[LeftOut], path: Path, looked_at: Collection[str]) -> None:
    """Write who is left out; lines of people that were not looked at this time stay.

    Parameters
    ----------
    people : iterable of LeftOut
        Of those that were looked at.
    path : Path
        The table.
    looked_at : collection of str
        Labels.
    """
    known = {item.participant: item for item in read_left_out(path) if item.participant not in looked_at}
    known |= {item.participant: item for item in people}
    rows = (
        (f"sub-{item.participant}", item.reason, item.message, item.what_to_do)
        for _, item in sorted(known.items())
    )
    lines = ("\t".join(one_line(cell) for cell in row) for row in (COLUMNS, *rows))
    write_text(path, "".join(f"{line}\n" for line in lines))


def read_left_out(path: Path) -> list[LeftOut]:
    """Return who is left out; nobody where there is no such table, or it is damaged."""
    try:
        rows = read_tsv(path, COLUMNS)
    except InputError:
        return []
    return [
        LeftOut(row["participant_id"].removeprefix("sub-"), row["reason"], row["message"], row["what_to_do"])
        for row in rows
    ]
