"""Whether one scan shows the tissues of another in the same contrast: the curve between their intensities."""

from __future__ import annotations

import torch
from torch import Tensor

from LongitudinalINRLib.core.intensity_model import RIDGE, drift_basis

DRIFT_DEGREE = 2
BRIGHTNESS_CLASSES = 10
FLAT_SHARE = 0.25
"""The flattest places of each class of brightness: where an edge moved, another intensity is no contrast."""

_ROUNDS = 5
_TUKEY_SCALES = 4.685  # 95 % efficiency for Gaussian residuals
_MAD_TO_SIGMA = 1.4826


def curved_share(fixed: Tensor, moving: Tensor, spread: Tensor, points_mm: Tensor) -> float:
    """Return how much of the contrast no smooth gain and offset explains, but a curve does.

    Parameters
    ----------
    fixed, moving : Tensor, shape (N,)
        Baseline and follow-up, averaged over small cubes so that noise hardly counts.
    spread : Tensor, shape (N,)
        How much both vary within the cube.
    points_mm : Tensor, shape (N, 3)
        Where the cubes are.

    Returns
    -------
    float
        0 for the same contrast. The smaller of what is found when the baseline explains the follow-up and the
        other way round: another contrast is seen both ways, noise in the scan that explains in one.
    """
    forward = _curved_share(fixed, moving, spread, points_mm)
    return min(forward, _curved_share(moving, fixed, spread, points_mm))


def _curved_share(fixed: Tensor, moving: Tensor, spread: Tensor, points_mm: Tensor) -> float:
    """Return what squares and cubes of one scan add in flat tissue, as a share of the other's deviation."""
    flat = _flattest(fixed, spread)
    base = drift_basis(points_mm[flat], fixed[flat], DRIFT_DEGREE).double()
    here = fixed[flat].double()
    curve = torch.stack((here**2, here**3), dim=-1)
    coefficients, weight = _robust_fit(torch.cat((base, curve), dim=-1), moving[flat].double())
    bent = curve @ coefficients[-2:]
    beyond = bent - base @ _weighted_fit(base, bent, weight)
    size = torch.sqrt((weight * beyond.square()).sum() / weight.sum().clamp_min(1.0))
    return float(size / moving.double().std().clamp_min(1e-6))


def _flattest(fixed: Tensor, spread: Tensor) -> Tensor:
    """Return the positions of the flattest places among those as bright: grey matter is never flat."""
    order = fixed.argsort()
    chosen = []
    for members in order.tensor_split(BRIGHTNESS_CLASSES):
        kept = max(1, round(FLAT_SHARE * len(members)))
        chosen.append(members[spread[members].argsort()[:kept]])
    return torch.cat(chosen)


def _robust_fit(columns: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """Least squares reweighted by Tukey's biweight: tissue that became another does not count."""
    weight = torch.ones_like(values)
    for _ in range(_ROUNDS):
        coefficients = _weighted_fit(columns, values, weight)
        residual = values - columns @ coefficients
        scale = _TUKEY_SCALES * _MAD_TO_SIGMA * residual.abs().median() + 1e-9
        weight = (1 - (residual / scale) ** 2).clamp_min(0) ** 2
    return coefficients, weight


def _weighted_fit(columns: Tensor, values: Tensor, weight: Tensor) -> Tensor:
    weighted = (weight[:, None] * columns).T
    gram = weighted @ columns
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    solved: Tensor = torch.linalg.solve(gram + ridge, weighted @ values)
    return solved
