"""Who the people of a cohort are: group, age, sex and site from BIDS ``participants.tsv``.

Needs the standard library alone: whoever looks through a cohort reads the same as who compares its groups.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.cohort.folder import PREFIX
from LongitudinalINRLib.cohort.tsv import read_tsv
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import OLDEST_YEARS, Sex

NAME = "participants.tsv"

USUAL: Mapping[str, tuple[str, ...]] = {
    "group": ("group", "diagnosis", "dx", "dx_group"),
    "age": ("age", "age_years"),
    "sex": ("sex", "gender"),
    "site": ("site", "scanner"),
}
"""Names that are looked for, in this order, where no option names a column; capitals do not matter."""

_NOTHING = {"", "n/a", "na", "nan", "none", "unknown"}
_SEXES: Mapping[str, Sex] = {"m": "M", "male": "M", "f": "F", "female": "F"}
_AGE = re.compile(r"(\d{1,3}(\.\d+)?)\+?")


@dataclass(frozen=True)
class Columns:
    """Which columns of ``participants.tsv`` say what; None: the usual names are looked for."""

    group: str | None = None
    age: str | None = None
    sex: str | None = None
    site: str | None = None


@dataclass(frozen=True)
class Covariates:
    """What is known about one person; None where nothing is.

    Parameters
    ----------
    group, site : str or None
        As they are written.
    age_years : float or None
        At the baseline. BIDS lets ages be cut off as ``89+``: that is 89.
    sex : str or None
        ``M`` or ``F``; others are too few for a term of their own and count as unknown.
    """

    group: str | None = None
    age_years: float | None = None
    sex: Sex | None = None
    site: str | None = None


@dataclass(frozen=True)
class Participants:
    """The people of a table.

    Parameters
    ----------
    by_label : dict of str to Covariates
        By the label without ``sub-``.
    columns : Columns
        The columns that were found.
    levels : tuple of str
        The groups in the order of ``Levels`` in the JSON beside the table; empty where that says nothing.
    """

    by_label: dict[str, Covariates]
    columns: Columns
    levels: tuple[str, ...] = ()


def read_people(source: Path, columns: Columns | None = None) -> Participants:
    """Read who the people are.

    Parameters
    ----------
    source : Path
        ``participants.tsv``, a table like it, or the BIDS folder that it is in.
    columns : Columns
        Names of columns that must be there.

    Raises
    ------
    InputError
        There is no such file, column or person, or a person is in it twice.
    """
    path = source / NAME if source.is_dir() else source
    try:
        rows = read_tsv(path)
    except InputError as error:
        raise _unreadable(path, error.found) from error
    if not rows:
        raise _unreadable(path, "nobody in it")
    found = people_in(rows, list(rows[0]), columns)
    return Participants(
        found.by_label, found.columns, _levels(path.with_suffix(".json"), found.columns.group)
    )


def people_in(
    rows: Iterable[Mapping[str, str]], names: Sequence[str], columns: Columns | None = None
) -> Participants:
    """Return the people of the rows of a table.

    Parameters
    ----------
    rows : iterable of mapping
        Cells by column.
    names : sequence of str
        The columns.
    columns : Columns
        Names of columns that must be there.

    Raises
    ------
    InputError
        There is no such column, or a person is there twice.
    """
    asked = vars(columns or Columns())
    lowered = {name.casefold(): name for name in reversed(names)}
    if "participant_id" not in names:
        raise _no_column("participant_id", names)
    found = Columns(**{what: _column(lowered, asked[what], usual) for what, usual in USUAL.items()})
    labels, people = [], []
    for row in rows:
        labels.append(row["participant_id"].strip().removeprefix(PREFIX))
        group, age, sex, site = (known(row[name]) if name else None for name in vars(found).values())
        people.append(Covariates(group, age_of(age or ""), sex_of(sex or ""), site))
    if twice := sorted(label for label, count in Counter(labels).items() if count > 1):
        raise InputError(
            "participants-twice",
            f"{NAME} names people more than once.",
            expected="one row for each person",
            found=", ".join(twice[:3]),
            advice="Keep one row for each; covariates are those of the baseline.",
        )
    return Participants(dict(zip(labels, people, strict=True)), found)


def known(text: str) -> str | None:
    """Return the text of a cell; None where it says that nothing is known."""
    return None if text.strip().casefold() in _NOTHING else text.strip()


def age_of(text: str) -> float | None:
    """Return an age in years, or None where the text is none.

    Examples
    --------
    >>> age_of("71.5"), age_of("89+"), age_of("old"), age_of("0")
    (71.5, 89.0, None, None)
    """
    found = _AGE.fullmatch(text.strip())
    years = float(found[1]) if found else 0.0
    return years if 0 < years <= OLDEST_YEARS else None


def sex_of(text: str) -> Sex | None:
    """Return a sex, written as BIDS recommends it or in full."""
    return _SEXES.get(text.strip().casefold())


def missing_column(what: str) -> InputError:
    """Return the error of a table that has no column for something that is needed."""
    return InputError(
        "participants-column",
        f"{NAME} has no column for {what}.",
        expected=" or ".join(USUAL[what]),
        found="none of them",
        advice=f"Name the column by --{what}-column.",
    )


def _levels(path: Path, column: str | None) -> tuple[str, ...]:
    """Return the ``Levels`` of a column in their order; nothing where the file is not there, or no such."""
    try:
        levels = json.loads(path.read_text("utf-8-sig"))[column]["Levels"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(levels) if isinstance(levels, dict) else ()


def _unreadable(path: Path, found: str) -> InputError:
    return InputError(
        "participants-unreadable",
        f"{path.name} cannot be read.",
        expected="the participants.tsv of a BIDS folder: a row for each person, cells separated by tabs",
        found=found,
        advice="Name the BIDS folder or the file by --participants.",
    )


def _column(lowered: Mapping[str, str], asked: str | None, usual: Sequence[str]) -> str | None:
    if asked is None:
        return next((lowered[name] for name in usual if name in lowered), None)
    if asked.casefold() not in lowered:
        raise _no_column(asked, list(lowered.values()))
    return lowered[asked.casefold()]


def _no_column(name: str, found: Sequence[str]) -> InputError:
    return InputError(
        "participants-column",
        f"{NAME} has no column {name}.",
        expected=name,
        found=", ".join(found) or "no column",
        advice="Name a column that is there.",
    )
