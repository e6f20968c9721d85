"""Differences between groups against cohorts with a known truth, drawn as tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("statsmodels")

from scipy.stats import binom

from benchmarks.cohort.models import models_of
from benchmarks.cohort.null_cohorts import DECLINES, Case, score
from benchmarks.cohort.simulated_tables import Truth, simulated_cohort
from LongitudinalINRLib.cohort.statistics.contrasts import effects_of, group_changes

COHORTS = 40
ONE_PAIR = {"AD": 20, "controls": 20}


def likely(share: float, trials: int) -> tuple[float, float]:
    """Return between which shares 99.9 % of experiments end if the chance of one is `share`."""
    return tuple(binom.ppf([0.0005, 0.9995], trials, share) / trials)


def test_groups_that_do_not_differ_are_told_apart_as_often_as_p_says():
    low, high = likely(0.05, COHORTS * 5)
    found = score(Case("null", Truth(people=ONE_PAIR)), COHORTS, 5)
    assert low <= found.positives <= high


def test_patients_who_vary_more_and_are_fewer_are_not_told_apart_by_that():
    """The model's own covariance, one for all groups, would find 12 % here."""
    few = Truth(people={"AD": 8, "controls": 40}, slope_sd_factors={"AD": 2.0})
    assert score(Case("uneven", few), COHORTS, 5).positives <= likely(0.05, COHORTS * 5)[1]


def test_known_slopes_lie_in_their_intervals_as_often_as_these_say():
    random, truth = np.random.default_rng(0), Truth(mean=DECLINES)
    changes = [
        change
        for _ in range(COHORTS)
        for model in models_of(simulated_cohort(truth, random, 2))
        for change in group_changes(model)
    ]
    inside = [row.low <= 100 * np.expm1(DECLINES[row.group]) <= row.high for row in changes]
    low, high = likely(0.95, len(inside))
    assert low <= np.mean(inside) <= high


def test_weights_from_intervals_as_they_are_would_pull_declines_towards_none():
    strong = Truth({"AD": 60, "controls": 60}, DECLINES, shrinkage=0.4, slope_sd=0.005)
    biased = score(Case("as they are", strong, corrected=False), COHORTS, 1)
    corrected = score(Case("corrected", strong), COHORTS, 1)
    assert biased.errors["AD - controls"] > 0.06
    assert abs(corrected.errors["AD - controls"]) < 0.05


def test_effect_sizes_are_the_difference_over_both_spreads():
    """Of many people: true slopes have an SD of 1 % a year, observed ones more, by the scans' errors."""
    many = Truth(people={"AD": 1500, "controls": 1500}, mean={"AD": -0.02}, missed=0.0)
    (effect,) = effects_of(models_of(simulated_cohort(many, np.random.default_rng(1))))
    error = 1.0 / np.sqrt(_information(many))
    assert effect.effect_size_true == pytest.approx(-0.02 / 0.01, rel=0.08)
    assert effect.effect_size == pytest.approx(-0.02 / np.hypot(0.01, error), rel=0.08)


def test_false_discovery_rate_is_over_structures_and_leaves_the_whole_alone():
    models = models_of(simulated_cohort(Truth(people=ONE_PAIR), np.random.default_rng(2), 4))
    labels = (0, -1, 17, 53)
    effects = effects_of([replace(model, label=label) for model, label in zip(models, labels, strict=True)])
    p, q = ([getattr(effect, name) for effect in effects] for name in ("p", "q"))
    assert q[:2] == p[:2]
    small, large = sorted(p[2:])
    assert sorted(q[2:]) == pytest.approx(sorted([min(2 * small, large), large]))


def _information(truth: Truth) -> float:
    years = np.array(truth.months) / 12.0
    alike = np.full((3, 3), truth.shared)
    np.fill_diagonal(alike, 1.0)
    noise = truth.error * np.sqrt(1.0 + 0.25**2 / 3.0)
    return float(years @ np.linalg.solve(noise**2 * alike, years))


def test_a_site_that_leans_on_a_group_is_harmonised_and_the_difference_stays():
    truth = replace(
        Truth(people={"AD": 60, "controls": 60}, mean={"AD": -0.02}),
        site_shifts=(0.01, -0.01),
        site_leaning=0.3,
    )
    cohort = simulated_cohort(truth, np.random.default_rng(6), 6)
    (raw, kept) = (
        [effect.difference_percent_per_year for effect in effects_of(models_of(cohort, harmonise))]
        for harmonise in (False, True)
    )
    true = 100 * np.expm1(-0.02)
    assert np.mean(raw) - true == pytest.approx(0.6, abs=0.25)  # 0.3 x 2 points, by the site alone
    assert np.mean(kept) == pytest.approx(true, abs=0.25)


def test_groups_that_lean_towards_sites_are_not_told_apart_by_harmonisation():
    """Without a term for each site 13 % are, as ComBat's slopes would be taken for measured ones."""
    leaning = Truth({"AD": 45, "controls": 45}, site_shifts=(0.006, -0.006), site_leaning=0.5)
    assert (
        score(Case("leaning", leaning, harmonise=True), COHORTS, 4).positives <= likely(0.05, COHORTS * 4)[1]
    )
