"""How fast the brains of a group and of its people change."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from LongitudinalINRLib.json_model import Document
from LongitudinalINRLib.simulate.randomness import generator
from LongitudinalINRLib.words import Sex


class Group(Document):
    """A group of people.

    Parameters
    ----------
    name : str
        As in participants.tsv.
    loss_percent_per_year : float
        Mean loss of the hippocampi of its population, at the reference age, both sexes alike; that of
        other regions follows from `PROPORTIONS`.
    """

    name: str
    loss_percent_per_year: float


PUBLISHED = (
    Group(name="control", loss_percent_per_year=0.8),
    Group(name="MCI", loss_percent_per_year=1.7),
    Group(name="AD", loss_percent_per_year=2.2),
)
"""Hippocampal loss as measured in OASIS-2 [1]_ by a mixed model: people who stayed nondemented, converted,
and were demented.

References
----------
.. [1] DS Marcus, AF Fotenos, JG Csernansky, JC Morris, RL Buckner, "Open Access Series of Imaging Studies:
   longitudinal MRI data in nondemented and demented older adults", Journal of Cognitive Neuroscience 22(12),
   2010.
"""

_STRUCTURES = (
    (-1.0, (17, 53)),  # hippocampus
    (-0.9, (18, 54)),  # amygdala
    (-0.4, (3, 42)),  # cortex
    (-0.3, (2, 41)),  # white matter
    (-0.4, (10, 49)),  # thalamus
    (-0.3, (11, 50)),  # caudate
    (-0.4, (12, 51)),  # putamen
    (3.0, (4, 43)),  # lateral ventricle
    (2.0, (14,)),  # third ventricle
)
PROPORTIONS: Mapping[int, float] = MappingProxyType(
    {label: proportion for proportion, labels in _STRUCTURES for label in labels}
)
"""Change of each FreeSurfer label as a multiple of the hippocampal loss: plausible, of no one study."""

AGE_YEARS = 72.0
"""The reference age: an older person loses more."""

_MORE_PER_YEAR_OF_AGE = 0.02
_MEN_LOSE_MORE = 0.1
_BETWEEN_PEOPLE_SD = 0.4
_OWN_OF_REGION_SD = 0.15


def person_rates(group: Group, age_years: float, sex: Sex, seed: int) -> dict[int, float]:
    """Draw how fast the regions of a person change.

    The loss of the hippocampi is normal around the mean of the group, with a standard deviation of 0.4 points
    a year among people of one age and sex, 0.02 more for each year of age, and 0.1 more in men than in women.
    Each structure departs from its proportion by 15 % of itself, both sides alike.

    Parameters
    ----------
    group : Group
    age_years : float
        At baseline.
    sex : str
    seed : int
        Of the person.

    Returns
    -------
    dict of int to float
        Percent per year by label.
    """
    loss = group.loss_percent_per_year
    loss += _MORE_PER_YEAR_OF_AGE * (age_years - AGE_YEARS)
    loss += _MEN_LOSE_MORE * (0.5 if sex == "M" else -0.5)
    loss += _BETWEEN_PEOPLE_SD * float(generator(seed, "loss").normal())
    rates: dict[int, float] = {}
    for structure, (proportion, labels) in enumerate(_STRUCTURES):
        own = 1.0 + _OWN_OF_REGION_SD * float(generator(seed, f"structure {structure}").normal())
        rates |= dict.fromkeys(labels, proportion * own * loss)
    return rates
