"""What was done from the scans to the groups, as paragraphs for a paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from LongitudinalINRLib.cohort.derivatives.methods import how_people_were_fitted, references_of
from LongitudinalINRLib.cohort.derivatives.used import used_by
from LongitudinalINRLib.cohort.folder import PREFIX, CohortFolder
from LongitudinalINRLib.cohort.plan import PersonPlan, read_plan
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.methods_text import methods_text as about_statistics


def methods_text(cohort: CohortFolder, found: GroupStatistics, about_maps: Sequence[str]) -> str:
    """Return paragraphs, apart by blank lines, that say what was done and on what it rests.

    Parameters
    ----------
    cohort : CohortFolder
        Its plans tell how those who are used were fitted.
    found : GroupStatistics
        What was done.
    about_maps : sequence of str
        How the maps were made; empty where none were.

    Raises
    ------
    InputError
        A plan is damaged.
    """
    used = used_by(_plans(cohort, found))
    fitted, references = how_people_were_fitted(used), " ".join(references_of(used))
    return "\n\n".join([*fitted, about_statistics(found), *about_maps, f"References: {references}"])


def _plans(cohort: CohortFolder, found: GroupStatistics) -> Iterator[PersonPlan]:
    for person in found.people:
        if person.status == "used":
            yield read_plan(cohort.person(person.participant_id.removeprefix(PREFIX)))
