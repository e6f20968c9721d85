"""Sampling, smoothing, schedule, optimiser: each against what it promises."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from LongitudinalINRLib.core.muon import Muon, orthogonalised
from LongitudinalINRLib.core.problem import Image
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.schedule import Schedule
from LongitudinalINRLib.core.smoothing import smooth


def voxels_of(problem, points_mm):
    matrix = problem.baseline.world_to_voxel.float()
    return points_mm @ matrix[:3, :3].T + matrix[:3, 3]


def test_points_lie_in_the_brain_and_off_the_grid(a_growing_problem):
    sampler = BrainSampler(a_growing_problem, torch.Generator().manual_seed(0))
    voxels = voxels_of(a_growing_problem, sampler.points(4000))
    nearest = voxels.round().long()
    assert a_growing_problem.mask[nearest.unbind(-1)].all()
    offset = voxels - nearest
    assert offset.abs().mean() == pytest.approx(0.25, abs=0.01)


def test_patches_are_whole_lattices_of_the_baseline(a_growing_problem):
    sampler = BrainSampler(a_growing_problem, torch.Generator().manual_seed(0))
    voxels = voxels_of(a_growing_problem, sampler.patches(5, 4, jitter=False))
    torch.testing.assert_close(voxels, voxels.round(), atol=1e-4, rtol=0)
    extent = voxels.amax(1) - voxels.amin(1)
    torch.testing.assert_close(extent, torch.full((5, 3), 3.0), atol=1e-4, rtol=0)
    size = torch.tensor(a_growing_problem.mask.shape)
    assert (voxels >= -1e-4).all()
    assert (voxels <= size - 1 + 1e-4).all()


def test_smoothing_is_a_gaussian_in_mm_whatever_the_voxels():
    torch.manual_seed(0)
    values = torch.rand(100, 60, 50)  # longer than the bands
    world_to_voxel = torch.diag(torch.tensor([1.0, 0.5, 1 / 3, 1.0], dtype=torch.float64))
    smoothed = smooth(Image(values, world_to_voxel), 2.0).values
    reference = ndimage.gaussian_filter(values.numpy(), (2.0, 1.0, 2 / 3), mode="nearest", truncate=3.0)
    np.testing.assert_allclose(smoothed.numpy(), reference, atol=1e-5)


def test_no_smoothing_returns_the_scan_itself():
    image = Image(torch.rand(3, 3, 3), torch.eye(4, dtype=torch.float64))
    assert smooth(image, 0.0) is image


def test_the_rate_rises_holds_and_falls_to_zero():
    schedule = Schedule(200, 100)
    factors = [schedule.factor(step) for step in range(201)]
    assert factors[0] == pytest.approx(0.05)
    assert factors[20:101] == [1.0] * 81
    assert factors[150] == pytest.approx(0.5)
    assert factors[200] == pytest.approx(0.0)


@pytest.mark.parametrize("shape", [(20, 20), (12, 30), (30, 12)])
def test_orthogonalising_brings_singular_values_near_one_and_keeps_directions(shape):
    torch.manual_seed(0)
    matrix = torch.randn(shape, dtype=torch.float64)
    result = orthogonalised(matrix)
    u, _, vh = torch.linalg.svd(matrix, full_matrices=False)
    values = (u.T @ result @ vh.T).diagonal()
    assert values.min() > 0.3
    assert values.max() < 1.3
    torch.testing.assert_close(u @ torch.diag(values) @ vh, result, atol=1e-8, rtol=0)


def test_muon_finds_the_minimum_of_a_quadratic():
    torch.manual_seed(0)
    target = torch.randn(6, 6)
    weight = torch.zeros(6, 6, requires_grad=True)
    optimiser = Muon([weight], 0.1)
    for step in range(200):
        weight.grad = None
        (weight - target).square().sum().backward()
        optimiser.step(0.1 * (1 - step / 200))
    torch.testing.assert_close(weight.detach(), target, atol=0.02, rtol=0)


def test_a_problem_knows_its_months_and_its_grid(a_growing_problem):
    assert a_growing_problem.months == (12.0, 24.0)
    product = a_growing_problem.voxel_to_world @ a_growing_problem.baseline.world_to_voxel
    torch.testing.assert_close(product, torch.eye(4, dtype=torch.float64))
    assert a_growing_problem.to("cpu").months == (12.0, 24.0)
