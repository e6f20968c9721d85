"""Group, age and sex of the people of a study."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from LongitudinalINRLib.cohort.folder import PREFIX, CohortFolder
from LongitudinalINRLib.cohort.overview.row import Covariates

_GROUP = ("group", "diagnosis", "dx", "dx_group")
_AGE = ("age_years", "age")
_SEX = ("sex", "gender")
_MISSING = ("", "n/a", "N/A", "NA", "nan", "NaN")


def read_covariates(cohort: CohortFolder, bids_folder: str) -> dict[str, Covariates]:
    """Return what is known of each person, by the label without ``sub-``.

    Parameters
    ----------
    cohort : CohortFolder
        Its ``group/people.tsv`` is asked first: that is what the groups were compared with.
    bids_folder : str
        Its ``participants.tsv`` is asked else; nothing is known where that cannot be read.
    """
    for path in (cohort.group / "people.tsv", Path(bids_folder) / "participants.tsv"):
        if path.is_file():
            return covariates_in(path)
    return {}


def covariates_in(path: Path) -> dict[str, Covariates]:
    """Return what a table with a column ``participant_id`` tells; nothing where it is no such table."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = csv.DictReader(file, dialect="excel-tab")
            names = {name.strip().lower(): name for name in rows.fieldnames or () if name}
            group, age, sex = (_first(names, wanted) for wanted in (_GROUP, _AGE, _SEX))
            person = names.get("participant_id")
            if person is None:
                return {}
            return {
                str(row[person]).strip().removeprefix(PREFIX): Covariates(
                    _text(row, group), _number(_text(row, age)), _text(row, sex)
                )
                for row in rows
            }
    except (OSError, csv.Error):
        return {}


def _first(names: dict[str, str], wanted: tuple[str, ...]) -> str | None:
    return next((names[name] for name in wanted if name in names), None)


def _text(row: dict[str, str], name: str | None) -> str:
    text = (row.get(name) or "").strip() if name else ""
    return "" if text in _MISSING else text


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
