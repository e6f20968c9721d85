"""The derivatives carried forward, against automatic differentiation and finite differences."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.jacobian import (
    jacobian_and_rate,
    jacobian_and_rate_points_last,
    jacobian_determinant,
)
from LongitudinalINRLib.core.network import DisplacementNetwork

STEP = 1e-5
ARCHITECTURES = [
    (encoding, identity, widths)
    for encoding in ("every-layer", "first-layer")
    for identity in ("hard", "soft")
    for widths in ((12, 14), (10, 12, 14), (8, 10, 12, 14))
]
POINTS = torch.tensor([[0.1, -0.4, 0.7], [-0.9, 0.2, 0.3], [0.5, 0.6, -0.2]], dtype=torch.float64)
TIMES = torch.tensor([0.0, 0.4, 1.2], dtype=torch.float64)


def lively_network(encoding, identity, widths, activation="tanh"):
    torch.manual_seed(3)
    config = replace(
        FitConfig(), widths=widths, time_encoding=encoding, identity=identity, time_activation=activation
    )
    network = DisplacementNetwork(config).double()
    torch.nn.init.normal_(network.out.weight, std=0.01)
    return network


def single(network):
    """Return u as a function of one point and one time."""
    return lambda point, time: network(point[None], time[None])[0, 0]


@pytest.mark.parametrize(("encoding", "identity", "widths"), ARCHITECTURES)
def test_every_stream_equals_double_precision_autograd(encoding, identity, widths):
    network = lively_network(encoding, identity, widths)
    jet, u = network.jet(POINTS, TIMES), single(network)
    jacobian = torch.autograd.functional.jacobian
    for t, time in enumerate(TIMES):
        for n, point in enumerate(POINTS):
            dx = jacobian(lambda x, time=time: u(x, time), point)
            dt = jacobian(lambda s, point=point: u(point, s), time)
            dxdt = jacobian(
                lambda s, point=point: jacobian(lambda x: u(x, s), point, create_graph=True), time
            )
            torch.testing.assert_close(jet.value[t, n], u(point, time))
            torch.testing.assert_close(jet.dx[t, n], dx)
            torch.testing.assert_close(jet.dt[t, n], dt)
            torch.testing.assert_close(jet.dxdt[t, n], dxdt)


@pytest.mark.parametrize(("encoding", "identity", "widths"), ARCHITECTURES)
def test_every_stream_equals_central_differences(encoding, identity, widths):
    network = lively_network(encoding, identity, widths)
    jet = network.jet(POINTS, TIMES)

    def spatial(times):
        columns = []
        for axis in range(3):
            step = torch.zeros(3, dtype=torch.float64)
            step[axis] = STEP
            columns.append((network(POINTS + step, times) - network(POINTS - step, times)) / (2 * STEP))
        return torch.stack(columns, dim=-1)

    mixed = (spatial(TIMES + STEP) - spatial(TIMES - STEP)) / (2 * STEP)
    velocity = (network(POINTS, TIMES + STEP) - network(POINTS, TIMES - STEP)) / (2 * STEP)
    torch.testing.assert_close(jet.dx, spatial(TIMES), rtol=1e-5, atol=1e-8)
    torch.testing.assert_close(jet.dt, velocity, rtol=1e-5, atol=1e-8)
    torch.testing.assert_close(jet.dxdt, mixed, rtol=1e-3, atol=1e-4)


def test_the_published_activation_agrees_away_from_its_kinks():
    network = lively_network("every-layer", "soft", (10, 12, 14), activation="leaky-relu")
    kinks = -network.time.hidden.bias / network.time.hidden.weight.squeeze(-1)
    assert (TIMES[:, None] - kinks).abs().min() > 10 * STEP
    jet = network.jet(POINTS, TIMES)
    velocity = (network(POINTS, TIMES + STEP) - network(POINTS, TIMES - STEP)) / (2 * STEP)
    torch.testing.assert_close(jet.dt, velocity, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("encoding", ["every-layer", "first-layer"])
def test_gradients_of_the_weights_equal_autograd_through_autograd(encoding):
    network = lively_network(encoding, "hard", (10, 12, 14))

    def loss(value, dx, dt, dxdt):
        return value.square().sum() + (dx**3).sum() + dt.sin().sum() + dxdt.square().sum()

    jet = network.jet(POINTS, TIMES)
    carried = torch.autograd.grad(loss(*jet), list(network.parameters()))

    points = POINTS.expand(3, 3, 3).clone().requires_grad_()
    times = TIMES[:, None].expand(3, 3).clone().requires_grad_()
    u = single(network)
    value = torch.stack([torch.stack([u(points[t, n], times[t, n]) for n in range(3)]) for t in range(3)])

    def grad(outputs, inputs):
        return torch.autograd.grad(outputs.sum(), inputs, create_graph=True)[0]

    dx = torch.stack([grad(value[..., c], points) for c in range(3)], dim=-2)
    dt = torch.stack([grad(value[..., c], times) for c in range(3)], dim=-1)
    dxdt = torch.stack(
        [torch.stack([grad(dx[..., c, a], times) for a in range(3)], dim=-1) for c in range(3)], dim=-2
    )
    reference = torch.autograd.grad(loss(value, dx, dt, dxdt), list(network.parameters()))
    for ours, theirs in zip(carried, reference, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-7, atol=1e-10)


def test_a_uniform_scaling_has_the_cube_of_its_factor_everywhere():
    du_dx = torch.eye(3, dtype=torch.float64).expand(4, 3, 3) * 0.1
    torch.testing.assert_close(jacobian_determinant(du_dx), torch.full((4,), 1.1**3, dtype=torch.float64))


def test_a_rotation_has_determinant_one_and_no_rate():
    angle = torch.tensor(0.7, dtype=torch.float64)
    c, s = angle.cos(), angle.sin()
    one, zero = torch.ones_like(c), torch.zeros_like(c)
    rotation = torch.stack(
        [torch.stack([c, -s, zero]), torch.stack([s, c, zero]), torch.stack([zero, zero, one])]
    )
    turning = torch.stack(
        [torch.stack([-s, -c, zero]), torch.stack([c, -s, zero]), torch.stack([zero, zero, zero])]
    )
    determinant, rate = jacobian_and_rate(rotation - torch.eye(3, dtype=torch.float64), turning)
    torch.testing.assert_close(determinant, one)
    torch.testing.assert_close(rate, zero, atol=1e-14, rtol=0)


def test_determinant_and_rate_equal_linear_algebra_and_a_time_difference():
    torch.manual_seed(0)
    at_zero, velocity = 0.2 * torch.randn(2, 7, 3, 3, dtype=torch.float64)
    determinant, rate = jacobian_and_rate(at_zero, velocity)
    identity = torch.eye(3, dtype=torch.float64)
    torch.testing.assert_close(determinant, torch.linalg.det(identity + at_zero))
    ahead = torch.linalg.det(identity + at_zero + STEP * velocity)
    behind = torch.linalg.det(identity + at_zero - STEP * velocity)
    torch.testing.assert_close(rate, (ahead - behind) / (2 * STEP), rtol=1e-7, atol=1e-8)


def test_determinant_and_rate_are_the_same_with_the_points_last():
    torch.manual_seed(5)
    at_zero, velocity = torch.randn(2, 40, 3, 3, dtype=torch.float64)
    found = jacobian_and_rate_points_last(at_zero.permute(1, 2, 0), velocity.permute(1, 2, 0))
    torch.testing.assert_close(found, jacobian_and_rate(at_zero, velocity))


def test_a_hard_identity_is_exact_at_baseline():
    network = lively_network("every-layer", "hard", (10, 12, 14))
    jet = network.jet(POINTS, torch.zeros(1, dtype=torch.float64))
    assert jet.value.abs().max() == 0
    assert jet.dx.abs().max() == 0
    assert jet.dt.abs().max() > 0


def test_times_are_independent_of_their_company():
    network = lively_network("every-layer", "soft", (10, 12, 14))
    together, alone = network.jet(POINTS, TIMES), network.jet(POINTS, TIMES[1:2])
    for joint, single_time in zip(together, alone, strict=True):
        torch.testing.assert_close(joint[1:2], single_time)
