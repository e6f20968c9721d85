"""A tiny subject for the numerics: blobs on a 12^3 grid whose follow-ups have a known uniform growth."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from LongitudinalINRLib.core.config import FitConfig, Stage
from LongitudinalINRLib.core.problem import FitProblem, Image, Observation

SIZE = 24
VOXEL_MM = 1.0
GROWTH_PER_MONTH = 0.004


@pytest.fixture
def a_config():
    """Return a function that makes a tiny configuration with changes."""
    base = FitConfig(
        widths=(16, 16, 16),
        steps=30,
        fall_share=0.5,
        similarity_points=256,
        derivative_points=32,
        patch_edge=3,
        stages=(Stage(0.5, 2.0), Stage(0.5, 0.0)),
    )
    return lambda **changes: replace(base, **changes)


def anatomy(points_mm):
    """Return a smooth intensity at RAS mm points: plane waves in many directions, 7 to 12 mm long."""
    generator = torch.Generator().manual_seed(5)
    directions = torch.nn.functional.normalize(
        torch.randn(12, 3, generator=generator, dtype=torch.float64), dim=-1
    )
    lengths_mm = 7 + 5 * torch.rand(12, generator=generator, dtype=torch.float64)
    return torch.sin(points_mm @ (2 * math.pi * directions / lengths_mm[:, None]).T).sum(-1)


def grid_mm():
    axis = (torch.arange(SIZE, dtype=torch.float64) - (SIZE - 1) / 2) * VOXEL_MM
    return torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), dim=-1)


def voxel_to_world():
    matrix = torch.diag(torch.tensor([VOXEL_MM, VOXEL_MM, VOXEL_MM, 1.0], dtype=torch.float64))
    matrix[:3, 3] = -(SIZE - 1) / 2 * VOXEL_MM
    return matrix


def grown_scan(scale):
    """Return the anatomy grown about the origin by `scale`: phi(x) = scale x, so |J| = scale^3."""
    return Image(anatomy(grid_mm() / scale).float(), torch.linalg.inv(voxel_to_world()))


@pytest.fixture
def a_growing_problem():
    follow_ups = tuple(Observation(m, grown_scan(1 + GROWTH_PER_MONTH * m)) for m in (12.0, 24.0))
    mask = grid_mm().norm(dim=-1) < 9.0
    return FitProblem(grown_scan(1.0), follow_ups, mask)
