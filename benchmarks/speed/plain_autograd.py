"""The derivatives of the displacement by plain reverse-mode automatic differentiation, for comparison."""

from __future__ import annotations

import torch
from torch import Tensor

from LongitudinalINRLib.core.network import DisplacementNetwork, Jet


def jet(network: DisplacementNetwork, points: Tensor, times: Tensor) -> Jet:
    """Return what `DisplacementNetwork.jet` returns, the way it is usually done.

    One backward pass for each component gives du/dx and du/dt; one more through each du/dt gives the mixed
    derivatives.

    Parameters
    ----------
    network : DisplacementNetwork
        The network.
    points : Tensor, shape (N, 3)
        Model coordinates.
    times : Tensor, shape (T,)
        Model times.
    """
    shape = (len(times), len(points))
    x = points.repeat(len(times), 1).requires_grad_(True)
    t = times.repeat_interleave(len(points)).requires_grad_(True)
    value = _displacement(network, x, t)
    dx, dt, dxdt = [], [], []
    for component in value.unbind(-1):
        along_x, along_t = torch.autograd.grad(component.sum(), (x, t), create_graph=True)
        (mixed,) = torch.autograd.grad(along_t.sum(), x, create_graph=True)
        dx.append(along_x)
        dt.append(along_t)
        dxdt.append(mixed)
    return Jet(
        value.reshape(*shape, 3),
        torch.stack(dx, 1).reshape(*shape, 3, 3),
        torch.stack(dt, 1).reshape(*shape, 3),
        torch.stack(dxdt, 1).reshape(*shape, 3, 3),
    )


def _displacement(network: DisplacementNetwork, x: Tensor, t: Tensor) -> Tensor:
    """Evaluate the network with a time of its own for every point, (M, 3) and (M,) to (M, 3)."""
    features, _ = network.time(t)
    layers = [*network.hidden, network.out]
    state = torch.sin(network.omega * network.first(x))
    for index, layer in enumerate(layers):
        phase = layer(state)
        if index < len(network.join):
            phase = phase + features @ network.join[index].T
        state = torch.sin(network.omega * phase) if index < len(layers) - 1 else phase
    return t[:, None] * state if network.hard_identity else state
