"""Differences between sites, taken out of people's slopes by ComBat on request.

ComBat estimates a shift and a factor of the spread for each site and region, shrunk towards those of the
site's other regions, around what groups, ages and sexes explain, which is kept. A person's rows are then
moved by t (harmonised slope - slope): the mixed model sees the harmonised slope, and what was left around
it stays.

References
----------
Johnson, Li, Rabinovic, "Adjusting batch effects in microarray expression data using empirical Bayes methods",
Biostatistics 8(1), 2007.
Fortin, Cullen, Sheline and others, "Harmonization of cortical thickness measurements across scanners and
sites", NeuroImage 167, 2018. Nygaard, Rodland, Hovig, "Methods that remove batch effects while retaining
group differences may lead to exaggerated confidence in downstream analyses", Biostatistics 17(1), 2016.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.extra import require
from LongitudinalINRLib.cohort.statistics.design import Design
from LongitudinalINRLib.errors import InputError

Values = NDArray[np.float64]

LARGEST_MISSING_SHARE = 0.05
"""Of people: a region that more of them lack is not harmonised, and so not compared."""


@dataclass(frozen=True)
class Harmonised:
    """What harmonisation makes of slopes.

    Parameters
    ----------
    shifts : ndarray, shape (P, R)
        To be added to the slopes; NaN for people and regions that are left out.
    sites : int
        How many there are.
    """

    shifts: Values
    sites: int

    @property
    def spent(self) -> int:
        """Degrees of freedom that were used up."""
        return self.sites - 1


def harmonised(slopes: Values, design: Design, sites: Sequence[str], fewest_per_site: int) -> Harmonised:
    """Return what brings the slopes of all sites together.

    Parameters
    ----------
    slopes : ndarray, shape (P, R)
        Log ratio per year; NaN where a region was not measured in a person.
    design : Design
        Groups and covariates of the people, which are kept.
    sites : sequence of str
        Of each person.
    fewest_per_site : int
        Fewer people tell nothing of a site.

    Raises
    ------
    InputError
        Site and group cannot be told apart (`refuse_confounded`), or a site has too few people.
    """
    require(("combatlearn", "pandas"))
    refuse_confounded(design, sites, fewest_per_site)
    regions = np.isnan(slopes).mean(axis=0) <= LARGEST_MISSING_SHARE
    people = np.asarray(~np.isnan(slopes[:, regions]).any(axis=1))
    kept = np.array(sites)[people]
    refuse_confounded(_of(design, people), list(kept), fewest_per_site)
    shifts = np.full(slopes.shape, np.nan)
    before = slopes[np.ix_(people, regions)]
    shifts[np.ix_(people, regions)] = _combat(before, _of(design, people), kept) - before
    return Harmonised(shifts, len(np.unique(kept)))


def refuse_confounded(design: Design, sites: Sequence[str], fewest_per_site: int) -> None:
    """Refuse sites whose difference cannot be told from that between groups.

    The rule: at least two sites; each with enough people, and with people of two groups where there are two;
    and an additive model of site and group must be of full rank.

    Raises
    ------
    InputError
        They are not so.
    """
    names, where = np.unique(np.array(sites), return_inverse=True)
    if len(names) < 2:
        raise _refusal(
            "sites-too-few", "There is nothing to harmonise.", "two sites or more", ", ".join(names)
        )
    table = np.zeros((len(names), len(design.groups)), dtype=np.int64)
    np.add.at(table, (where, design.member), 1)
    few = [
        f"{name} ({count})"
        for name, count in zip(names, table.sum(axis=1), strict=True)
        if count < fewest_per_site
    ]
    if few:
        raise _refusal(
            "sites-too-small",
            "Some sites have too few people for harmonisation.",
            f"at least {fewest_per_site} people at each site",
            ", ".join(few),
        )
    additive = np.column_stack([np.eye(len(names))[where], np.eye(len(design.groups))[design.member][:, 1:]])
    alone = [str(name) for name, counts in zip(names, table, strict=True) if np.sum(counts > 0) < 2]
    if len(design.groups) > 1 and (alone or np.linalg.matrix_rank(additive) < additive.shape[1]):
        raise _refusal(
            "sites-confounded",
            "Differences between sites cannot be told from those between groups.",
            "people of two groups or more at every site",
            f"one group alone at {', '.join(alone)}"
            if alone
            else "sites that share no group with the others",
        )


def _combat(slopes: Values, design: Design, sites: NDArray[np.str_]) -> Values:
    import pandas as pd
    from combatlearn import ComBat

    percent = pd.DataFrame(100.0 * slopes)  # of a size that its jitter of 1e-8 is nothing beside
    groups = pd.DataFrame({"group": design.member}) if len(design.groups) > 1 else None
    continuous = pd.DataFrame(design.covariates, columns=list(design.names)) if design.names else None
    model = ComBat(
        pd.Series(sites), discrete_covariates=groups, continuous_covariates=continuous, method="fortin"
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Only one feature")
        return np.asarray(model.fit(percent).transform(percent), dtype=np.float64) / 100.0


def _of(design: Design, people: NDArray[np.bool_]) -> Design:
    return Design(design.groups, design.member[people], design.covariates[people], design.names)


def _refusal(code: str, message: str, expected: str, found: str) -> InputError:
    return InputError(
        code,
        message,
        expected=expected,
        found=found,
        advice="Leave these sites out of participants.tsv, or compare without harmonisation.",
    )
