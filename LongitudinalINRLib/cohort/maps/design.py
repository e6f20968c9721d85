"""The linear model of a comparison of two groups: who is in it, and what stands beside the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.maps.choice import Member
from LongitudinalINRLib.words import SEXES

FEWEST_IN_GROUP = 3
FEWEST_FREE = 3
"""Degrees of freedom that have to be left beside the model's."""

KNOWN_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Design:
    """Two groups and their covariates.

    Parameters
    ----------
    group, reference : str
        The groups: what is tested is how much more the first changes than the second.
    members : tuple of Member
        The people of both that the model can take.
    tested : ndarray, shape (N,)
        1 for the group, 0 for the reference.
    covariates : ndarray, shape (N, C)
        Centred.
    names : tuple of str
        Of the covariates.
    without : tuple of str
        People of both groups who lack a covariate.
    """

    group: str
    reference: str
    members: tuple[Member, ...]
    tested: NDArray[np.float64]
    covariates: NDArray[np.float64]
    names: tuple[str, ...]
    without: tuple[str, ...]

    @property
    def free(self) -> int:
        """Degrees of freedom beside intercept, group and covariates."""
        return len(self.members) - 2 - len(self.names)

    @property
    def problem(self) -> str:
        """Why nothing can be tested; empty where nothing is against it."""
        in_group = int(self.tested.sum())
        smaller = min(in_group, len(self.members) - in_group)
        if smaller < FEWEST_IN_GROUP:
            return f"{smaller} people in one of the groups; at least {FEWEST_IN_GROUP} are needed"
        if self.free < FEWEST_FREE:
            return f"{len(self.members)} people are too few for {len(self.names)} covariates"
        return ""

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Group, intercept and covariates, shape (N, 2 + C)."""
        return np.column_stack([self.tested, np.ones(len(self.members)), self.covariates])


def design_of(members: Sequence[Member], group: str, reference: str) -> Design:
    """Put the model of a comparison together.

    Age and sex stand beside the group where they are known of at least half of the people and differ between
    them; who lacks one of those is left out of the comparison.

    Parameters
    ----------
    members : sequence of Member
        Of all groups.
    group, reference : str
        What is compared.
    """
    both = [member for member in members if member.group in (group, reference)]
    columns = {"age": [member.age_years for member in both], "sex": [_code(member.sex) for member in both]}
    used = {name: values for name, values in columns.items() if _is_useful(values)}
    complete = [number for number in range(len(both)) if all(v[number] is not None for v in used.values())]
    kept = tuple(both[number] for number in complete)
    values = np.array([[v[number] for v in used.values()] for number in complete], np.float64)
    values = values.reshape(len(kept), len(used))
    varying = np.ptp(values, axis=0) > 0 if len(kept) else np.zeros(len(used), bool)
    return Design(
        group,
        reference,
        kept,
        np.array([float(member.group == group) for member in kept]),
        (values - values.mean(axis=0) if len(kept) else values)[:, varying],
        tuple(name for name, varies in zip(used, varying, strict=True) if varies),
        tuple(member.participant for number, member in enumerate(both) if number not in set(complete)),
    )


def _is_useful(values: Sequence[float | None]) -> bool:
    known = [value for value in values if value is not None]
    return len(known) >= KNOWN_SHARE * len(values) and len(set(known)) > 1


def _code(sex: str | None) -> float | None:
    return None if sex is None else float(SEXES.index(sex))
