"""What a simulated cohort says of itself: the files at the top of its BIDS folder."""

from __future__ import annotations

from collections.abc import Sequence

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.folder import PREFIX
from LongitudinalINRLib.cohort.simulated.people import SimulatedPerson
from LongitudinalINRLib.cohort.simulated.settings import CohortSettings
from LongitudinalINRLib.cohort.tsv import table_text
from LongitudinalINRLib.files import json_text
from LongitudinalINRLib.ownership import MANIFEST

BIDS_VERSION = "1.10.0"
_GENERATED_BY = [{"Name": "LongitudinalINR", "Version": __version__, "Description": "simulate-cohort"}]
_README = """# A simulated cohort

{people} people in {groups} groups, made by `longitudinal-inr simulate-cohort`. None of them exists:
each is {source}, deformed by a smooth random warp of several millimetres, with
grey values of its own. Between the visits the regions of each person change at rates that are drawn
around those of the group.

`derivatives/simulation` holds the truth: the change per year of each region of each person, as the scans
show it (`people_slopes.tsv`), the means of the groups (`group_slopes.tsv`), who changed scanner or missed
a visit (`people.tsv`), and with whom something is wrong on purpose (`blunders.tsv`).
"""
_COLUMNS = {
    "age": {"Description": "Age at the baseline", "Units": "year"},
    "sex": {"Description": "Drawn", "Levels": {"F": "female", "M": "male"}},
    "site": {"Description": "Scanner of the baseline"},
}


def descriptions(settings: CohortSettings, people: Sequence[SimulatedPerson]) -> dict[str, str]:
    """Return the texts of the files by their names in the BIDS folder."""
    source = "the likeness of one of several scans" if settings.sources else "an average brain"
    readme = _README.format(people=settings.people, groups=len(settings.groups), source=source)
    levels = {
        group.name: f"Hippocampi lose {group.loss_percent_per_year:g} % a year" for group in settings.groups
    }
    columns = {**_COLUMNS, "group": {"Description": "Group of the simulation", "Levels": levels}}
    return {
        "dataset_description.json": json_text(_description("Simulated cohort", "raw")) + "\n",
        "README.md": readme,
        ".bidsignore": f"{MANIFEST}\n",
        "participants.tsv": _participants(people),
        "participants.json": json_text(columns) + "\n",
        "derivatives/simulation/dataset_description.json": _derivative("Truth of a simulated cohort"),
        "derivatives/simulation/people.tsv": _people(people),
        "derivatives/simulation/blunders.tsv": _blunders(people),
    }


def segmentation_description() -> str:
    """Return the description of the folder of true regions."""
    return _derivative("True regions of a simulated cohort, named as SynthSeg's would be")


def _derivative(name: str) -> str:
    return json_text(_description(name, "derivative")) + "\n"


def _description(name: str, kind: str) -> dict[str, object]:
    return {
        "Name": name,
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": kind,
        "License": "CC0",
        "Authors": ["LongitudinalINR simulate-cohort"],
        "GeneratedBy": _GENERATED_BY,
    }


def _participants(people: Sequence[SimulatedPerson]) -> str:
    return table_text(
        ("participant_id", "age", "sex", "group", "site"),
        [
            (f"{PREFIX}{p.participant}", p.age_years, p.sex, p.group.name, p.visits[0].site.name)
            for p in people
        ],
    )


def _people(people: Sequence[SimulatedPerson]) -> str:
    return table_text(
        ("participant_id", "group", "visits", "missed", "sites", "blunder"),
        [
            (
                f"{PREFIX}{p.participant}",
                p.group.name,
                len(p.visits),
                ",".join(p.missed) or None,
                ",".join(dict.fromkeys(visit.site.name for visit in p.visits)),
                p.blunder,
            )
            for p in people
        ],
    )


def _blunders(people: Sequence[SimulatedPerson]) -> str:
    rows = [
        (f"{PREFIX}{p.participant}", f"ses-{p.visits[-1].session}", p.blunder) for p in people if p.blunder
    ]
    return table_text(("participant_id", "session_id", "blunder"), rows)
