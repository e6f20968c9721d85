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
        Root mean square of what squares and cubes of the intensity explain of the difference of the scans, by
        robust least squares in flat tissue, as a share of the standard deviation: 0 for the same contrast.

    Notes
    -----
    The difference is explained by the mean of both [1]_: explained by one scan alone, its noise bends the
    line, for what looks brightest is so by noise in part.

    References
    ----------
    .. [1] Bland and Altman, "Statistical methods for assessing agreement between two methods of clinical
       measurement", Lancet 327(8476), 1986.
    """
    mean = (fixed + moving) / 2
    flat = _flattest(mean, spread)
    here, difference = mean[flat], (moving - fixed)[flat].double()
    base = drift_basis(points_mm[flat], here, DRIFT_DEGREE).double()
    curve = torch.stack((here**2, here**3), dim=-1).double()
    coefficients, weight = _robust_fit(torch.cat((base, curve), dim=-1), difference)
    bent = curve @ coefficients[-2:]
    beyond = bent - base @ _weighted_fit(base, bent, weight)
    size = torch.sqrt((weight * beyond.square()).sum() / weight.sum().clamp_min(1.0))
    return float(size / mean.double().std().clamp_min(1e-6))


def _flattest(mean: Tensor, spread: Tensor) -> Tensor:
    """Return the positions of the flattest places among those as bright: grey matter is never flat."""
    order = mean.argsort()
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
