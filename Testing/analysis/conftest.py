"""Deformations with closed forms in place of a fitted model, and tiny volumes in an awkward axis order."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from LongitudinalINRLib.imaging.volume import Volume


@dataclass(frozen=True)
class ClosedForm:
    """What all stand-ins share: two follow-ups and a year beyond."""

    observed_months: tuple[float, ...] = (12.0, 24.0)
    horizon_months: float = 36.0

    def kind(self, months):
        if months == 0 or months in self.observed_months:
            return "observed"
        return "interpolated" if months < self.observed_months[-1] else "extrapolated"

    def jacobian_and_rate(self, points_mm, months):
        return self.jacobian_determinant(points_mm, months), self.jacobian_rate(points_mm, months)


@dataclass(frozen=True)
class Growth(ClosedForm):
    """Scaling about the origin: |J| = 1 + percent_per_year / 100 x years, everywhere."""

    percent_per_year: float = 6.0

    def _determinant(self, months):
        return 1 + self.percent_per_year * months / 1200

    def jacobian_determinant(self, points_mm, months):
        return torch.full((len(points_mm),), self._determinant(months))

    def jacobian_rate(self, points_mm, months):
        return torch.full((len(points_mm),), self.percent_per_year / 1200)

    def warp(self, points_mm, months):
        return points_mm * self._determinant(months) ** (1 / 3)


@dataclass(frozen=True)
class Tilt(ClosedForm):
    """Growth that depends on place: x goes to x + slope t x^2 / 2 (RAS mm), so |J| = 1 + slope t x."""

    slope: float = 1e-4

    def jacobian_determinant(self, points_mm, months):
        return 1 + self.slope * months * points_mm[:, 0]

    def jacobian_rate(self, points_mm, months):
        return self.slope * points_mm[:, 0]

    def warp(self, points_mm, months):
        return points_mm + 0.5 * self.slope * months * points_mm**2 * torch.tensor([1.0, 0.0, 0.0])


@dataclass(frozen=True)
class Swing(ClosedForm):
    """Growth and shrinkage in turn: |J| = 1 + 0.05 sin(2 pi t / period), the same everywhere."""

    period_months: float = 24.0

    def jacobian_determinant(self, points_mm, months):
        return torch.full((len(points_mm),), 1 + 0.05 * math.sin(2 * math.pi * months / self.period_months))

    def jacobian_rate(self, points_mm, months):
        pace = 2 * math.pi / self.period_months
        return torch.full((len(points_mm),), 0.05 * pace * math.cos(pace * months))

    def warp(self, points_mm, months):
        return points_mm * self.jacobian_determinant(points_mm, months)[:, None] ** (1 / 3)


@pytest.fixture
def growth():
    return Growth


@pytest.fixture
def tilt():
    return Tilt


@pytest.fixture
def swing():
    return Swing


LIA_MM = np.array([[-2.0, 0, 0, 5], [0, 0, 1.5, -4], [0, -1, 0, 3], [0, 0, 0, 1]])
"""First axis to the left (2 mm), second down (1 mm), third forward (1.5 mm)."""


@pytest.fixture
def lia():
    """Make a volume on the LIA grid from its array."""
    return lambda array: Volume(np.asarray(array), LIA_MM)


@pytest.fixture
def a_mask(lia):
    inside = np.zeros((6, 5, 4), bool)
    inside[1:, 1:, 1:] = True
    return lia(inside)


@pytest.fixture
def hippocampi(lia):
    """Left hippocampus (17) on 3 planes, right (53) on the other 3, an unknown label in a corner voxel."""
    labels = np.zeros((6, 5, 4), np.int16)
    labels[:3, 1:4, :3] = 53
    labels[3:, 1:4, :3] = 17
    labels[5, 4, 3] = 321
    return lia(labels)
