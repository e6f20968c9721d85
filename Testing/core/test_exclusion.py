"""What is left out of the comparison: a lesion that appears no longer reads as change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.core.fit import fit
from LongitudinalINRLib.core.problem import FitProblem, Image, Observation

SHAPE = (28, 28, 28)
CENTRE, RADIUS = np.array([13.5, 13.5, 13.5]), 5.0


def ball(radius: float) -> np.ndarray:
    offsets = np.indices(SHAPE).T - CENTRE
    distance = np.linalg.norm(offsets, axis=-1).T
    return np.where(distance < radius, 1.0, 0.0).astype(np.float32)


@pytest.fixture(scope="module")
def with_lesion() -> FitProblem:
    """Return a brain in which nothing moves, but a dark ball appears at month 12."""
    random = np.random.default_rng(2)
    x, y, z = np.indices(SHAPE)
    anatomy = 0.5 + 0.25 * np.sin(x / 1.7) * np.cos(y / 2.1) + 0.2 * np.sin(z / 1.9)
    later = np.where(ball(RADIUS) > 0, 0.3 * anatomy, anatomy)
    to_voxel = torch.eye(4, dtype=torch.float64)

    def scan(values: np.ndarray) -> Image:
        return Image(torch.from_numpy((values + random.normal(0, 0.01, SHAPE)).astype(np.float32)), to_voxel)

    mask = torch.zeros(SHAPE, dtype=torch.bool)
    mask[2:-2, 2:-2, 2:-2] = True
    return FitProblem(scan(anatomy), (Observation(12.0, scan(later)),), mask)


def without(problem: FitProblem, excluded: np.ndarray) -> FitProblem:
    counted = Image(torch.from_numpy(1 - excluded), problem.baseline.world_to_voxel)
    return replace(problem, counted=counted)


def false_change(problem: FitProblem) -> float:
    """Return the root mean square of log |J| that a fit finds, where there is none."""
    usual = preset("preview")
    config = replace(
        usual,
        widths=(32, 32),
        steps=150,
        similarity_points=2048,
        derivative_points=128,
        weights=replace(usual.weights, alpha=1.0),
    )
    model = fit(problem, config).model
    voxels = problem.mask.nonzero()[::7].to(torch.float32)
    return float(torch.log(model.jacobian_determinant(voxels, 12.0).clamp_min(1e-3)).square().mean().sqrt())


def test_a_lesion_that_appears_reads_as_change_unless_it_is_left_out(with_lesion):
    found = false_change(with_lesion)
    left = false_change(without(with_lesion, ball(RADIUS + 2.0)))
    assert found > 0.1
    assert left < 0.04


def test_leaving_nothing_out_gives_the_same_bits(with_lesion):
    config = replace(preset("preview"), widths=(16, 16), steps=8, similarity_points=256, derivative_points=32)
    plain, same = (
        fit(problem, config).model.tensors()
        for problem in (with_lesion, without(with_lesion, np.zeros(SHAPE, np.float32)))
    )
    assert all(torch.equal(plain[name], same[name]) for name in plain)


def test_what_is_left_out_does_not_count_in_judging_the_scans(with_lesion):
    excluded = ball(RADIUS)
    compared = without(with_lesion, excluded).compared()
    assert torch.equal(compared.mask, with_lesion.mask & torch.from_numpy(excluded == 0))
    assert with_lesion.compared() is with_lesion
