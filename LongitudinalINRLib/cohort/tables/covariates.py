"""Who the people of a cohort are: group, age, sex and site from BIDS ``participants.tsv``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from LongitudinalINRLib.cohort.folder import PREFIX
from LongitudinalINRLib.cohort.tables.storage import MISSING
from LongitudinalINRLib.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

GROUP_COLUMNS = ("group", "diagnosis", "dx")
AGE_COLUMNS = ("age",)
SEX_COLUMNS = ("sex", "gender")
SITE_COLUMNS = ("site", "scanner")
"""Names that are looked for, in this order, where no option names a column; capitals do not matter."""

_NOTHING = {"", MISSING, "na", "nan", "none", "unknown"}
_SEXES = {"m": "M", "male": "M", "f": "F", "female": "F"}
_TOP_CODED = "+"


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
    sex: str | None = None
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
    """

    by_label: dict[str, Covariates]
    columns: Columns


def read_participants(source: pd.DataFrame | Path, columns: Columns | None = None) -> Participants:
    """Read who the people are.

    Parameters
    ----------
    source : DataFrame or Path
        The content of ``participants.tsv``, the file, or the BIDS folder that it is in.
    columns : Columns
        Names of columns that must be there.

    Raises
    ------
    InputError
        There is no such file, column or person, or a person is in it twice.
    """
    table, chosen = _table(source), columns or Columns()
    lowered = {str(name).casefold(): str(name) for name in reversed(list(table.columns))}
    if "participant_id" not in table.columns:
        raise _no_column("participant_id", list(table.columns))
    labels = [str(name).strip().removeprefix(PREFIX) for name in table["participant_id"]]
    if twice := sorted(label for label, count in Counter(labels).items() if count > 1):
        raise InputError(
            "participants-twice",
            "participants.tsv names people more than once.",
            expected="one row for each person",
            found=", ".join(twice[:3]),
            advice="Keep one row for each; covariates are those of the baseline.",
        )
    found = Columns(
        _column(lowered, chosen.group, GROUP_COLUMNS),
        _column(lowered, chosen.age, AGE_COLUMNS),
        _column(lowered, chosen.sex, SEX_COLUMNS),
        _column(lowered, chosen.site, SITE_COLUMNS),
    )
    cells = {
        name: [_text(cell) for cell in table[column]] if column else [None] * len(table)
        for name, column in vars(found).items()
    }
    people = [
        Covariates(group, _age(age), _SEXES.get((sex or "").casefold()), site)
        for group, age, sex, site in zip(*cells.values(), strict=True)
    ]
    return Participants(dict(zip(labels, people, strict=True)), found)


def missing_column(what: str) -> InputError:
    """Return the error of a table that has no column for something that is needed."""
    usual = {"group": GROUP_COLUMNS, "age": AGE_COLUMNS, "sex": SEX_COLUMNS, "site": SITE_COLUMNS}[what]
    return InputError(
        "participants-column",
        f"participants.tsv has no column for {what}.",
        expected=" or ".join(usual),
        found="none of them",
        advice=f"Name the column by --{what}-column.",
    )


def _table(source: pd.DataFrame | Path) -> pd.DataFrame:
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return source
    path = source / "participants.tsv" if source.is_dir() else source
    try:
        return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(
            "participants-unreadable",
            f"{path.name} cannot be read.",
            expected="the participants.tsv of a BIDS folder: a row for each person, cells separated by tabs",
            found=getattr(error, "strerror", None) or str(error),
            advice="Name the BIDS folder or the file by --participants.",
        ) from error


def _column(lowered: dict[str, str], asked: str | None, usual: Sequence[str]) -> str | None:
    if asked is None:
        return next((lowered[name] for name in usual if name in lowered), None)
    if asked.casefold() not in lowered:
        raise _no_column(asked, list(lowered.values()))
    return lowered[asked.casefold()]


def _no_column(name: str, found: Sequence[str]) -> InputError:
    return InputError(
        "participants-column",
        f"participants.tsv has no column {name}.",
        expected=name,
        found=", ".join(map(str, found)) or "no column",
        advice="Name a column that is there.",
    )


def _text(cell: object) -> str | None:
    text = str(cell).strip()  # a cell of pandas without a value reads nan or None
    return None if text.casefold() in _NOTHING else text


def _age(cell: str | None) -> float | None:
    try:
        years = float((cell or "").removesuffix(_TOP_CODED))
    except ValueError:
        return None
    return years if 0 < years < 130 else None
