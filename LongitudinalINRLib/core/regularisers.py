"""The four regularisers, as means over points, in the dimensionless space and time of the model."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from LongitudinalINRLib.core.config import SpatialForm, SpatialOf
from LongitudinalINRLib.core.jacobian import jacobian_and_rate
from LongitudinalINRLib.core.network import Jet

USUAL_GRADIENT = 0.025
"""Root mean square of du/dx from baseline to the last scan: three years of the default atrophy."""

NO_GRADIENT = 0.03
"""Of the usual one: below this the root turns into a square, and has a slope at no change at all."""


def identity(displacement: Tensor) -> Tensor:
    """Return the mean of |u(x, 0)|^2 for displacements (..., 3) at baseline."""
    return displacement.square().sum(-1).mean()


def spatial_square(jet: Jet, of: SpatialOf = "displacement") -> Tensor:
    """Return the mean of |du/dx|^2 over points and times, or of |dphi/dx|^2 with phi = x + u.

    The latter is equation 2 of Shuaibu et al. 2025; it is |du/dx|^2 + 2 div u + 3.
    """
    gradient = jet.dx
    if of == "deformation":
        gradient = gradient + torch.eye(3, dtype=gradient.dtype, device=gradient.device)
    return gradient.square().sum((-2, -1)).mean()


def spatial_root(jet: Jet, of: SpatialOf = "displacement") -> Tensor:
    """Return the root mean square of du/dx over points and times, scaled; of dphi/dx likewise.

    The square presumes how much a brain changes: it leaves noise in one that hardly does, and flattens one
    that does a lot. The root presumes only that little is likelier than much. At the usual change its
    gradient is that of the square, so that one alpha serves both.
    """
    square = spatial_square(jet, of) + (NO_GRADIENT * USUAL_GRADIENT) ** 2
    return 2.0 * USUAL_GRADIENT * square.sqrt()


SPATIAL_FORMS: dict[SpatialForm, Callable[[Jet, SpatialOf], Tensor]] = {
    "root": spatial_root,
    "square": spatial_square,
}


def temporal(jet: Jet) -> Tensor:
    """Return the mean of |du/dt|^2 over points and times."""
    return jet.dt.square().sum(-1).mean()


def monotonic(jet: Jet) -> Tensor:
    """Return the mean over points of min(sum_t relu(d|J|/dt), sum_t relu(-d|J|/dt)).

    It is zero where the volume only grows or only shrinks over the times of the jet (Shuaibu et al. 2025).
    """
    _, rate = jacobian_and_rate(jet.dx, jet.dxdt)
    return torch.minimum(rate.relu().sum(0), (-rate).relu().sum(0)).mean()
