"""The displacement network: sine layers joined by time, with derivatives carried forward."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.layers import linear
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
        Widths, omega, the layers that time joins, its activation, the identity constraint, and the seed of
        the initial weights; torch's global random state plays no part.

    Notes
    -----
    Architecture and initialisation: Sitzmann et al. 2020 (SIREN); joined by time: Shuaibu et al. 2025.
    """

    def __init__(self, config: FitConfig):
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        self.omega = config.omega
        self.hard_identity = config.identity == "hard"
        widths = config.widths
        self.first = linear(AXES, widths[0], generator)
        self.hidden = nn.ModuleList(linear(a, b, generator) for a, b in pairwise(widths))
        self.out = linear(widths[-1], AXES, generator)
        self.time = TimeEncoder(config.time_activation, generator, config.keeps_trend)
        joined = len(self.hidden) + 1 if config.time_encoding == "every-layer" else 1
        self.join = nn.ParameterList(
            torch.empty(layer.out_features, TIME_FEATURES) for layer in self.joinable()[:joined]
        )
        self._initialise(generator)

    @torch.no_grad()
    def _initialise(self, generator: torch.Generator) -> None:
        self.first.weight.uniform_(-1 / AXES, 1 / AXES, generator=generator)
        for layer in self.joinable():
            bound = math.sqrt(6 / layer.in_features) / self.omega
            layer.weight.uniform_(-bound, bound, generator=generator)
        for layer, joined in zip(self.joinable(), self.join, strict=False):
            bound = math.sqrt(6 / layer.in_features) / self.omega
            joined.uniform_(-bound, bound, generator=generator)
        if self.hard_identity:
            # Start from no change at all instead of a random field.
            self.out.weight.zero_()
            self.out.bias.zero_()
            if len(self.join) == len(self.hidden) + 1:
                self.join[-1].zero_()

    def joinable(self) -> list[nn.Linear]:
        """Return the layers after the first: those that time can join."""
        return [*cast("list[nn.Linear]", list(self.hidden)), self.out]

    def shifts(self, times: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Return the time-dependent biases after the first layer and their derivatives, (T, 1, width)."""
        features, velocity = self.time(times)
        shifts, slopes = [], []
        for index, layer in enumerate(self.joinable()):
            if index < len(self.join):
                matrix = self.join[index].T
                shifts.append((features @ matrix + layer.bias).unsqueeze(1))
                slopes.append((velocity @ matrix).unsqueeze(1))
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
        # Omega is folded into the weights: one pass over memory less a layer.
        omega = self.omega
        shifts, _ = self.shifts(times)
        *hidden, last = self.joinable()
        state = torch.sin(torch.addmm(omega * self.first.bias, points, omega * self.first.weight.T))
        for layer, shift in zip(hidden, shifts, strict=False):
            state = torch.sin(state @ (omega * layer.weight.T) + omega * shift)
        value: Tensor = state @ last.weight.T + shifts[-1]
        return value * times[:, None, None] if self.hard_identity else value

    def jet(self, points: Tensor, times: Tensor) -> Jet:
        """Return the displacement and its derivatives at every point (N, 3) and time (T,)."""
        shifts, slopes = self.shifts(times)
        phase = self.first(points).unsqueeze(0)
        cosine = self.omega * torch.cos(self.omega * phase)
        streams = Streams(
            torch.sin(self.omega * phase), cosine * self.first.weight.T[:, None, None, :], None, None
        )
        for layer, shift, slope in zip(self.joinable()[:-1], shifts[:-1], slopes[:-1], strict=True):
            streams = sine(affine(streams, layer.weight, shift, slope), self.omega)
        out = affine(streams, self.out.weight, shifts[-1], slopes[-1])
        value, dx, dt, dxdt = (_full(stream, len(times), len(points)) for stream in out)
        if self.hard_identity:
            t = times[:, None, None]
            value, dx, dt, dxdt = t * value, t * dx, value + t * dt, dx + t * dxdt
        return Jet(value, dx.movedim(0, -1), dt, dxdt.movedim(0, -1))


def _full(stream: Tensor | None, times: int, points: int) -> Tensor:
    """Spread a stream over the axes that it does not depend on."""
    if stream is None:
        raise ValueError("Expected at least two sine layers: time joins after the first.")
    return stream.expand(*stream.shape[:-3], times, points, AXES)
