"""One line of each table that the statistics write; the fields are the columns, in their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SlopeRow:
    """A person's annual change of a region (``slopes.parquet``).

    Parameters
    ----------
    participant_id, region, label : str, str, int
        Whose, of what.
    percent_per_year, se : float
        100 (exp(slope) - 1) and its standard error as the intervals of the fit tell it.
    visits, last_months : int, float
        Follow-ups, and when the last of them was.
    """

    participant_id: str
    region: str
    label: int
    percent_per_year: float
    se: float
    visits: int
    last_months: float


@dataclass(frozen=True)
class GroupChange:
    """A group's mean annual change of a region (``group_changes.tsv``).

    Parameters
    ----------
    region, label, group, people : str, int, str, int
        Of what, of whom, and of how many.
    percent_per_year, low, high : float
        100 (exp(b) - 1) with its 95 % interval, for people of the cohort's mean age and shares of the sexes.
    slope_sd_percent : float or None
        Standard deviation of the people's own slopes, errors taken out, percentage points a year.
    method : str
        ``mixed model``, or ``slopes``: each person's slope first, then least squares with robust (HC3)
        errors.
    note : str
        What should be known about it.
    """

    region: str
    label: int
    group: str
    people: int
    percent_per_year: float
    low: float
    high: float
    slope_sd_percent: float | None
    method: str
    note: str = ""


@dataclass(frozen=True)
class Effect:
    """How two groups differ in a region (``effects.tsv``).

    Parameters
    ----------
    region, label, contrast : str, int, str
        Of what; ``contrast`` is ``group - reference``.
    group, reference : str
        The groups.
    difference_percent_per_year, low, high : float
        Percentage points a year, group minus reference, with the 95 % interval.
    p, q : float
        Two-sided; q after Benjamini and Hochberg over all structures, for each contrast. ``brain`` and
        ``brain tissue`` sum the structures up: they are a question of their own, with q = p.
    effect_size : float
        Cohen's d: difference over the standard deviation of the observed slopes within groups.
    effect_size_true : float or None
        Difference over that of the people's own slopes, errors taken out; None where nothing is left of it.
    people : int
        Of both groups.
    method, note : str
        See `GroupChange`.
    """

    region: str
    label: int
    contrast: str
    group: str
    reference: str
    difference_percent_per_year: float
    low: float
    high: float
    p: float
    q: float
    effect_size: float
    effect_size_true: float | None
    people: int
    method: str
    note: str = ""


@dataclass(frozen=True)
class SampleSize:
    """How many people a trial needs in a group, by a region (``sample_sizes.tsv``).

    Parameters
    ----------
    region, label, group : str, int, str
        What is measured, in whom.
    decline : str
        ``total``: a treatment slows all of the change; ``excess``: only what goes beyond the reference
        group's, which is normal ageing.
    percent_per_year, sd_percent : float
        The change that is slowed, and the standard deviation of observed slopes, percentage points a year.
    people_per_arm, low, high : float or None
        With the 95 % interval; None where there is no number.
    reason : str
        Why there is none.
    """

    region: str
    label: int
    group: str
    decline: str
    percent_per_year: float
    sd_percent: float
    people_per_arm: float | None
    low: float | None
    high: float | None
    reason: str = ""


@dataclass(frozen=True)
class TrajectoryPoint:
    """A group's mean change of a region at a month (``trajectories.tsv``).

    Parameters
    ----------
    group, region, label, months : str, str, int, float
        Of whom, of what, when.
    percent, low, high : float
        Since the baseline, with the pointwise 95 % band.
    kind : str
        ``model``: the line of the model; ``observed``: the mean of the follow-ups about that month.
    people : int
        Whose scans it comes of.
    """

    group: str
    region: str
    label: int
    months: float
    percent: float
    low: float
    high: float
    kind: str
    people: int


@dataclass(frozen=True)
class PublishedRow:
    """A published annual change beside that of this cohort (``published.tsv``).

    Parameters
    ----------
    region, group : str
        As they are published.
    published : float
        Percent per year.
    percent_per_year, low, high : float or None
        Of this cohort; None where it has no such region or group. A region that is published for both sides
        together is the mean of both, the interval that of sides which err alike.
    inside : bool or None
        Whether the published number lies in the interval.
    """

    region: str
    group: str
    published: float
    percent_per_year: float | None
    low: float | None
    high: float | None
    inside: bool | None
