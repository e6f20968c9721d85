"""How sharp one scan is beside another of the same brain: the power of fine detail, small patch by patch."""

from __future__ import annotations

import math

import torch
from torch import Tensor

DETAIL_BAND = (0.5, 2.6)
"""Squared wave number in radians per voxel: periods of nine to four voxels, where anatomy exceeds noise."""

GRAIN_BAND = 7.0
"""Squared wave number from which noise exceeds anatomy."""

DETAIL_PERIOD_VOXELS = 4.0
_SMALLEST_COHERENCE = 0.05


def power(patches: Tensor, window: Tensor) -> Tensor:
    """Return the Fourier coefficients of patches under a window, their weighted mean taken away.

    Parameters
    ----------
    patches, window : Tensor, shape (P, E, E, E)
        Intensities, and the weight of each point.

    Returns
    -------
    Tensor, shape (P, E, E, E)
        Complex.
    """
    axes = (1, 2, 3)
    mean = (patches * window).sum(axes, keepdim=True) / window.sum(axes, keepdim=True).clamp_min(1e-6)
    coefficients: Tensor = torch.fft.fftn((patches - mean) * window, dim=axes)
    return coefficients


def detail_and_grain(fixed: Tensor, moving: Tensor, window: Tensor) -> tuple[float, float]:
    """Compare the fine detail and the noise of two scans.

    Power alone is compared, mode by mode: tissue that moved changes its place in a patch but not its power,
    so that atrophy does not look like blur. Blurring by a Gaussian of s voxels multiplies the power by
    exp(-s^2 k^2); the straight line of the logarithm of the ratio over k^2, weighted by coherence, gives it
    whatever the gain between the scans.

    Parameters
    ----------
    fixed, moving : Tensor, shape (P, E, E, E)
        Baseline and follow-up at the same points, off both grids alike.
    window : Tensor, shape (P, E, E, E)
        Weight of each point; it goes to zero at the faces of a patch and is zero outside the brain.

    Returns
    -------
    detail_ratio : float
        Power of the follow-up's detail with a period of four voxels over that of the baseline's, once their
        coarse detail is equal; 1 for the same sharpness. The window mixes coarse into fine: of a brain
        that is blurred by half a voxel 0.75 is left where the transfer function says 0.54.
    grain_ratio : float
        The same for the amplitude of what is finer than two and a half voxels, where noise prevails.
    """
    one, other = power(fixed, window), power(moving, window)
    ours, theirs = (values.abs().square().mean(0).double() for values in (one, other))
    cross = (one * other.conj()).real.mean(0).double()
    floor = 1e-12 * float(ours.max())
    log_ratio = torch.log((theirs + floor) / (ours + floor))
    wave = 2 * math.pi * torch.fft.fftfreq(ours.shape[0], dtype=torch.float64)
    squares = torch.cartesian_prod(wave, wave, wave).square().sum(-1).reshape(ours.shape)
    band = (squares > DETAIL_BAND[0]) & (squares < DETAIL_BAND[1])
    weight = (cross / torch.sqrt(ours * theirs + floor**2)).clamp_min(_SMALLEST_COHERENCE)[band]
    x, y = squares[band], log_ratio[band]
    x_mean, y_mean = ((weight * values).sum() / weight.sum() for values in (x, y))
    slope = (weight * (x - x_mean) * (y - y_mean)).sum() / (weight * (x - x_mean).square()).sum()
    gain = y_mean - slope * x_mean
    detail = slope * (2 * math.pi / DETAIL_PERIOD_VOXELS) ** 2
    grain = 0.5 * (log_ratio[squares > GRAIN_BAND].mean() - gain)
    return math.exp(float(detail)), math.exp(float(grain))
