"""The fixed effects: a mean slope for each group, and what age and sex add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.statistics.options import Covariate
from LongitudinalINRLib.cohort.tables.person_row import PersonRow
from LongitudinalINRLib.errors import InputError

Values = NDArray[np.float64]

FEWEST_IN_GROUP = 3
"""People; HC3 and the spread of a group need some."""

_CONTROLS = ("control", "healthy", "normal", "nondemented", "non-demented", "unimpaired", "volunteer")
_CONTROL_CODES = ("cn", "hc", "nc", "nl", "hv", "ctl", "ctrl", "con", "cu", "ncu")


@dataclass(frozen=True)
class Design:
    """The people of the models and what is known about them.

    Parameters
    ----------
    groups : tuple of str
        The reference first, the others in the order that was asked for.
    member : ndarray of int, shape (P,)
        The group of each person.
    covariates : ndarray, shape (P, C)
        Years of age, and 1 for women; not centred.
    names : tuple of str
        Of the covariates.
    """

    groups: tuple[str, ...]
    member: NDArray[np.int64]
    covariates: Values
    names: tuple[str, ...]

    def of(self, chosen: NDArray[np.int64]) -> Design:
        """Return the design of some people, without groups of too few and covariates that tell nothing.

        Its `member` is -1 for those whose group has too few.
        """
        counts = np.bincount(self.member[chosen], minlength=len(self.groups))
        kept = [index for index, count in enumerate(counts) if count >= FEWEST_IN_GROUP]
        renumbered = np.full(len(self.groups), -1)
        renumbered[kept] = range(len(kept))
        member, covariates = renumbered[self.member[chosen]], self.covariates[chosen]
        useful: list[int] = []
        inside = member >= 0
        groups = np.eye(len(kept))[member[inside]]
        for column in range(covariates.shape[1]):
            tried = np.column_stack([groups, covariates[inside][:, [*useful, column]]])
            if np.linalg.matrix_rank(tried) == tried.shape[1]:
                useful.append(column)
        return Design(
            tuple(self.groups[index] for index in kept),
            member,
            covariates[:, useful],
            tuple(self.names[column] for column in useful),
        )

    @property
    def matrix(self) -> Values:
        """Columns of the groups, then those of the covariates less their means: shape (P, G + C).

        A group's coefficient is so its mean slope at the mean age and shares of the sexes of all.
        """
        return np.column_stack([np.eye(len(self.groups))[self.member], self.covariates - self._means])

    @property
    def _means(self) -> Values:
        return self.covariates.mean(axis=0) if len(self.covariates) else np.zeros(len(self.names))


def design_of(
    people: Sequence[PersonRow],
    reference: str | None,
    covariates: Sequence[Covariate],
    order: Sequence[str] = (),
) -> Design:
    """Return the design of people of whom all is known.

    Parameters
    ----------
    people : sequence of PersonRow
        With group and covariates.
    reference : str, optional
        The group that others are compared with.
    covariates : sequence of str
        ``age``, ``sex``.
    order : sequence of str
        Of the groups after the reference; others come after these, by name.

    Raises
    ------
    InputError
        No such group; or none is named and none is called controls.
    """
    found = sorted({str(person.group) for person in people})
    first = _reference(found, reference)
    places = {group.casefold(): place for place, group in enumerate(order)}
    in_order = sorted(found, key=lambda group: places.get(group.casefold(), len(places)))
    groups = (first, *(group for group in in_order if group != first))
    columns = {
        "age": [person.age_years or 0.0 for person in people],
        "sex": [float(person.sex == "F") for person in people],
    }
    return Design(
        groups,
        np.array([groups.index(str(person.group)) for person in people], dtype=np.int64),
        np.array([columns[name] for name in covariates], dtype=np.float64).reshape(-1, len(people)).T,
        tuple(covariates),
    )


def _reference(groups: Sequence[str], asked: str | None) -> str:
    if asked is not None:
        matching = [group for group in groups if group.casefold() == asked.casefold()]
    elif len(groups) == 1:
        matching = list(groups)
    else:
        matching = [group for group in groups if _names_controls(group.casefold())]
    if len(matching) != 1:
        raise InputError(
            "no-reference-group",
            f"There is no group {asked}." if asked else "No one group is called controls.",
            expected="the group that the others are compared with",
            found=", ".join(groups) or "nobody whose group and covariates are known",
            advice="Name the group by --reference.",
        )
    return matching[0]


def _names_controls(name: str) -> bool:
    return name in _CONTROL_CODES or any(word in name for word in _CONTROLS)
