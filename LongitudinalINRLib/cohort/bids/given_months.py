"""Months that a person gives: for each session, for each person in a table, or by the labels of sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from LongitudinalINRLib.cohort.tsv import read_tsv
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import shown
from LongitudinalINRLib.words import LONGEST_MONTHS

COLUMNS = ("participant_id", "session_id", "months")

_IN_LABEL = re.compile(r"(?:m|month|mo)(\d+)|(\d+)(?:m|mo|months?)", re.IGNORECASE)
_BASELINE = ("bl", "baseline")


@dataclass(frozen=True)
class GivenMonths:
    """Months since the baseline that were given instead of dates.

    Parameters
    ----------
    of_sessions : mapping of str to float
        By the label of the session, for everybody.
    of_people : mapping of str to mapping
        By the label of the person, then of the session; before `of_sessions`.
    from_labels : bool
        Whether the labels themselves say them, where nothing else does.
    """

    of_sessions: Mapping[str, float] = field(default_factory=dict)
    of_people: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    from_labels: bool = False

    def of(self, participant: str, sessions: Sequence[str | None]) -> list[float] | None:
        """Return the months of a person's sessions; None where dates are to tell.

        Raises
        ------
        InputError
            They are given, but not for each of the sessions.
        """
        if participant in self.of_people:
            known: Mapping[str, float | None] = self.of_people[participant]
            source = "the table of --months"
        elif self.of_sessions:
            known, source = self.of_sessions, "--months"
        elif self.from_labels:
            known = {label: months_in(label) for label in sessions if label is not None}
            source = "the labels of the sessions"
        else:
            return None
        months = {label: None if label is None else known.get(label) for label in sessions}
        unknown = [label for label, value in months.items() if value is None]
        if unknown:
            raise InputError(
                "months-missing",
                f"No months are given for {', '.join(f'ses-{label}' for label in unknown)}.",
                expected=f"months of every session in {source}",
                found=f"months of {len(months) - len(unknown)} of {len(months)} sessions",
                advice="Give them (--months), or leave the session out with --session-label.",
            )
        return [value for value in months.values() if value is not None]


def read_given_months(text: str | None, from_labels: bool) -> GivenMonths:
    """Read what the options say.

    Parameters
    ----------
    text : str, optional
        ``ses-M00=0,ses-M12=12``, or the path of a table with `COLUMNS`.
    from_labels : bool
        Whether the labels of sessions say the months.

    Raises
    ------
    InputError
        It is neither, or a value is no number of months.
    """
    if text is None:
        return GivenMonths(from_labels=from_labels)
    if "=" in text:
        pairs = [part.partition("=") for part in text.split(",")]
        return GivenMonths(
            {_bare(label, "ses-"): _number(value) for label, _, value in pairs}, {}, from_labels
        )
    of_people: dict[str, dict[str, float]] = {}
    for row in read_tsv(Path(text), COLUMNS):
        person, session = _bare(row["participant_id"], "sub-"), _bare(row["session_id"], "ses-")
        of_people.setdefault(person, {})[session] = _number(row["months"])
    return GivenMonths({}, of_people, from_labels)


def months_in(label: str) -> float | None:
    """Return the months that the label of a session says, or None.

    Examples
    --------
    >>> months_in("M12"), months_in("m06"), months_in("12mo"), months_in("bl"), months_in("2")
    (12.0, 6.0, 12.0, 0.0, None)
    """
    if label.lower() in _BASELINE:
        return 0.0
    match = _IN_LABEL.fullmatch(label)
    return float(match[1] or match[2]) if match else None


def _bare(label: str, prefix: str) -> str:
    return label.strip().removeprefix(prefix)


def _number(text: str) -> float:
    try:
        months = float(text)
    except ValueError:
        months = -1.0
    if "_" in text or not 0 <= months <= LONGEST_MONTHS:
        raise InputError(
            "option-months",
            "The months of --months cannot be used.",
            expected=f"months from 0 to {LONGEST_MONTHS:g}, as ses-M00=0,ses-M12=12 or in a table",
            found=shown(text),
            advice="The baseline is month 0; give every other session in months after it.",
        )
    return months
