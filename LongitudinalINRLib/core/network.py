"""The displacement network: sine layers joined by time, with derivatives carried forward."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.streams import Streams, affine, sine
from LongitudinalINRLib.core.time_encoder import TIME_FEATURES, TimeEncoder

AXES = 3


class Jet(NamedTuple):
    """A displacement with its derivatives, all in model units.

    ``value`` and ``dt`` have shape (T, N, 3); ``dx`` and ``dxdt`` (T, N, 3, 3) with [component, axis].
    """

    value: Tensor
    dx: Tensor
    dt: Tensor
    dxdt: Tensor


class DisplacementNetwork(nn.Module):
    """u(x, t): sine layers of x whose phases are shifted by features of t.

    Time features depend on t alone, so joining them to a layer's input by concatenation is the same as adding
    a time-dependent bias: it is computed once per time, and everything before the first joined phase is
    computed once for all times.

    Parameters
    ----------
    config : FitConfig
        Widths, omega, the layers that time joins, its activation, and the identity constraint.

    Notes
    -----
    Architecture and initialisation: Sitzmann et al. 2020 (SIREN); joined by time: Shuaibu et al. 2025.
    """

    def __init__(self, config: FitConfig):
        super().__init__()
        self.omega = config.omega
        self.hard_identity = config.identity == "hard"
        widths = config.widths
        self.first = nn.Linear(AXES, widths[0])
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:], strict=True))
        self.out = nn.Linear(widths[-1], AXES)
        self.time = TimeEncoder(config.time_activation)
        joined = len(self.hidden) + 1 if config.time_encoding == "every-layer" else 1
        layers = [*self.hidden, self.out][:joined]
        self.join = nn.ModuleList(nn.Linear(TIME_FEATURES, layer.out_features, bias=False) for layer in layers)
        self._initialise()

    @torch.no_grad()
    def _initialise(self) -> None:
        self.first.weight.uniform_(-1 / AXES, 1 / AXES)
        for layer in (*self.hidden, self.out):
            bound = math.sqrt(6 / layer.in_features) / self.omega
            layer.weight.uniform_(-bound, bound)
        for layer, joined in zip((*self.hidden, self.out), self.join, strict=False):
            bound = math.sqrt(6 / layer.in_features) / self.omega
            joined.weight.uniform_(-bound, bound)
        if self.hard_identity:
            # Start from no change at all instead of a random field.
            self.out.weight.zero_()
            self.out.bias.zero_()
            if len(self.join) == len(self.hidden) + 1:
                self.join[-1].weight.zero_()

    def _shifts(self, times: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Return the time-dependent biases of hidden and output layers and their derivatives, (T, 1, width)."""
        features, velocity = self.time(times)
        layers = [*self.hidden, self.out]
        shifts, slopes = [], []
        for index, layer in enumerate(layers):
            if index < len(self.join):
                shifts.append((self.join[index](features) + layer.bias).unsqueeze(1))
                slopes.append(self.join[index](velocity).unsqueeze(1))
            else:
                shifts.append(layer.bias.expand(len(times), 1, -1))
                slopes.append(torch.zeros_like(shifts[-1]))
        return shifts, slopes

    def forward(self, points: Tensor, times: Tensor) -> Tensor:
        """Return the displacement at every point and time.

        Parameters
        ----------
        points : Tensor, shape (N, 3)
            Model coordinates.
        times : Tensor, shape (T,)
            Model times.

        Returns
        -------
        Tensor, shape (T, N, 3)
            Displacement in model units.
        """
        shifts, _ = self._shifts(times)
        state = torch.sin(self.omega * self.first(points)).unsqueeze(0)
        for layer, shift in zip(self.hidden, shifts[:-1], strict=True):
            state = torch.sin(self.omega * (state @ layer.weight.T + shift))
        value: Tensor = state @ self.out.weight.T + shifts[-1]
        return value * times[:, None, None] if self.hard_identity else value

    def jet(self, points: Tensor, times: Tensor) -> Jet:
        """Return the displacement and its derivatives at every point (N, 3) and time (T,)."""
        shifts, slopes = self._shifts(times)
        phase = self.first(points).unsqueeze(0)
        cosine = self.omega * torch.cos(self.omega * phase)
        streams = Streams(torch.sin(self.omega * phase), cosine * self.first.weight.T[:, None, None, :], None, None)
        for layer, shift, slope in zip(self.hidden, shifts[:-1], slopes[:-1], strict=True):
            streams = sine(affine(streams, layer.weight, shift, slope), self.omega)
        out = affine(streams, self.out.weight, shifts[-1], slopes[-1])
        value, dx, dt, dxdt = (stream.expand(*stream.shape[:-3], len(times), len(points), AXES) for stream in out)
        if self.hard_identity:
            t = times[:, None, None]
            value, dx, dt, dxdt = t * value, t * dx, value + t * dt, dx + t * dxdt
        return Jet(value, dx.movedim(0, -1), dt, dxdt.movedim(0, -1))
