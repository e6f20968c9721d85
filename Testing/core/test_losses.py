"""Each term of the loss against a slow written-out version."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from LongitudinalINRLib.core import regularisers
from LongitudinalINRLib.core.intensity_model import drift_basis, unexplained
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


def drift_free_log_ncc(fixed, moving, weight, degree=0):
    """Return log-ncc of follow-ups of one baseline."""
    points = torch.randn(fixed.shape[-1], 3, generator=torch.Generator().manual_seed(1), dtype=fixed.dtype)
    return log_ncc(unexplained(drift_basis(points, fixed, degree), moving, weight), moving, weight)


def test_log_ncc_with_one_gain_is_the_mean_over_follow_ups_of_its_formula():
    fixed, moving, weight = two_scans()
    fixed = fixed[:1].expand(2, -1)
    moving = moving + fixed
    expected = [0.5 * math.log(1 - r * r + 1e-4) for r in slow_correlation(fixed, moving, weight)]
    assert float(drift_free_log_ncc(fixed[0], moving, weight)) == pytest.approx(np.mean(expected), rel=1e-5)


def test_log_ncc_does_not_see_a_smooth_gain_and_offset():
    torch.manual_seed(0)
    points = torch.randn(400, 3, dtype=torch.float64)
    fixed = torch.randn(400, dtype=torch.float64)
    x, y, z = points.T
    drifted = (fixed * (1 + 0.1 * x - 0.05 * y * z) + 0.2 * z**2)[None]
    noisy = drifted + 0.1 * torch.randn(1, 400, dtype=torch.float64)
    seen = torch.ones(1, 400, dtype=torch.float64)
    kept = unexplained(drift_basis(points, fixed, 2), noisy, seen)
    reference = np.linalg.lstsq(drift_basis(points, fixed, 2).numpy(), noisy[0].numpy(), rcond=None)[1]
    assert float(kept.square().sum()) == pytest.approx(float(reference[0]), rel=1e-6)
    assert unexplained(drift_basis(points, fixed, 2), drifted, seen).abs().max() < 1e-5
    assert unexplained(drift_basis(points, fixed, 0), drifted, seen).abs().max() > 0.1


def test_the_gradient_of_log_ncc_is_exact_although_its_coefficients_are_held():
    torch.manual_seed(0)
    points = torch.randn(60, 3, dtype=torch.float64)
    basis = drift_basis(points, torch.randn(60, dtype=torch.float64), 1)
    moving = torch.randn(2, 60, dtype=torch.float64, requires_grad=True)
    seen = torch.ones(2, 60, dtype=torch.float64)
    assert torch.autograd.gradcheck(
        lambda m: log_ncc(unexplained(basis, m, seen), m, seen), moving, atol=1e-6
    )


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
    value = drift_free_log_ncc(fixed[0], moving, torch.ones_like(fixed))
    value.backward()
    assert float(value.detach()) == pytest.approx(0.5 * math.log(1e-4), abs=0.05)
    assert moving.grad.isfinite().all()


def test_a_constant_image_gives_a_finite_measure():
    flat = torch.zeros(1, 20)
    assert drift_free_log_ncc(flat[0], torch.rand(1, 20), torch.ones(1, 20)).isfinite()


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
    assert float(regularisers.spatial_square(jet)) == pytest.approx(np.mean(spatial))
    assert float(regularisers.temporal(jet)) == pytest.approx(np.mean(temporal))


def test_the_spatial_term_of_the_deformation_is_that_of_finite_differences():
    torch.manual_seed(3)
    linear = 0.2 * torch.randn(3, 3, dtype=torch.float64)
    points = torch.randn(5, 3, dtype=torch.float64)

    def phi(x):
        return x + torch.sin(x @ linear.T)

    step, squares = 1e-6, 0.0
    for axis in torch.eye(3, dtype=torch.float64):
        squares += float(
            ((phi(points + step * axis) - phi(points - step * axis)) / (2 * step)).square().sum()
        )
    du = torch.cos(points @ linear.T)[:, :, None] * linear
    still = torch.zeros(1, 5, 3, dtype=torch.float64)
    jet = Jet(still, du[None], still, torch.zeros_like(du)[None])
    assert float(regularisers.spatial_square(jet, "deformation")) == pytest.approx(squares / 5, rel=1e-8)
    divergence = float(du.diagonal(dim1=-2, dim2=-1).sum(-1).mean())
    expected = float(regularisers.spatial_square(jet)) + 2 * divergence + 3
    assert float(regularisers.spatial_square(jet, "deformation")) == pytest.approx(expected)


def test_the_spatial_term_of_the_deformation_pulls_towards_contraction_where_nothing_changes():
    jet = random_jet()
    still = torch.zeros_like(jet.dx, requires_grad=True)
    regularisers.spatial_square(jet._replace(dx=still), "deformation").backward()
    expected = 2 * torch.eye(3, dtype=still.dtype).expand_as(still) / (still.shape[0] * still.shape[1])
    torch.testing.assert_close(still.grad, expected)


def gradient_of(term, amplitude):
    """Return the slope of a term along the scale of a field whose root mean square gradient is given."""
    jet = random_jet()
    scale = torch.tensor(amplitude / float(regularisers.spatial_square(jet)) ** 0.5, requires_grad=True)
    term(jet._replace(dx=jet.dx * scale)).backward()
    return float(scale.grad) / amplitude


def test_at_the_usual_change_root_and_square_pull_alike():
    usual = regularisers.USUAL_GRADIENT
    expected = gradient_of(regularisers.spatial_square, usual)
    assert gradient_of(regularisers.spatial_root, usual) == pytest.approx(expected, rel=1e-3)


def test_the_root_pulls_harder_on_little_change_and_weaker_on_much():
    for factor in (0.1, 10.0):
        amplitude = factor * regularisers.USUAL_GRADIENT
        ratio = gradient_of(regularisers.spatial_root, amplitude) / gradient_of(
            regularisers.spatial_square, amplitude
        )
        assert ratio == pytest.approx(1.0 / factor, rel=0.05)


def test_the_root_does_not_pull_where_nothing_changes():
    jet = random_jet()
    still = torch.zeros_like(jet.dx, requires_grad=True)
    regularisers.spatial_root(jet._replace(dx=still)).backward()
    assert torch.equal(still.grad, torch.zeros_like(still))


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
