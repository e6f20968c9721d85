"""Who is in the maps of groups, and at which months these are made."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from LongitudinalINRLib.cohort.folder import PREFIX, CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.cohort.maps.person import read_in_template
from LongitudinalINRLib.cohort.plan import read_plan
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import SEXES

USUAL_STEPS_MONTHS = (1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0)
FEWEST_MAPS, MOST_MAPS = 2, 5
MOST_GROUPS_IN_PAIRS = 3


@dataclass(frozen=True)
class Member:
    """A person who is in the maps.

    Parameters
    ----------
    participant : str
        Label without ``sub-``.
    group : str
        Of the person.
    age_years : float or None
        At the baseline.
    sex : str or None
        F or M.
    last_months : float
        Of the last scan.
    """

    participant: str
    group: str
    age_years: float | None
    sex: str | None
    last_months: float


def chosen(cohort: CohortFolder, people: Any) -> tuple[list[Member], list[tuple[str, str]]]:
    """Return who can be in the maps, and who cannot, each with the reason.

    Parameters
    ----------
    cohort : CohortFolder
        With people who were fitted and carried to the template.
    people : DataFrame
        With ``participant_id`` and ``group``, and perhaps ``age_years`` and ``sex``.
    """
    members: list[Member] = []
    left_out: list[tuple[str, str]] = []
    for line in people.to_dict("records"):
        participant = str(line["participant_id"]).removeprefix(PREFIX)
        person = cohort.person(participant)
        reason = "no group" if _text(line.get("group")) is None else _reason(person)
        if reason:
            left_out.append((participant, reason))
        else:
            members.append(_member(person, line))
    return members, left_out


def usual_months(members: Sequence[Member]) -> tuple[float, ...]:
    """Return months at even steps up to the last scan of half of the people."""
    end = float(np.median([member.last_months for member in members]))
    fitting = [step for step in USUAL_STEPS_MONTHS if FEWEST_MAPS <= round(end / step) <= MOST_MAPS]
    step = 6.0 if 6.0 in fitting else fitting[0] if fitting else end
    return tuple(step * number for number in range(1, max(1, round(end / step)) + 1))


def usual_contrasts(groups: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return which groups are compared: all pairs of a few, and of many every one with the first."""
    pairs = itertools.combinations(sorted(groups), 2)
    few = len(groups) <= MOST_GROUPS_IN_PAIRS
    return tuple((group, reference) for reference, group in pairs if few or reference == min(groups))


def months_of(options: MapOptions, members: Sequence[Member]) -> tuple[float, ...]:
    """Return the months of the mean maps, ascending."""
    return usual_months(members) if options.months is None else tuple(sorted(set(options.months)))


def _reason(person: PersonFolder) -> str:
    if not person.job.results.exists():
        return "no finished fit"
    note = read_in_template(person)
    return "not registered to the template" if note is None else note.reason


def _member(person: PersonFolder, line: Mapping[str, Any]) -> Member:
    age, sex = line.get("age_years"), _text(line.get("sex"))
    return Member(
        person.participant,
        str(line["group"]),
        float(age) if age is not None and np.isfinite(age) else None,
        sex if sex in SEXES else None,
        _last_months(person),
    )


def _last_months(person: PersonFolder) -> float:
    try:
        return max(scan.months for scan in read_plan(person).scans)
    except InputError:
        return 0.0


def _text(value: Any) -> str | None:
    """Return the text of a cell; None for an empty one, whichever way the table says so."""
    return value if isinstance(value, str) and value.strip() else None
