"""Who takes part in a simulated cohort, when they come, and to which scanner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

import numpy as np

from LongitudinalINRLib.cohort.simulated.groups import AGE_YEARS, Group
from LongitudinalINRLib.cohort.simulated.settings import CohortSettings
from LongitudinalINRLib.cohort.simulated.sites import SITES, Site
from LongitudinalINRLib.simulate.randomness import generator
from LongitudinalINRLib.words import Sex

Blunder = Literal["swapped-person", "wrong-date", "truncated", "flipped", "motion", "two-runs", "empty"]
BLUNDERS: tuple[Blunder, ...] = get_args(Blunder)
"""What may be wrong with the last visit of a person, in the order in which they are dealt out."""

DAYS_PER_MONTH = 365.25 / 12.0
_FIRST_DAY = datetime(2016, 1, 4, 9, 0)
_RECRUITED_DAYS = 1000
_LATE_DAYS = 10
_AGE_SD, _YOUNGEST, _OLDEST = 6.0, 55.0, 92.0


@dataclass(frozen=True)
class PlannedVisit:
    """A visit of a person.

    Parameters
    ----------
    session : str
        Label without ``ses-``.
    months : float
        After the baseline, to the day.
    acquired : datetime
    site : Site
    """

    session: str
    months: float
    acquired: datetime
    site: Site


@dataclass(frozen=True)
class SimulatedPerson:
    """A person before anything is computed.

    Parameters
    ----------
    number : int
        From 0.
    participant : str
        Label without ``sub-``.
    group : Group
    age_years : float
        At the baseline.
    sex : str
    visits : tuple of PlannedVisit
        Those that took place, the baseline first.
    missed : tuple of str
        Sessions that did not.
    blunder : str or None
    seed : int
    """

    number: int
    participant: str
    group: Group
    age_years: float
    sex: Sex
    visits: tuple[PlannedVisit, ...]
    missed: tuple[str, ...]
    blunder: Blunder | None
    seed: int


def draw_people(settings: CohortSettings) -> list[SimulatedPerson]:
    """Draw the people of a cohort; each depends on the seed and its own number alone, but for blunders."""
    blunders = _dealt(settings)
    return [_person(settings, number, blunders.get(number)) for number in range(settings.people)]


def person_seed(settings: CohortSettings, number: int) -> int:
    """Return the seed of a person."""
    return int(generator(settings.seed, f"person {number}").integers(2**62))


def _dealt(settings: CohortSettings) -> dict[int, Blunder]:
    unlucky = generator(settings.seed, "blunders").permutation(settings.people)[: settings.blunders]
    return {int(number): BLUNDERS[turn % len(BLUNDERS)] for turn, number in enumerate(unlucky)}


def _person(settings: CohortSettings, number: int, blunder: Blunder | None) -> SimulatedPerson:
    seed = person_seed(settings, number)
    random = generator(seed, "person")
    sex: Sex = "F" if random.random() < 0.5 else "M"
    age = float(np.clip(random.normal(AGE_YEARS, _AGE_SD), _YOUNGEST, _OLDEST))
    sessions = [
        f"M{month:03.0f}" if month == round(month) else f"M{month:g}".replace(".", "p")
        for month in settings.months
    ]
    # Somebody whose last visit went wrong came to all.
    attended = generator(seed, "missing").random(len(sessions)) >= (0.0 if blunder else settings.missing)
    attended[0] = True
    visits = _visits(settings, sessions, seed)
    digits = max(3, len(str(settings.people)))
    return SimulatedPerson(
        number=number,
        participant=f"{number + 1:0{digits}d}",
        group=settings.groups[number % len(settings.groups)],
        age_years=round(age, 1),
        sex=sex,
        visits=tuple(visit for visit, came in zip(visits, attended, strict=True) if came),
        missed=tuple(name for name, came in zip(sessions, attended, strict=True) if not came),
        blunder=blunder,
        seed=seed,
    )


def _visits(settings: CohortSettings, sessions: Sequence[str], seed: int) -> list[PlannedVisit]:
    random = generator(seed, "visits")
    baseline = _FIRST_DAY + timedelta(
        days=int(random.integers(_RECRUITED_DAYS)), minutes=int(random.integers(480))
    )
    home = int(random.integers(settings.sites))
    moves_at = int(random.integers(1, len(sessions)))
    moves = random.random() < settings.scanner_changes
    visits = []
    for turn, (month, session) in enumerate(zip(settings.months, sessions, strict=True)):
        late = int(random.integers(-_LATE_DAYS, _LATE_DAYS + 1)) if turn else 0
        days = round(month * DAYS_PER_MONTH) + late if turn else 0
        site = SITES[(home + (1 if moves and turn >= moves_at else 0)) % settings.sites]
        visits.append(PlannedVisit(session, days / DAYS_PER_MONTH, baseline + timedelta(days=days), site))
    return visits
