"""The fitted network without a gradient, and only those derivatives that are asked for.

The same functions as `DisplacementNetwork.jet`, in fewer passes over memory: omega is folded into the
weights, the products take up the shifts of time, and sines are taken in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from LongitudinalINRLib.core.network import AXES, DisplacementNetwork


class _Layer(NamedTuple):
    """One layer after the first at one time: its matrix, its shift and the derivative of that by time."""

    matrix: Tensor
    shift: Tensor
    slope: Tensor


@torch.no_grad()
def displacement(network: DisplacementNetwork, points: Tensor, time: Tensor) -> Tensor:
    """Return the displacement at one time, model units, shape (N, 3).

    Parameters
    ----------
    network : DisplacementNetwork
        The network.
    points : Tensor, shape (N, 3)
        Model coordinates.
    time : Tensor, shape ()
        Model time.
    """
    state = _first_phase(network, points).sin_()
    *hidden, last = _layers(network, time)
    for layer in hidden:
        state = torch.addmm(layer.shift, state, layer.matrix).sin_()
    value = torch.addmm(last.shift, state, last.matrix)
    return time * value if network.hard_identity else value


@torch.no_grad()
def with_velocities(
    network: DisplacementNetwork, parts: Iterable[Tensor], times: Tensor
) -> Iterator[list[tuple[Tensor, Tensor]]]:
    """Yield for each part of points the displacement and its derivative by time at each time.

    What parts and times share is computed once.

    Parameters
    ----------
    network : DisplacementNetwork
        The network.
    parts : iterable of Tensor, shape (N, 3)
        Model coordinates.
    times : Tensor, shape (T,)
        Model times.
    """
    if not network.hidden:
        raise ValueError("Expected at least two sine layers: time joins after the first.")
    second = network.omega * network.joinable()[0].weight.T
    layers = [tuple(_layers(network, time)) for time in times]
    for points in parts:
        shared = _first_phase(network, points).sin_() @ second
        yield [_with_velocity(network, shared, *each) for each in zip(layers, times, strict=True)]


def _with_velocity(
    network: DisplacementNetwork, shared: Tensor, layers: tuple[_Layer, ...], time: Tensor
) -> tuple[Tensor, Tensor]:
    (_, shift, slope), *hidden, last = layers
    phase, through = shared + shift, slope.expand_as(shared)
    for layer in hidden:
        velocity, state = phase.cos().mul_(through), phase.sin_()
        phase = torch.addmm(layer.shift, state, layer.matrix)
        through = torch.addmm(layer.slope, velocity, layer.matrix)
    velocity, state = phase.cos().mul_(through), phase.sin_()
    value = torch.addmm(last.shift, state, last.matrix)
    change = torch.addmm(last.slope, velocity, last.matrix)
    return (time * value, value + time * change) if network.hard_identity else (value, change)


@torch.no_grad()
def spatial_derivatives(network: DisplacementNetwork, points: Tensor, time: Tensor) -> Tensor:
    """Return du/dx at one time, shape (N, 3, 3) with [component, axis].

    Parameters as of `displacement`.
    """
    phase = _first_phase(network, points)
    slopes = phase.cos() * (network.omega * network.first.weight.T)[:, None, :]
    state = phase.sin_()
    *hidden, last = _layers(network, time)
    for layer in hidden:
        phase = torch.addmm(layer.shift, state, layer.matrix)
        slopes = (slopes.flatten(0, 1) @ layer.matrix).view(AXES, len(points), -1).mul_(phase.cos())
        state = phase.sin_()
    found = (slopes @ last.matrix).movedim(0, -1)
    return time * found if network.hard_identity else found


def _first_phase(network: DisplacementNetwork, points: Tensor) -> Tensor:
    first = network.first
    return torch.addmm(network.omega * first.bias, points, network.omega * first.weight.T)


def _layers(network: DisplacementNetwork, time: Tensor) -> Iterator[_Layer]:
    """Yield the hidden layers, multiplied by omega, and the last, which has no sine."""
    shifts, slopes = network.shifts(time.reshape(1))
    layers = network.joinable()
    for layer, shift, slope in zip(layers, shifts, slopes, strict=True):
        scale = 1.0 if layer is layers[-1] else network.omega
        yield _Layer(scale * layer.weight.T, scale * shift[0, 0], scale * slope[0, 0])
