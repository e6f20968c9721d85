"""All people of a cohort: from the table where it is of today, from their folders else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.overview.covariates import read_covariates
from LongitudinalINRLib.cohort.overview.person import mark_of, read_person
from LongitudinalINRLib.cohort.overview.row import UNKNOWN, Covariates, PersonRow
from LongitudinalINRLib.cohort.overview.table import overview_file, read_rows, write_table
from LongitudinalINRLib.errors import InputError


@dataclass(frozen=True)
class Overview:
    """A cohort that is being looked through.

    Parameters
    ----------
    cohort : CohortFolder
        Not written to.
    participants : tuple of str
        Labels without ``sub-``, in their order.
    remembered : dict of str to PersonRow
        What the table knows of them.
    told : dict of str to Covariates
        What the study knows of them now: it is in no table of the cohort's people.
    """

    cohort: CohortFolder
    participants: tuple[str, ...]
    remembered: dict[str, PersonRow]
    told: dict[str, Covariates]

    def read(self, participants: Sequence[str]) -> list[PersonRow]:
        """Return the rows of some people, in any thread; folders are read where the table is older."""
        return [self._row(participant) for participant in participants]

    def _row(self, participant: str) -> PersonRow:
        folder, known = self.cohort.person(participant), self.remembered.get(participant)
        row = known if known is not None and known.mark == mark_of(folder) else read_person(folder)
        return row.with_covariates(self.told.get(participant, UNKNOWN))


def open_overview(cohort: CohortFolder) -> Overview:
    """Look which people a cohort has, and what is known of them at once.

    Raises
    ------
    InputError
        The folder is not that of a cohort, or cannot be read.
    """
    try:
        participants = tuple(cohort.participants())
    except OSError as error:
        raise _no_cohort(cohort, error.strerror or str(error)) from error
    if not participants:
        raise _no_cohort(cohort, "nobody in it" if cohort.people.is_dir() else "no folder people")
    remembered = _remembered(cohort)
    return Overview(cohort, participants, remembered, read_covariates(cohort))


def write_overview(cohort: CohortFolder) -> None:
    """Write the table of all people, as the last thing of the participant level: who looks reads one file.

    Whoever reads it reads the folders of those people anew who were planned or done since.
    """
    overview = open_overview(cohort)
    write_table(overview.read(overview.participants), overview_file(cohort))


def _remembered(cohort: CohortFolder) -> dict[str, PersonRow]:
    try:
        return {row.participant: row for row in read_rows(overview_file(cohort))}
    except (OSError, ValueError):  # it is only a memory: the folders know
        return {}


def _no_cohort(cohort: CohortFolder, found: str) -> InputError:
    return InputError(
        "not-a-cohort",
        f"The folder {cohort.path.name} is not a cohort of LongitudinalINR.",
        expected="the output folder of `longitudinal-inr bids`, with people in it",
        found=found,
        advice="Choose the folder that was given as OUT.",
    )
