"""The velocity is the gradient field with the wanted divergence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.velocity import VelocityField, potential_flow

SPACING_MM = 4.0
SMOOTHNESS_MM = 6.0


@pytest.fixture(scope="module")
def growing_point() -> tuple[VelocityField, np.ndarray]:
    """One node that grows by 1 a year, far from every border: after smoothing, a Gaussian ball."""
    affine = np.diag([3.0, 3.0, 5.0, 1.0])
    lattice = Lattice.over(Volume(np.zeros((40, 40, 24)), affine), SPACING_MM, padding_mm=200.0)
    middle = tuple(n // 2 for n in lattice.shape)
    log_rate = np.zeros(lattice.shape)
    log_rate[middle] = 1.0
    return potential_flow(log_rate, lattice, SMOOTHNESS_MM), lattice.nodes_mm()[(slice(None), *middle)]


def ball(r_mm: float) -> float:
    """The smoothed point, as a density."""
    return (
        SPACING_MM**3 * np.exp(-0.5 * (r_mm / SMOOTHNESS_MM) ** 2) / (SMOOTHNESS_MM * np.sqrt(2 * np.pi)) ** 3
    )


@pytest.mark.parametrize("r_mm", [2.0, 5.0, 9.0, 16.0])
def test_around_a_gaussian_ball_the_flow_is_gauss_law(
    growing_point: tuple[VelocityField, np.ndarray], r_mm: float
) -> None:
    velocity, centre = growing_point
    direction = np.array([0.48, -0.6, 0.64])
    flux, _ = quad(lambda r: 4 * np.pi * r**2 * ball(r), 0.0, r_mm)
    found = velocity((centre + r_mm * direction)[:, None])[:, 0]
    np.testing.assert_allclose(found, flux / (4 * np.pi * r_mm**2) * direction, rtol=0.01)


def test_the_divergence_is_the_ball_itself(growing_point: tuple[VelocityField, np.ndarray]) -> None:
    velocity, centre = growing_point
    places = centre[:, None] + np.array([[0.0, 4.0, 9.0], [0.0, -3.0, 2.0], [0.0, 1.0, 5.0]])
    expected = [ball(r) for r in np.linalg.norm(places - centre[:, None], axis=0)]
    np.testing.assert_allclose(velocity.divergence(places), expected, atol=2e-3 * ball(0.0))


def test_divergence_and_curl_agree_with_finite_differences(
    growing_point: tuple[VelocityField, np.ndarray],
) -> None:
    velocity, centre = growing_point
    place, step = centre + np.array([3.0, 5.0, -4.0]), 1e-3
    moved = place[:, None] + step * np.concatenate([np.eye(3), -np.eye(3)], axis=1)
    values = velocity(moved)
    gradient = (values[:, :3] - values[:, 3:]) / (2 * step)
    assert np.trace(gradient) == pytest.approx(
        float(velocity.divergence(place[:, None])[0]), abs=2e-3 * ball(0.0)
    )
    np.testing.assert_allclose(gradient, gradient.T, atol=2e-3 * ball(0.0))
