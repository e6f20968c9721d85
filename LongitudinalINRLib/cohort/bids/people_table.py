"""Ages and sexes of people, as participants.tsv has them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from LongitudinalINRLib.cohort.bids.tsv import read_tsv
from LongitudinalINRLib.words import OLDEST_YEARS, Sex

_SEXES: dict[str, Sex] = {"f": "F", "female": "F", "m": "M", "male": "M"}
"""As BIDS recommends to write them, in lower case."""


class Traits(NamedTuple):
    """Of a person; None where it is not known."""

    age_years: float | None = None
    sex: Sex | None = None


def read_traits(bids_folder: Path) -> dict[str, Traits]:
    """Return what participants.tsv says of people by their labels; nothing where there is no such file.

    Raises
    ------
    InputError
        The table cannot be read.
    """
    path = bids_folder / "participants.tsv"
    if not path.exists():
        return {}
    return {
        row["participant_id"].removeprefix("sub-"): Traits(
            age_of(row.get("age", "")), _SEXES.get(row.get("sex", "").lower())
        )
        for row in read_tsv(path, ("participant_id",))
    }


def age_of(text: str) -> float | None:
    """Return an age in years, or None where the text is none."""
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", text):
        return None
    return float(text) if float(text) <= OLDEST_YEARS else None
