"""The four regularisers, as means over points, in the dimensionless space and time of the model."""

from __future__ import annotations

import torch
from torch import Tensor

from LongitudinalINRLib.core.jacobian import jacobian_and_rate
from LongitudinalINRLib.core.network import Jet


def identity(displacement: Tensor) -> Tensor:
    """Return the mean of |u(x, 0)|^2 for displacements (..., 3) at baseline."""
    return displacement.square().sum(-1).mean()


def spatial(jet: Jet) -> Tensor:
    """Return the mean of |du/dx|^2 over points and times."""
    return jet.dx.square().sum((-2, -1)).mean()


def temporal(jet: Jet) -> Tensor:
    """Return the mean of |du/dt|^2 over points and times."""
    return jet.dt.square().sum(-1).mean()


def monotonic(jet: Jet) -> Tensor:
    """Return the mean over points of min(sum_t relu(d|J|/dt), sum_t relu(-d|J|/dt)).

    It is zero where the volume only grows or only shrinks over the times of the jet (Shuaibu et al. 2025).
    """
    _, rate = jacobian_and_rate(jet.dx, jet.dxdt)
    return torch.minimum(rate.relu().sum(0), (-rate).relu().sum(0)).mean()
