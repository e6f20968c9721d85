"""Group, age and sex of the people of a study."""

from __future__ import annotations

import json
from pathlib import Path

from LongitudinalINRLib.analysis.tables import unguarded
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.overview.row import Covariates
from LongitudinalINRLib.cohort.participants import NAME, read_people
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import read_own_text

LARGEST_INDEX_BYTES = 100_000_000


def read_covariates(cohort: CohortFolder) -> dict[str, Covariates]:
    """Return what is known of each person, by the label without ``sub-``; nothing where no table can be read.

    Parameters
    ----------
    cohort : CohortFolder
        Its ``group/people.tsv`` is asked first: that is what the groups were compared with. Else the
        ``participants.tsv`` of the BIDS folder is, which ``logs/index.json`` leads to.
    """
    bids_folder = _bids_folder(cohort)
    for path in (cohort.group_people, bids_folder and bids_folder / NAME):
        if path is not None and path.is_file():
            return _told(path)
    return {}


def _told(path: Path) -> dict[str, Covariates]:
    try:
        people = read_people(path).by_label
    except InputError:
        return {}
    return {
        label: Covariates(unguarded(who.group or ""), who.age_years, who.sex or "")
        for label, who in people.items()
    }


def _bids_folder(cohort: CohortFolder) -> Path | None:
    """Return the input, which the index of the cohort tells relative to its folder."""
    try:
        index = json.loads(read_own_text(cohort.index, LARGEST_INDEX_BYTES))
        return cohort.path / str(index["bids_folder"])
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return None
