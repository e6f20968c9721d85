"""All people of a cohort, read in another thread a part at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.overview.reading import open_overview
from LongitudinalINRLib.cohort.overview.row import PersonRow
from LongitudinalINRModule.background.steps import Steps

PEOPLE_AT_ONCE = 500


def reading_people(folder: Path, on_read: Callable[[int, int], None]) -> Steps[list[PersonRow]]:
    """Read the people of a cohort in steps; nothing is written.

    Parameters
    ----------
    folder : Path
        The output folder of a cohort.
    on_read : callable
        Takes how many people were read, and how many there are.

    Raises
    ------
    InputError
        It is not the folder of a cohort.
    """
    overview = yield partial(open_overview, CohortFolder(folder))
    rows: list[PersonRow] = []
    everybody = overview.participants
    for start in range(0, len(everybody), PEOPLE_AT_ONCE):
        rows += yield partial(overview.read, everybody[start : start + PEOPLE_AT_ONCE])
        on_read(len(rows), len(everybody))
    return rows
