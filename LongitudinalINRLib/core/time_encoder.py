"""The time sub-network: features of t and their derivative."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from LongitudinalINRLib.core.config import TimeActivation

LEAKY_SLOPE = 0.2
HIDDEN_UNITS = 10
TIME_FEATURES = 64


class TimeEncoder(nn.Module):
    """Features tau(t) = B a(A t + a0) + b0 with 10 hidden units and 64 outputs.

    Parameters
    ----------
    activation : {"tanh", "leaky-relu"}
        Smooth by default. LeakyReLU(0.2) is the published choice; d|J|/dt then jumps at its kinks.
    """

    def __init__(self, activation: TimeActivation):
        super().__init__()
        self.activation = activation
        self.hidden = nn.Linear(1, HIDDEN_UNITS)
        self.out = nn.Linear(HIDDEN_UNITS, TIME_FEATURES)

    def forward(self, times: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features and their derivative at times (T,), both shape (T, 64)."""
        phase = self.hidden(times.unsqueeze(-1))
        if self.activation == "tanh":
            value = torch.tanh(phase)
            slope = 1 - value * value
        else:
            slope = torch.where(phase > 0, 1.0, LEAKY_SLOPE).to(phase.dtype)
            value = phase * slope
        velocity = slope * self.hidden.weight.squeeze(-1)
        return self.out(value), velocity @ self.out.weight.T
