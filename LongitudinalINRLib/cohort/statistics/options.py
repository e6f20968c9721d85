"""What may be chosen about the statistics of groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from LongitudinalINRLib.cohort.participants import Columns

Harmonise = Literal["none", "combat"]
Covariate = Literal["age", "sex"]


@dataclass(frozen=True)
class Trial:
    """The trial that sample sizes are found for: two arms of equal size.

    Parameters
    ----------
    slowing : float
        Share of the decline that the treatment takes away.
    power, alpha : float
        Chance to find it, and two-sided error of the first kind.
    months : tuple of float
        Of the follow-ups of every person; empty: as in this cohort.
    """

    slowing: float = 0.25
    power: float = 0.8
    alpha: float = 0.05
    months: tuple[float, ...] = ()


@dataclass(frozen=True)
class GroupOptions:
    """How groups are compared.

    Parameters
    ----------
    columns : Columns
        Which columns of ``participants.tsv`` say what.
    reference : str, optional
        The group that others are compared with; by default the one whose name says controls.
    order : tuple of str
        Order of the groups after the reference; those that are not in it come last, by name. By default that
        of ``Levels`` in ``participants.json``.
    covariates : tuple of str, optional
        What is accounted for; a person of whom one is not known is not used. By default age and sex, where
        ``participants.tsv`` has a column for them.
    shared_baseline : float
        Correlation of the errors of two follow-ups of one person: each is a difference to the same baseline.
    largest_for_mixed_models : int
        With more people, each person's slope is found first and then compared by least squares with robust
        (HC3) errors.
    harmonise : str
        ``combat``: differences between sites are taken out of the slopes.
    fewest_per_site : int
        Of people, for harmonisation.
    most_folded_share : float
        Of voxels: a region with more has no row, a person with more in the brain is not used.
    trial : Trial
        What sample sizes are for.
    """

    columns: Columns = field(default_factory=Columns)
    reference: str | None = None
    order: tuple[str, ...] = ()
    covariates: tuple[Covariate, ...] | None = None
    shared_baseline: float = 0.5
    largest_for_mixed_models: int = 10_000
    harmonise: Harmonise = "none"
    fewest_per_site: int = 5
    most_folded_share: float = 0.01
    trial: Trial = field(default_factory=Trial)
