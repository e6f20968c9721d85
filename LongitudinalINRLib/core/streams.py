"""Derivatives carried forward with the value through affine maps and sines."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor


class Streams(NamedTuple):
    """A layer's value and its derivatives; T is 1 until time has joined.

    ``value`` (T, N, H), ``dx`` (3, T, N, H), ``dt`` (T, N, H), ``dxdt`` (3, T, N, H); ``dt`` and ``dxdt`` are
    None where they are zero because time has not joined yet.
    """

    value: Tensor
    dx: Tensor
    dt: Tensor | None
    dxdt: Tensor | None


def affine(streams: Streams, weight: Tensor, shift: Tensor, slope: Tensor) -> Streams:
    """Carry the streams through W h + b(t).

    Parameters
    ----------
    weight : Tensor, shape (H_out, H_in)
        W.
    shift, slope : Tensor, shape (T, 1, H_out)
        b(t) and its derivative; all that time adds.
    """
    matrix = weight.T
    value = streams.value @ matrix + shift
    dx = streams.dx @ matrix
    if streams.dt is None or streams.dxdt is None:
        return Streams(value, dx, slope, None)
    return Streams(value, dx, streams.dt @ matrix + slope, streams.dxdt @ matrix)


def sine(phase: Streams, omega: float) -> Streams:
    """Carry the streams through sin(omega a).

    With s = sin(omega a) and c = omega cos(omega a): the first derivatives are c a_x and c a_t, the mixed one
    c a_xt - omega^2 s a_x a_t.
    """
    carried = _SineStreams.apply(*phase, omega)  # type: ignore[no-untyped-call]
    return Streams(*carried)


class _SineStreams(torch.autograd.Function):
    """The sine of all streams at once; its gradient is written out to save memory traffic."""

    @staticmethod
    def forward(
        ctx: Any, phase: Tensor, dx: Tensor, dt: Tensor, dxdt: Tensor | None, omega: float
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        sine = torch.sin(omega * phase)
        cosine = omega * torch.cos(omega * phase)
        bend = (-omega * omega) * sine * dt
        ctx.save_for_backward(sine, cosine, bend, dx, dt, dxdt)
        ctx.omega = omega
        mixed = bend * dx
        if dxdt is not None:
            mixed.addcmul_(cosine, dxdt)
        return sine, cosine * dx, cosine * dt, mixed

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        sine, cosine, bend, dx, dt, dxdt = ctx.saved_tensors
        g_value, g_dx, g_dt, g_mixed = grads
        curve = (-ctx.omega * ctx.omega) * sine
        along = (g_mixed * dx).sum(0)
        through = (g_dx * dx).sum(0).addcmul_(g_dt, dt)
        if dxdt is not None:
            through += (g_mixed * dxdt).sum(0)
        g_phase = (cosine * g_value).addcmul_(curve, through)
        g_phase.addcmul_(cosine * dt, along, value=-ctx.omega * ctx.omega)
        to_dx = (cosine * g_dx).addcmul_(bend, g_mixed).sum_to_size(dx.shape)
        to_dt = (cosine * g_dt).addcmul_(curve, along).sum_to_size(dt.shape)
        return g_phase, to_dx, to_dt, None if dxdt is None else cosine * g_mixed, None
