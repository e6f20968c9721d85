"""The mixed model against statsmodels' own, against a closed case, and where it has to give up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("statsmodels")

from benchmarks.cohort.models import SHARED_BASELINE, slopes_of
from benchmarks.cohort.simulated_tables import Rows, SimulatedCohort, Truth, simulated_cohort
from LongitudinalINRLib.cohort.statistics.design import design_of
from LongitudinalINRLib.cohort.statistics.person_slopes import PersonSlopes, person_slopes
from LongitudinalINRLib.cohort.statistics.random_slope import variances_by_reml
from LongitudinalINRLib.cohort.statistics.region_model import BY_LEAST_SQUARES, MIXED, SLOPES, fit_region
from LongitudinalINRLib.cohort.statistics.weights import weighing_se

DECLINES = {"AD": -0.04, "MCI": -0.02, "controls": -0.01}


@pytest.fixture(scope="module")
def a_cohort() -> SimulatedCohort:
    return simulated_cohort(Truth(mean=DECLINES), np.random.default_rng(3))


def whitened(rows: Rows, se: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return times and changes of all rows, each person's multiplied by the inverse Cholesky factor."""
    years, changes = rows.years.copy(), rows.log_ratio.copy()
    for person in np.unique(rows.people):
        mine = rows.people == person
        alike = np.full((mine.sum(), mine.sum()), SHARED_BASELINE)
        np.fill_diagonal(alike, 1.0)
        factor = np.linalg.cholesky(se[mine][:, None] * alike * se[mine])
        years[mine] = np.linalg.solve(factor, years[mine])
        changes[mine] = np.linalg.solve(factor, changes[mine])
    return years, changes


def test_slopes_are_those_of_least_squares_through_zero_on_whitened_rows(a_cohort):
    rows = a_cohort.regions[0]
    years, changes = whitened(rows, rows.se)
    found = person_slopes(rows.people, rows.years, rows.log_ratio, rows.se, SHARED_BASELINE)
    for index, person in enumerate(found.people):
        mine = rows.people == person
        slope, left, *_ = np.linalg.lstsq(years[mine, None], changes[mine])
        assert found.slope[index] == pytest.approx(slope[0])
        assert found.information[index] == pytest.approx(years[mine] @ years[mine])
        assert found.residual[index] == pytest.approx(left[0] if mine.sum() > 1 else 0.0, abs=1e-12)


def test_variances_and_means_are_those_of_statsmodels_mixed_model(a_cohort):
    from statsmodels.regression.mixed_linear_model import MixedLM

    rows = a_cohort.regions[0]
    se = weighing_se(rows.log_ratio, rows.years, rows.se)
    years, changes = whitened(rows, se)
    scale = np.median(years)  # without which MixedLM does not converge
    design = a_cohort.design.matrix
    theirs = MixedLM(
        100 * changes / scale,
        design[rows.people] * years[:, None] / scale,
        groups=rows.people,
        exog_re=years[:, None] / scale,
    ).fit(method=["bfgs"])

    slopes = slopes_of(rows)
    ours = variances_by_reml(slopes, design)
    covariance = np.linalg.inv(design.T @ (ours.weights[:, None] * design))
    means = covariance @ design.T @ (ours.weights * slopes.slope)

    assert ours.slope == pytest.approx(theirs.cov_re[0, 0] / 100**2, rel=1e-3)
    assert ours.error == pytest.approx(theirs.scale * scale**2 / 100**2, rel=1e-3)
    assert means == pytest.approx(theirs.fe_params / 100, rel=1e-4)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(theirs.bse_fe / 100, rel=1e-3)


def test_people_alike_but_for_errors_have_no_variance_of_their_own():
    """Slopes and residuals by hand: slopes differ less than errors of s^2 = 1 let them."""
    slopes = PersonSlopes(
        np.arange(6),
        0.001 * np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0]),
        np.full(6, 10_000.0),
        np.full(6, 2.0),
        np.full(6, 3),
        np.full(6, 3.0),
    )
    found = variances_by_reml(slopes, np.ones((6, 1)))
    assert found.slope == 0.0
    # 12 left within people and 6 x 10 000 x 1e-6 between them, of 18 rows and one mean.
    assert found.error == pytest.approx((12.0 + 0.06) / 17)
    assert found.weights == pytest.approx(np.full(6, 10_000.0 / found.error))


