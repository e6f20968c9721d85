"""The coefficients of the error bars are found again from errors that were made with them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.accuracy.calibration import calibrated
from benchmarks.accuracy.coverage import Sample
from LongitudinalINRLib.analysis.error_model import Coefficients, Evidence

TRUE = Coefficients(0.25, 0.7, 0.0005, 0.2, 0.9, 0.3, 1.4)
NINETY_PERCENT = 1.645
COUNT = 1500


def sample(random, number, kind="observed") -> Sample:
    evidence = Evidence(
        random.uniform(0.02, 0.15), random.uniform(0.001, 0.06), random.choice([1.0, 2.0, 3.0])
    )
    steepness = random.uniform(0.0, 0.01, COUNT)
    foretold = random.uniform(0.0, 0.05, COUNT) if kind == "extrapolated" else np.zeros(COUNT)
    volume_ml = random.uniform(0.5, 300.0, COUNT)
    made = Sample(
        f"person-{number}",
        kind,
        24.0,
        evidence,
        np.zeros(COUNT),
        np.zeros(COUNT),
        steepness,
        foretold,
        volume_ml,
        np.ones(COUNT),
    )
    made.errors[:] = random.normal(size=COUNT) * made.half_widths(TRUE) / NINETY_PERCENT
    return made


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(0)
    within = [sample(random, number) for number in range(12)]
    return within + [sample(random, number, "extrapolated") for number in range(12, 18)]


def test_coefficients_are_found_again(samples):
    found = calibrated(samples, sized=True)
    assert found.detail == pytest.approx(TRUE.detail, rel=0.1)
    assert found.leak_mm == pytest.approx(TRUE.leak_mm, rel=0.1)
    assert found.residual_exponent == pytest.approx(TRUE.residual_exponent, abs=0.05)
    assert found.voxel_exponent == pytest.approx(TRUE.voxel_exponent, abs=0.1)
    assert found.size_exponent == pytest.approx(TRUE.size_exponent, abs=0.05)
    assert found.foretold == pytest.approx(TRUE.foretold, rel=0.1)


def test_the_intervals_hold_ninety_percent(samples):
    found = calibrated(samples, sized=True)
    for kind in ("observed", "extrapolated"):
        held = [one.coverage(found) for one in samples if one.kind == kind]
        assert np.mean(held) == pytest.approx(0.9, abs=0.01)
