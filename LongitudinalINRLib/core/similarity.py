"""How alike two sets of sampled intensities are; every measure is to be made small."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from LongitudinalINRLib.core.config import Similarity

VARIANCE_FLOOR = 1e-8
LOG_NCC_FLOOR = 1e-4
Measure = Callable[[Tensor, Tensor, Tensor], Tensor]


def correlation(fixed: Tensor, moving: Tensor, weight: Tensor) -> Tensor:
    """Return Pearson's correlation along the last axis.

    Parameters
    ----------
    fixed, moving : Tensor, shape (..., N)
        Intensities at the same points.
    weight : Tensor, shape (..., N)
        1 where both scans were seen, 0 where a field of view ended.
    """
    total = weight.sum(-1, keepdim=True).clamp_min(1)

    def centred(values: Tensor) -> Tensor:
        return weight * (values - (weight * values).sum(-1, keepdim=True) / total)

    a, b = centred(fixed), centred(moving)
    floor = VARIANCE_FLOOR * total.squeeze(-1)
    return (a * b).sum(-1) * torch.rsqrt((a * a).sum(-1) + floor) * torch.rsqrt((b * b).sum(-1) + floor)


def log_ncc(residual: Tensor, moving: Tensor, weight: Tensor) -> Tensor:
    """Return 1/2 log(1 - R^2 + 1e-4), the log-likelihood of the residual under Gaussian noise.

    R^2 is the share of the follow-up's variance that the baseline explains up to a smooth gain and offset;
    with one gain and one offset it is NCC^2. The gradient does not vanish near alignment as that of -NCC
    does. The constant keeps identical images finite.

    Parameters
    ----------
    residual : Tensor, shape (F, N)
        What is not explained, from `intensity_model.unexplained`.
    moving, weight : Tensor, shape (F, N)
        Follow-up intensities; what each point counts for, 0 where a scan was not seen.
    """
    total = weight.sum(-1, keepdim=True).clamp_min(1)
    centred = moving - (weight * moving).sum(-1, keepdim=True) / total
    floor = VARIANCE_FLOOR * total.squeeze(-1)
    share = (weight * residual.square()).sum(-1) / ((weight * centred.square()).sum(-1) + floor)
    return 0.5 * torch.log(share + LOG_NCC_FLOOR).mean()


def ncc(fixed: Tensor, moving: Tensor, weight: Tensor) -> Tensor:
    """Return the negative normalised cross-correlation over all points, as published."""
    return -correlation(fixed, moving, weight).mean()


def mse(fixed: Tensor, moving: Tensor, weight: Tensor) -> Tensor:
    """Return the mean squared difference over the points seen."""
    difference = weight * (moving - fixed)
    return (difference * difference).sum() / weight.expand_as(difference).sum().clamp_min(1)


MEASURES: dict[Similarity, Measure] = {"ncc": ncc, "local-ncc": ncc, "mse": mse}
