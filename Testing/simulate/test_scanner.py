"""A scanner departs from the anatomy by as much as it was told."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.simulate.scanner import Scanner

BRIGHTEST = 200.0


@pytest.fixture
def everywhere() -> np.ndarray:
    return np.ones((20, 20, 20), dtype=bool)


def test_in_bright_tissue_the_noise_is_gaussian_with_the_asked_share(everywhere: np.ndarray) -> None:
    image = np.full(everywhere.shape, 150.0)
    scan = Scanner(noise=0.05).add_noise(image, BRIGHTEST, everywhere, np.random.default_rng(0))
    assert scan.std() == pytest.approx(0.05 * BRIGHTEST, rel=0.03)
    assert scan.mean() == pytest.approx(150.0 + 10.0**2 / (2 * 150.0), abs=0.3)


def test_in_the_dark_the_noise_is_that_of_a_magnitude(everywhere: np.ndarray) -> None:
    dark = np.zeros(everywhere.shape)
    scan = Scanner(noise=0.05).add_noise(dark, BRIGHTEST, everywhere, np.random.default_rng(0))
    assert scan.min() >= 0.0
    assert scan.mean() == pytest.approx(10.0 * np.sqrt(np.pi / 2), rel=0.02)


def test_outside_the_head_there_is_no_noise(everywhere: np.ndarray) -> None:
    support = everywhere.copy()
    support[:10] = False
    image = np.full(everywhere.shape, 150.0)
    scan = Scanner(noise=0.05).add_noise(image, BRIGHTEST, support, np.random.default_rng(0))
    assert not scan[:10].any()
    assert scan[10:].all()


def test_without_noise_the_image_stays_as_it_is(everywhere: np.ndarray) -> None:
    image = np.random.default_rng(0).uniform(0.0, 100.0, everywhere.shape)
    scan = Scanner(noise=0.0).add_noise(image, BRIGHTEST, everywhere, np.random.default_rng(1))
    np.testing.assert_array_equal(scan, image.astype(np.float32))


@pytest.mark.parametrize("drift", [0.0, 0.03])
def test_the_drift_reaches_its_bound_inside_the_head_and_no_more(drift: float) -> None:
    places = np.stack(np.meshgrid(*[np.linspace(-1.4, 1.4, 15)] * 3, indexing="ij"))
    support = np.linalg.norm(places, axis=0) < 1.0
    field = Scanner(drift=drift).drift_field(80.0 * places, support, 80.0, np.random.default_rng(3))
    assert np.abs(np.log(field[support])).max() == pytest.approx(drift)
    assert np.abs(np.diff(field, axis=0)).max() <= drift


def test_the_head_moves_rigidly_and_within_its_bounds() -> None:
    centre = np.array([5.0, -20.0, 30.0])
    scanner = Scanner(shift_mm=2.0, turn_degrees=2.0)
    shifts, turns = [], []
    for seed in range(200):
        matrix = scanner.head_position(centre, np.random.default_rng(seed))
        rotation = matrix[:3, :3]
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(rotation) == pytest.approx(1.0)
        shifts.append(np.linalg.norm(rotation @ centre + matrix[:3, 3] - centre))
        turns.append(np.degrees(np.arccos(np.clip((np.trace(rotation) - 1) / 2, -1, 1))))
    assert 1.8 < max(shifts) <= 2.0
    assert 1.8 < max(turns) <= 2.0
