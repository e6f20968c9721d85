"""The plans of a cohort in its folder, with the logs of who is left out and what was odd."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from LongitudinalINRLib import __version__, files
from LongitudinalINRLib.cohort.bids.left_out import write_left_out
from LongitudinalINRLib.cohort.bids.planning import CohortPlan
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.plan import write_plan


def write_cohort(plan: CohortPlan, bids_folder: Path, cohort: CohortFolder) -> list[PersonFolder]:
    """Write what is to be done, and return the folders of the people that have a plan.

    A plan that is there and the same is left alone. The plan of a person who is left out now is removed; what
    was made by it stays.

    Parameters
    ----------
    plan : CohortPlan
        What is to be done.
    bids_folder : Path
        The scans.
    cohort : CohortFolder
        See `place.check_output`.
    """
    files.make_folder(cohort.logs)
    files.write_json(cohort.index, index_values(plan, bids_folder))
    write_left_out(plan.left_out, cohort.left_out, plan.looked_at)
    for one in plan.left_out:
        files.remove(cohort.person(one.participant).plan)
    people = []
    for person in plan.plans:
        folder = cohort.person(person.participant)
        write_plan(person, folder)
        people.append(folder)
    return people


def index_values(plan: CohortPlan, bids_folder: Path) -> dict[str, Any]:
    """Return what was found in a BIDS folder as JSON values."""
    return {
        "made_by": "LongitudinalINR",
        "version": __version__,
        "bids_folder": str(bids_folder.absolute()),
        "people": len(plan.plans),
        "scans": sum(len(person.scans) for person in plan.plans),
        "left_out": len(plan.left_out),
        "labels_from": plan.labels_from,
        "notes": [{"where": note.where, "message": note.message} for note in plan.notes],
    }
