"""The lean evaluation of a network against its derivatives carried forward."""

import pytest
import torch

from LongitudinalINRLib.core import evaluation
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.network import DisplacementNetwork


@pytest.fixture(params=["first-layer", "every-layer"])
def a_network(request):
    config = FitConfig(widths=(12, 9, 10), time_encoding=request.param)
    network = DisplacementNetwork(config).double()
    torch.manual_seed(3)
    torch.nn.init.normal_(network.out.weight, std=0.1)
    return network


@pytest.mark.parametrize("time", [0.0, 0.4, 1.3])
@pytest.mark.parametrize("hard", [True, False])
def test_lean_evaluation_is_the_jet(a_network, time, hard):
    a_network.hard_identity = hard
    points = 2 * torch.rand(50, 3, dtype=torch.float64) - 1
    at = torch.tensor(time, dtype=torch.float64)
    jet = a_network.jet(points, at.reshape(1))
    times = torch.tensor([0.7, time], dtype=torch.float64)
    parts = evaluation.with_velocities(a_network, points.split(30), times)
    value, velocity = (torch.cat(each) for each in zip(*(both for _, both in parts), strict=True))
    torch.testing.assert_close(evaluation.displacement(a_network, points, at), jet.value[0])
    torch.testing.assert_close(value, jet.value[0])
    torch.testing.assert_close(velocity, jet.dt[0])
    torch.testing.assert_close(evaluation.spatial_derivatives(a_network, points, at), jet.dx[0])
    assert not value.requires_grad
