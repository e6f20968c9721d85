"""Groups' mean changes and the differences between them, with intervals and false discovery rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL
from LongitudinalINRLib.cohort.statistics.region_model import RegionModel
from LongitudinalINRLib.cohort.statistics.rows import Effect, GroupChange

LEVEL = 0.95
SUMS = (BRAIN_LABEL, TISSUE_LABEL)
"""Rows that sum the structures up."""


def percent(log_ratio: float) -> float:
    """Return a log ratio in percent."""
    return float(100 * np.expm1(log_ratio))


def group_changes(model: RegionModel) -> list[GroupChange]:
    """Return the mean annual change of each group of a region."""
    from scipy.stats import t

    far = t.ppf((1 + LEVEL) / 2, model.degrees)
    errors = np.sqrt(np.diag(model.covariance))
    own = 100 * np.sqrt(model.slope_variance)
    return [
        GroupChange(
            model.region,
            model.label,
            group,
            people,
            percent(mean),
            percent(mean - far * error),
            percent(mean + far * error),
            float(own * np.exp(mean)),
            model.method,
            model.note,
        )
        for group, people, mean, error in zip(model.groups, model.people, model.mean, errors, strict=True)
    ]


def effects_of(models: Sequence[RegionModel]) -> list[Effect]:
    """Return all differences between groups: against the reference first, then between the others."""
    found = [effect for model in models for effect in _of_region(model)]
    for contrast in {effect.contrast for effect in found}:
        family = [
            index
            for index, effect in enumerate(found)
            if effect.contrast == contrast and effect.label not in SUMS
        ]
        for index, q in zip(family, _discovery_rates([found[index].p for index in family]), strict=True):
            found[index] = replace(found[index], q=q)
    return found


def _of_region(model: RegionModel) -> list[Effect]:
    return [_effect(model, group, other) for other, group in combinations(range(len(model.groups)), 2)]


def _effect(model: RegionModel, group: int, other: int) -> Effect:
    from scipy.stats import t

    covariance = model.covariance
    difference = float(model.mean[group] - model.mean[other])
    error = float(np.sqrt(covariance[group, group] + covariance[other, other] - 2 * covariance[group, other]))
    far = float(t.ppf((1 + LEVEL) / 2, model.degrees))
    p = float(2 * t.sf(abs(difference) / error, model.degrees))
    # The interval of the logarithms in points: zero lies inside it just where p says so.
    points = _points_per_log(model.mean[group], model.mean[other])
    own = np.sqrt(model.slope_variance)
    return Effect(
        model.region,
        model.label,
        f"{model.groups[group]} - {model.groups[other]}",
        model.groups[group],
        model.groups[other],
        points * difference,
        points * (difference - far * error),
        points * (difference + far * error),
        p,
        p,
        difference / float(np.sqrt(model.observed_variance)),
        difference / float(own) if own > 0 else None,
        model.people[group] + model.people[other],
        model.method,
        model.note,
    )


def _points_per_log(one: float, other: float) -> float:
    """Return 100 (exp(one) - exp(other)) / (one - other): points that a difference of log ratios comes to."""
    apart = one - other
    return float(100 * np.exp(other) * (np.expm1(apart) / apart if abs(apart) > 1e-9 else 1.0))


def _discovery_rates(p: Sequence[float]) -> list[float]:
    """Return q values (Benjamini and Hochberg, J. R. Stat. Soc. B 57(1), 1995)."""
    from statsmodels.stats.multitest import multipletests

    return [float(q) for q in multipletests(p, method="fdr_bh")[1]] if p else []
