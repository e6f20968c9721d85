"""Each term of the loss against a slow written-out version."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from LongitudinalINRLib.core import regularisers
from LongitudinalINRLib.core.jacobian import jacobian_and_rate
from LongitudinalINRLib.core.network import Jet
from LongitudinalINRLib.core.similarity import correlation, log_ncc, mse, ncc


def two_scans():
    torch.manual_seed(0)
    fixed = torch.randn(2, 40, dtype=torch.float64)
    moving = 0.8 * fixed + 0.3 * torch.randn(2, 40, dtype=torch.float64) + 1.5
    weight = torch.ones(2, 40, dtype=torch.float64)
    weight[0, :7] = 0
    return fixed, moving, weight


def slow_correlation(fixed, moving, weight):
    values = []
    for a, b, w in zip(fixed.numpy(), moving.numpy(), weight.numpy(), strict=True):
        values.append(np.corrcoef(a[w > 0], b[w > 0])[0, 1])
    return values


def test_correlation_is_pearsons_over_the_points_seen():
    scans = two_scans()
    np.testing.assert_allclose(correlation(*scans).numpy(), slow_correlation(*scans), rtol=1e-6)


def test_log_ncc_is_the_mean_over_follow_ups_of_its_formula():
    scans = two_scans()
    expected = np.mean([0.5 * math.log(1 - r * r + 1e-4) for r in slow_correlation(*scans)])
    assert float(log_ncc(*scans)) == pytest.approx(expected, rel=1e-6)


def test_ncc_is_minus_the_mean_correlation():
    scans = two_scans()
    assert float(ncc(*scans)) == pytest.approx(-np.mean(slow_correlation(*scans)), rel=1e-6)


def test_mse_counts_only_points_seen():
    fixed, moving, weight = two_scans()
    squares = [
        (m - f) ** 2 for f, m, w in zip(fixed.ravel(), moving.ravel(), weight.ravel(), strict=True) if w
    ]
    assert float(mse(fixed, moving, weight)) == pytest.approx(float(sum(squares) / len(squares)))


def test_identical_images_stay_finite_with_a_finite_gradient():
    fixed = torch.linspace(0, 1, 50).repeat(1, 1)
    moving = fixed.clone().requires_grad_()
    value = log_ncc(fixed, moving, torch.ones_like(fixed))
    value.backward()
    assert float(value.detach()) == pytest.approx(0.5 * math.log(1e-4), abs=0.05)
    assert moving.grad.isfinite().all()


def test_a_constant_image_gives_a_finite_measure():
    flat = torch.zeros(1, 20)
    assert log_ncc(flat, torch.rand(1, 20), torch.ones(1, 20)).isfinite()


def random_jet(times=4, points=6):
    torch.manual_seed(2)

    def draw(*shape):
        return 0.3 * torch.randn(*shape, dtype=torch.float64)

    return Jet(
        draw(times, points, 3), draw(times, points, 3, 3), draw(times, points, 3), draw(times, points, 3, 3)
    )


def test_spatial_and_temporal_terms_are_means_of_squares():
    jet = random_jet()
    spatial = [sum(float(v) ** 2 for v in m.ravel()) for t in jet.dx for m in t]
    temporal = [sum(float(v) ** 2 for v in vector) for t in jet.dt for vector in t]
    assert float(regularisers.spatial(jet)) == pytest.approx(np.mean(spatial))
    assert float(regularisers.temporal(jet)) == pytest.approx(np.mean(temporal))


def test_identity_term_is_the_mean_squared_displacement():
    jet = random_jet()
    expected = np.mean([sum(float(v) ** 2 for v in vector) for t in jet.value for vector in t])
    assert float(regularisers.identity(jet.value)) == pytest.approx(expected)


def test_monotonic_term_is_the_smaller_of_growth_and_shrinkage_per_point():
    jet = random_jet()
    _, rates = jacobian_and_rate(jet.dx, jet.dxdt)
    expected = []
    for point in range(rates.shape[1]):
        course = [float(r) for r in rates[:, point]]
        expected.append(min(sum(r for r in course if r > 0), -sum(r for r in course if r < 0)))
    assert min(expected) < max(expected)
    assert float(regularisers.monotonic(jet)) == pytest.approx(np.mean(expected))


def test_monotonic_term_is_zero_where_the_volume_only_shrinks():
    shrinking = -0.01 * torch.eye(3, dtype=torch.float64).expand(4, 5, 3, 3)
    still = torch.zeros(4, 5, 3, dtype=torch.float64)
    assert float(regularisers.monotonic(Jet(still, shrinking, still, shrinking))) == 0
