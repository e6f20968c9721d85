"""Gaussian smoothing of a scan, for the coarse stages of the fit."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from LongitudinalINRLib.core.problem import FitProblem, Image

TRUNCATE = 3.0
BAND = 48
"""Voxels smoothed at once: of 16 to 96 the quickest along every axis."""

SMALLEST_SHARE, MOSTLY_DATA = 0.01, 0.8
"""Of the Gaussian's weight on data: a mean exists, and it is that of the tissue on all sides."""


def smooth(image: Image, sigma_mm: float) -> Image:
    """Return the image smoothed by a Gaussian of `sigma_mm` along each axis, its border repeated.

    Where a scan holds data in a part of its grid alone, each voxel takes the weighted mean of the data around
    it (normalised convolution, Knutsson and Westin 1993), not mixed with the nothing beside it. What
    then rests on one side alone no longer counts as data.
    """
    if sigma_mm <= 0:
        return image
    if image.support is not None:
        held = image.support.to(image.values.dtype)
        total = smooth(replace(image, values=image.values * held, support=None), sigma_mm).values
        share = smooth(replace(image, values=held, support=None), sigma_mm).values
        mean = total / share.clamp_min(SMALLEST_SHARE)
        values = torch.where(share > SMALLEST_SHARE, mean, image.values)
        return replace(image, values=values, support=image.support & (share > MOSTLY_DATA))
    axes = torch.linalg.inv(image.world_to_voxel)[:3, :3]
    spacing_mm = torch.linalg.vector_norm(axes, dim=0).tolist()
    values = image.values
    for axis, step_mm in enumerate(spacing_mm):
        values = _smooth_axis(values, sigma_mm / step_mm, axis)
    return replace(image, values=values)


def smooth_problem(problem: FitProblem, sigma_mm: float) -> FitProblem:
    """Return the problem with every scan smoothed alike."""
    follow_ups = tuple(replace(scan, image=smooth(scan.image, sigma_mm)) for scan in problem.follow_ups)
    return replace(problem, baseline=smooth(problem.baseline, sigma_mm), follow_ups=follow_ups)


def _smooth_axis(values: Tensor, sigma_voxels: float, axis: int) -> Tensor:
    """Smooth along an axis, a band of it at a time: far from its diagonal the matrix is zero."""
    size, radius = values.shape[axis], _radius(sigma_voxels)
    matrix = _blur(size, sigma_voxels).to(values)
    smoothed = values.new_empty(values.shape)
    for start in range(0, size, BAND):
        low, length = max(0, start - radius), min(BAND, size - start)
        high = min(size, start + length + radius)
        weights = matrix[start : start + length, low:high]
        near, band = values.narrow(axis, low, high - low), smoothed.narrow(axis, start, length)
        if axis == 0:
            torch.mm(weights, near.flatten(1), out=band.flatten(1))
        else:
            band.copy_(weights @ near if axis == 1 else near @ weights.T)
    return smoothed


def _blur(size: int, sigma_voxels: float) -> Tensor:
    """Return the matrix that smooths lines of a length, their ends repeated.

    A product with a matrix that is nearly all zeros takes fewer passes over memory than a convolution.
    """
    radius = _radius(sigma_voxels)
    offsets = torch.arange(-radius, radius + 1)
    kernel = torch.exp(-0.5 * (offsets / sigma_voxels) ** 2)
    kernel /= kernel.sum()
    matrix = torch.zeros(size, size)
    rows = torch.arange(size)
    for offset, weight in zip(offsets, kernel, strict=True):
        matrix[rows, (rows + offset).clamp(0, size - 1)] += weight
    return matrix


def _radius(sigma_voxels: float) -> int:
    return max(1, round(TRUNCATE * sigma_voxels))
