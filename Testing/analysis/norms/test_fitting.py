from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from LongitudinalINRLib.analysis.norms.age_curve import knots_of, smooth_basis
from LongitudinalINRLib.analysis.norms.fitting import Member, region_norms
from LongitudinalINRLib.analysis.norms.quantile import median_regression


def test_median_regression_finds_what_scikit_learn_finds():
    linear_model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is not installed")
    random = np.random.default_rng(3)
    design = np.column_stack([np.ones(80), random.random((80, 3))])
    values = design @ [1.0, 2.0, -1.0, 0.5] + random.standard_t(3, 80)
    found = median_regression(design, values)
    other = linear_model.QuantileRegressor(quantile=0.5, alpha=0.0, fit_intercept=False).fit(design, values)
    np.testing.assert_allclose(found, other.coef_, atol=1e-8)


def test_a_bound_on_the_coefficients_is_kept_and_the_best_within_it_is_found():
    random = np.random.default_rng(3)
    slope, values = random.random((50, 1)), random.normal(0.2, 0.1, 50)
    by_search = minimize_scalar(
        lambda b: np.abs(values - slope[:, 0] * b).sum(), bounds=(1.5, 9), method="bounded"
    )
    (found,) = median_regression(slope, values, lowest=1.5)
    assert found == pytest.approx(by_search.x, abs=1e-4)
    (free,) = median_regression(slope, values)
    assert free < 1.5


def test_a_curve_goes_through_its_values_and_is_straight_at_both_ends():
    knots = (20.0, 35.0, 60.0, 90.0)
    np.testing.assert_allclose(smooth_basis(knots, knots), np.eye(4), atol=1e-12)
    for end, inwards in ((20.0, 1.0), (90.0, -1.0)):
        values = smooth_basis(knots, [end + inwards * step for step in (0.0, 0.01, 0.02)])
        assert np.abs(np.diff(values, 2, axis=0)).max() < 1e-7


def test_knots_have_as_many_people_between_them_and_one_more_of_a_large_cohort():
    ages = np.linspace(20, 80, 119) ** 1.1
    assert len(knots_of(ages)) == 3
    assert knots_of(ages) == (ages[0], ages[59], ages[-1])
    assert len(knots_of(np.linspace(20, 80, 120))) == 4


@pytest.mark.parametrize(("count", "cohorts"), [(60, 14), (150, 8)])
def test_of_other_people_five_fifty_and_ninety_five_in_a_hundred_lie_below_these_centiles(
    people, count, cohorts
):
    """Averaged over cohorts; of a single one the shares scatter by some points."""
    shares, by_age = [], []
    for seed in range(cohorts):
        norm = region_norms(people(seed).members(count))
        others = [one for one in people(1000 + seed).members(400) if norm.covers(one.age_years, one.sex)]
        centiles = np.array([norm.centile(one.percent_per_year, one.age_years, one.sex) for one in others])
        shares.append([np.mean(centiles <= 5), np.mean(centiles < 50), np.mean(centiles < 95)])
        ages, within = np.array([one.age_years for one in others]), (centiles > 5) & (centiles < 95)
        by_age.append([within[(ages >= low) & (ages < low + 23)].mean() for low in (20, 43, 66)])
    np.testing.assert_allclose(np.mean(shares, axis=0), [0.05, 0.5, 0.95], atol=0.025)
    assert (np.std(shares, axis=0) < [0.03, 0.08, 0.03]).all()
    np.testing.assert_allclose(np.mean(by_age, axis=0), 0.9, atol=0.06)


def test_the_median_and_the_difference_of_the_sexes_are_found(people):
    norm = region_norms(people(7).members(400))
    for age in (30.0, 50.0, 80.0):
        true = people.median(age, False)
        assert norm.median(age, "F") == pytest.approx(true, abs=0.06 + 0.1 * abs(true))
    assert norm.median(50.0, "M") - norm.median(50.0, "F") == pytest.approx(-0.1, abs=0.06)


def test_a_higher_change_never_has_a_lower_centile_and_the_ends_stand_for_all_beyond(people):
    norm = region_norms(people(2).members(70))
    centiles = [norm.centile(change, 60.0, "M") for change in np.linspace(-20, 20, 401)]
    assert (np.diff(centiles) >= 0).all()
    assert (centiles[0], centiles[-1]) == (5.0, 95.0)


@pytest.mark.parametrize(("count", "lowest"), [(60, 5.0), (119, 5.0), (120, 2.5), (300, 1.0)])
def test_the_farthest_centile_is_one_that_three_people_lie_beyond(people, count, lowest):
    norm = region_norms(people(1).members(count))
    assert (norm.centiles[0], norm.centiles[-1]) == (lowest, 100 - lowest)
    assert count * lowest / 100 >= 3


def test_too_few_people_give_no_norms_but_a_reason(people):
    assert region_norms(people(1).members(59)) == "59 people"


def test_a_sex_of_few_people_is_left_out(people):
    members = people(1).members(200)
    women = [one for one in members if one.sex == "F"]
    men = [one for one in members if one.sex == "M"]
    norm = region_norms([*women, *men[:19]])
    assert set(norm.people) == {"F"}
    assert norm.men_differ == 0
    assert not norm.covers(50.0, "M")
    assert norm == region_norms(women)


def test_ages_of_one_year_and_changes_that_are_all_alike_give_no_norms():
    same_age = [Member(70.0 + i / 100, "F", -0.1 * i) for i in range(80)]
    assert region_norms(same_age) == "ages that span 0.8 years"
    alike = [Member(40.0 + i / 2, "F", -0.5) for i in range(80)]
    assert region_norms(alike) == "one change for half of the people"


def test_ages_are_covered_from_the_youngest_to_the_oldest_of_a_sex_but_for_wide_gaps(people):
    members = [one for one in people(5).members(400) if not 45 < one.age_years < 60]
    norm = region_norms(members)
    ages = sorted(one.age_years for one in members if one.sex == "F")
    ((low, before), (after, high)) = norm.ages_years["F"]
    assert (low, high) == (ages[0], ages[-1])
    assert [age for age in ages if before < age < after] == []
    assert not norm.covers(52.0, "F")
    assert norm.covers(before, "F")
    assert not norm.covers(high + 0.1, "F")
    assert not norm.covers(low - 0.1, "F")
