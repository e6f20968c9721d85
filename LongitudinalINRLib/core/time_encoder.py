"""The time sub-network: features of t and their derivative."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from LongitudinalINRLib.core.config import TimeActivation
from LongitudinalINRLib.core.layers import linear

LEAKY_SLOPE = 0.2
HIDDEN_UNITS = 10
TIME_FEATURES = 64
SETTLING_TIME = 0.05
"""In units of the time to the last scan. Found on the tuning subjects (docs/evidence.md)."""


class TimeEncoder(nn.Module):
    """Features tau(t) = B a(A t + a0) + b0 with 10 hidden units and 64 outputs.

    Parameters
    ----------
    activation : {"tanh", "leaky-relu"}
        Smooth by default. LeakyReLU(0.2) is the published choice; d|J|/dt then jumps at its kinks.
    generator : torch.Generator
        What the initial weights are drawn from.
    settles : bool
        Whether the features come to rest beyond t = 1, the last scan. With u = t N the displacement then goes
        on at the mean pace that was observed; no scan says how N would go on changing.
    """

    def __init__(self, activation: TimeActivation, generator: torch.Generator, settles: bool = False):
        super().__init__()
        self.activation = activation
        self.settles = settles
        self.hidden = linear(1, HIDDEN_UNITS, generator)
        self.out = linear(HIDDEN_UNITS, TIME_FEATURES, generator)

    def forward(self, times: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features and their derivative at times (T,), both shape (T, 64)."""
        pace = torch.ones_like(times)
        if self.settles:
            times, pace = _settled(times)
        phase = self.hidden(times.unsqueeze(-1))
        if self.activation == "tanh":
            value = torch.tanh(phase)
            slope = 1 - value * value
        else:
            slope = torch.where(phase > 0, 1.0, LEAKY_SLOPE).to(phase.dtype)
            value = phase * slope
        velocity = pace.unsqueeze(-1) * slope * self.hidden.weight.squeeze(-1)
        return self.out(value), velocity @ self.out.weight.T


def _settled(times: Tensor) -> tuple[Tensor, Tensor]:
    """Let time run out beyond 1, without a jump in its pace; return it and its pace, both (T,)."""
    over = (times - 1).clamp_min(0)
    pace = torch.exp(-over / SETTLING_TIME)
    return torch.where(over > 0, 1 + SETTLING_TIME * (1 - pace), times), pace