def test_balanced_people_have_the_variance_of_their_slopes_less_that_of_errors():
    """The closed case: with equal information, tau^2 = var(slopes) - s^2 / k."""
    drawn = np.array([0.01, -0.02, 0.03, 0.00, -0.03, 0.02])
    slopes = PersonSlopes(
        np.arange(6), drawn, np.full(6, 50_000.0), np.full(6, 2.0), np.full(6, 3), np.full(6, 3.0)
    )
    found = variances_by_reml(slopes, np.ones((6, 1)))
    assert found.error == pytest.approx(1.0, rel=1e-4)
    assert found.slope == pytest.approx(drawn.var(ddof=1) - 1.0 / 50_000.0, rel=1e-4)


def test_one_follow_up_each_is_compared_without_a_mixed_model_and_says_so():
    cohort = simulated_cohort(Truth(mean=DECLINES, months=(12.0,), missed=0.0), np.random.default_rng(4))
    model = fit_region("x", 1, slopes_of(cohort.regions[0]), cohort.design, 10_000)
    assert model is not None
    assert model.method == SLOPES
    assert model.note == f"too few repeated follow-ups for a mixed model: {BY_LEAST_SQUARES}"


def test_both_ways_agree_where_all_people_have_the_same_follow_ups():
    cohort = simulated_cohort(Truth(mean=DECLINES, missed=0.0), np.random.default_rng(5))
    slopes = slopes_of(cohort.regions[0])
    mixed, plain = (fit_region("x", 1, slopes, cohort.design, largest) for largest in (10_000, 10))
    assert mixed is not None
    assert plain is not None
    assert (mixed.method, plain.method) == (MIXED, SLOPES)
    assert plain.note == f"more than 10 people: {BY_LEAST_SQUARES}"
    assert plain.mean == pytest.approx(mixed.mean, abs=2e-4)
    assert np.sqrt(np.diag(plain.covariance)) == pytest.approx(np.sqrt(np.diag(mixed.covariance)), rel=0.05)


def test_a_group_of_two_and_a_covariate_that_tells_nothing_are_left_out(a_cohort):
    slopes = slopes_of(a_cohort.regions[0])
    design = a_cohort.design
    women = np.flatnonzero(design.covariates[:, 1] == 1)
    few = set(np.flatnonzero(design.member == design.groups.index("AD"))[2:])
    chosen = np.array([person in women and person not in few for person in slopes.people])
    few_women = slopes.of(chosen)
    model = fit_region("x", 1, few_women, design, 10_000)
    assert model is not None
    assert model.groups == ("controls", "MCI")
    assert model.note.endswith("fewer than three people of AD; sex not told apart from the groups")


def test_a_follow_up_after_days_does_not_stand_for_the_spread_of_all():
    """One person was seen again after two days: their slope errs by hundreds of percent a year."""
    cohort = simulated_cohort(Truth(mean=DECLINES), np.random.default_rng(7))
    rows = cohort.regions[0]
    early = replace(
        rows,
        people=np.append(rows.people, 40),
        years=np.append(rows.years, 2 / 365),
        log_ratio=np.append(rows.log_ratio, 0.008),
        se=np.append(rows.se, 0.008),
    )
    extra = replace(cohort.people[0], participant_id="sub-late", group="AD")
    design = design_of([*cohort.people, extra], "controls", ("age", "sex"))
    before = fit_region("x", 1, slopes_of(rows), cohort.design, 10_000)
    after = fit_region("x", 1, slopes_of(early), design, 10_000)
    assert before is not None
    assert after is not None
    assert after.mean == pytest.approx(before.mean, abs=3e-4)
    assert after.group_variances == pytest.approx(before.group_variances, rel=0.3)
    assert after.observed_variance == pytest.approx(before.observed_variance, rel=0.2)
