"""ComBat on slopes: what it takes out, what it keeps, and when it is refused."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("combatlearn")

from LongitudinalINRLib.cohort.statistics.design import Design
from LongitudinalINRLib.cohort.statistics.harmonisation import harmonised, refuse_confounded
from LongitudinalINRLib.errors import InputError

PEOPLE, REGIONS = 120, 8


def a_design(member: np.ndarray) -> Design:
    groups = ("controls", "AD", "MCI", "FTD")[: int(member.max()) + 1]
    return Design(groups, member, np.zeros((len(member), 0)), ())


@pytest.fixture
def member() -> np.ndarray:
    return np.arange(PEOPLE) % 2


@pytest.fixture
def sites() -> list[str]:
    return [f"site-{number // 2 % 2}" for number in range(PEOPLE)]


@pytest.fixture
def slopes(member: np.ndarray, sites: list[str]) -> np.ndarray:
    """Draw slopes to which the second site adds a per cent a year and a wider spread; AD two per cent."""
    noise = np.random.default_rng(0).normal(0.0, 0.005, (PEOPLE, REGIONS))
    second = np.array([site == "site-1" for site in sites])[:, None]
    return noise * np.where(second, 1.5, 1.0) + 0.01 * second - 0.02 * member[:, None]


def test_the_shift_and_the_spread_of_a_site_go_and_the_groups_stay(slopes, member, sites):
    found = harmonised(slopes, a_design(member), sites, fewest_per_site=5)
    after = slopes + found.shifts
    second = np.array(sites) == "site-1"
    within = after + 0.02 * member[:, None]
    assert abs(within[second].mean() - within[~second].mean()) < 0.0003  # it was 0.01
    assert within[second].std() / within[~second].std() == pytest.approx(1.0, abs=0.1)  # it was 1.5
    apart = after[member == 1].mean() - after[member == 0].mean()
    assert apart == pytest.approx(slopes[member == 1].mean() - slopes[member == 0].mean(), abs=0.0005)
    assert found.design.names == ("site site-1",)
    assert found.design.covariates[:, 0].tolist() == second.astype(float).tolist()


def test_a_person_who_lacks_a_region_and_a_region_that_many_lack_are_left_out(slopes, member, sites):
    slopes[3, 0] = np.nan
    slopes[:40, 7] = np.nan
    found = harmonised(slopes, a_design(member), sites, fewest_per_site=5)
    without = np.isnan(found.shifts)
    assert np.flatnonzero(without.all(axis=1)).tolist() == [3]
    assert np.flatnonzero(without.all(axis=0)).tolist() == [7]
    assert not without[np.ix_(np.arange(PEOPLE) != 3, np.arange(REGIONS) != 7)].any()


@pytest.mark.parametrize(
    ("member", "sites", "code"),
    [
        pytest.param([0, 1] * 6, ["a"] * 12, "sites-too-few", id="one site"),
        pytest.param([0, 1] * 6, ["a"] * 10 + ["b"] * 2, "sites-too-small", id="a site of two people"),
        pytest.param(
            [0] * 6 + [1] * 6, ["a"] * 6 + ["b"] * 6, "sites-confounded", id="a site for each group"
        ),
        pytest.param(
            [0, 1] * 3 + [1] * 6, ["a"] * 6 + ["b"] * 6, "sites-confounded", id="one group at a site"
        ),
        pytest.param(
            [0, 1] * 6 + [2, 3] * 6, ["a"] * 12 + ["b"] * 12, "sites-confounded", id="no group shared"
        ),
    ],
)
def test_sites_that_cannot_be_told_from_groups_are_refused(member, sites, code):
    with pytest.raises(InputError) as refusal:
        refuse_confounded(a_design(np.array(member)), sites, fewest_per_site=5)
    assert refusal.value.code == code
