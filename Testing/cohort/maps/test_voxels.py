"""Tests of voxels find what is there, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from benchmarks.cohort.voxel_null import null_findings
from LongitudinalINRLib.cohort.maps.choice import Member
from LongitudinalINRLib.cohort.maps.design import design_of
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.cohort.maps.voxels import of_robust, permuted, robust

PEOPLE = 14
CERTAIN = -np.log10(0.05)


@pytest.fixture
def design():
    each = (("ab"[n % 2], 60.0 + n * 5 % 13, "FM"[n // 2 % 2]) for n in range(PEOPLE))
    return design_of([Member(str(n), g, age, sex, 24.0) for n, (g, age, sex) in enumerate(each)], "b", "a")


@pytest.fixture
def yearly(coarse, planted, design) -> np.ndarray:
    values = np.random.default_rng(1).normal(-0.01, 0.004, (PEOPLE, len(coarse.voxels)))
    values[np.ix_(design.tested > 0, planted)] -= 0.02
    return values.astype(np.float32)


def test_a_planted_difference_is_found_at_its_place_with_its_size(design, yearly, coarse, planted):
    found = permuted(design, yearly, coarse.mask, MapOptions(permutations=99))

    assert np.mean(found.log_p["clustersizefwe"][planted] > CERTAIN) > 0.9
    assert np.mean(found.log_p["voxelfwe"][~planted] > CERTAIN) < 0.001
    assert found.difference[planted].mean() == pytest.approx(-0.02, abs=0.001)
    assert (found.t[planted] < 0).all()


def test_the_same_seed_gives_the_same_maps(design, yearly, coarse):
    one, other = (permuted(design, yearly, coarse.mask, MapOptions(permutations=20)) for _ in range(2))
    assert all(np.array_equal(one.log_p[name], other.log_p[name]) for name in one.log_p)


def test_robust_errors_are_those_of_statsmodels(design, yearly):
    difference, t = robust(design, yearly[:, :3])
    for voxel in range(3):
        true = sm.OLS(yearly[:, voxel].astype(float), design.matrix).fit(cov_type="HC3")
        assert difference[voxel] == pytest.approx(true.params[0], rel=1e-4)
        assert t[voxel] == pytest.approx(true.tvalues[0], rel=1e-4)


def test_robust_tests_control_the_false_discoveries(design, yearly, planted):
    found = of_robust(design, *robust(design, yearly))
    called = found.log_p["fdr"] > CERTAIN

    assert called[planted].mean() > 0.9
    assert np.mean(~planted[called]) < 0.1


@pytest.mark.attack
def test_without_a_difference_a_finding_anywhere_is_as_rare_as_said():
    cohorts = 100
    by_voxel, by_cluster = null_findings(cohorts, people=12, permutations=99)
    most = 11  # of 100 at 5 %, exceeded by chance once in a hundred times
    assert by_voxel <= most
    assert by_cluster <= most
