"""What decides a simulated cohort: the content of ``cohort.json``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from LongitudinalINRLib.cohort.simulated.groups import PUBLISHED, Group
from LongitudinalINRLib.cohort.simulated.sites import SITES
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_model import Document, Months, Sha256
from LongitudinalINRLib.simulate.checks import checked_months
from LongitudinalINRLib.simulate.settings import check_range

MOST_PEOPLE = 100_000
Share = Annotated[float, Field(ge=0, le=1)]


class Source(Document):
    """Files of a person whose brain the people of the cohort are likenesses of."""

    t1: Sha256
    labels: Sha256


class CohortSettings(Document):
    """What decides a simulated cohort.

    Parameters
    ----------
    people : int
        How many.
    groups : tuple of Group
        People are of them in turn.
    months : tuple of float
        When people are asked to come, month 0 first; they come up to ten days off.
    seed : int
        Of everything that is random.
    voxel_mm : float
        Edge of the voxels of the scans.
    missing : float
        Share of follow-ups that did not take place.
    sites : int
        Scanners of the study (see `sites.SITES`).
    scanner_changes : float
        Share of people who change to the next scanner after their first or a later visit.
    blunders : int
        People with something wrong (see `blunders`).
    sources : tuple of Source
        Brains that people are likenesses of, the same in every group; empty: the built-in average.
    """

    people: int
    groups: tuple[Group, ...] = PUBLISHED
    months: tuple[Months, ...] = (0.0, 12.0, 24.0)
    seed: int = 0
    voxel_mm: float = 2.0
    missing: Share = 0.1
    sites: int = 2
    scanner_changes: Share = 0.1
    blunders: int = 0
    sources: tuple[Source, ...] = ()


def check_settings(settings: CohortSettings) -> None:
    """Refuse settings without a meaning.

    Raises
    ------
    InputError
        One of them is out of its range.
    """
    checked_months(settings.months)
    check_range("people", settings.people, 1, MOST_PEOPLE)
    check_range("voxel_mm", settings.voxel_mm, 1.0, 8.0)
    check_range("missing", settings.missing, 0.0, 0.9)
    check_range("sites", settings.sites, 1, len(SITES))
    check_range("scanner_changes", settings.scanner_changes, 0.0, 1.0)
    check_range("blunders", settings.blunders, 0, settings.people)
    for group in settings.groups:
        check_range(f"loss of {group.name}", group.loss_percent_per_year, -10.0, 20.0)
    names = [group.name for group in settings.groups]
    if not names or len(set(names)) < len(names) or not all(_is_word(name) for name in names):
        raise InputError(
            "simulation-groups",
            "The groups cannot be used.",
            expected="names of letters, digits, - and _, each once",
            found=", ".join(names) or "none",
            advice="Give them as in control:0.8,MCI:1.7,AD:2.2.",
        )


def _is_word(name: str) -> bool:
    return bool(name) and all(sign.isalnum() or sign in "-_" for sign in name) and name != "n/a"
