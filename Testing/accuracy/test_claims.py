"""The evidence's key claims in small: they fail here if they stop being true.

A subject of 4 mm voxels with a known deformation and fits of a second each; the numbers are far from those of
``docs/evidence.md``, their order is not.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.accuracy.cohort import SubjectSpec, scaled
from benchmarks.accuracy.fitting import Fitted
from benchmarks.accuracy.prepared import Prepared, aligned
from benchmarks.accuracy.scoring import score, sign_consistency
from benchmarks.accuracy.simulation import simulate
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.core.fit import fit

pytest.importorskip("nilearn", reason="The built-in subject needs nilearn (the extra demo).")

MONTHS = (0.0, 12.0, 24.0)


@pytest.fixture(scope="module")
def anatomy():
    from LongitudinalINRLib.simulate.builtin import builtin_subject

    return builtin_subject(4.0)


def subject(anatomy, **settings) -> Prepared:
    spec = SubjectSpec("small", "", 1, MONTHS, smoothness_mm=8.0, shift_mm=0.5, turn_degrees=0.5, **settings)
    truth = simulate(spec, *anatomy)
    return aligned(spec.name, truth.scans, truth.labels, truth.jacobians)


def fit_of(person: Prepared, months, *, alpha: float = 4.0, gamma: float = 0.1, form="root") -> Fitted:
    usual = preset("preview")
    small = replace(
        usual,
        widths=(48, 48, 48),
        steps=100,
        similarity_points=2000,
        spatial_form=form,
        weights=replace(usual.weights, alpha=alpha, gamma=gamma),
    )
    return Fitted(fit(person.problem(small, months), small).model, 0.0, 0, {})


@pytest.fixture(scope="module")
def changing(anatomy) -> Prepared:
    return subject(anatomy, rates_percent_per_year=scaled(2.0))


@pytest.fixture(scope="module")
def fit_of_changing(changing) -> Fitted:
    return fit_of(changing, MONTHS[1:])


@pytest.fixture(scope="module")
def still(anatomy) -> Prepared:
    return subject(anatomy, rates_percent_per_year=scaled(0.0))


def test_change_between_scans_is_found_nearly_as_well_as_at_scans(changing, fit_of_changing):
    observed = score(changing, fit_of_changing, 12.0)
    interpolated = score(changing, fit_of(changing, MONTHS[2:]), 12.0)
    unmeasured = sum(map(abs, observed.true_percent.values())) / len(observed.true_percent)
    assert interpolated.region_error_points < 1.3 * observed.region_error_points
    assert interpolated.region_error_points < 0.5 * unmeasured
    assert interpolated.correlation > 0.7
    assert interpolated.folded_share == 0


def test_an_unchanged_subject_shows_next_to_no_change(still, changing, fit_of_changing):
    found = score(still, fit_of(still, MONTHS[1:]), 24.0)
    real = score(changing, fit_of_changing, 24.0)
    assert set(found.true_percent.values()) == {0.0}
    assert found.region_error_points < 0.9
    change = sum(map(abs, real.found_percent.values())) / len(real.found_percent)
    assert change > 8 * found.region_error_points


def test_with_the_presets_own_weights_an_unchanged_subject_shows_less_change_than_with_a_square_term(still):
    root, square = (
        score(still, fit_of(still, MONTHS[1:], alpha=preset("preview").weights.alpha, form=form), 24.0)
        for form in ("root", "square")
    )
    assert root.rmse_log_jacobian < 0.85 * square.rmse_log_jacobian


def test_the_monotonic_term_raises_sign_consistency_in_noise(anatomy):
    noisy = subject(anatomy, noise=0.08)
    without, with_it = (
        sign_consistency(noisy, fit_of(noisy, MONTHS[1:], gamma=gamma), MONTHS[1:]) for gamma in (0.0, 1.0)
    )
    assert with_it > without + 0.03
    assert with_it > 0.95
