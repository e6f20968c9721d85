"""Deformations with closed forms in place of a fitted model, and tiny volumes in an awkward axis order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
import torch

from LongitudinalINRLib.analysis.match import Match
from LongitudinalINRLib.analysis.regions import analyse_regions
from LongitudinalINRLib.analysis.report import FollowUpView, ReportContent, write_report
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.imaging.volume import Volume


@dataclass(frozen=True)
class ClosedForm:
    """What all stand-ins share: two follow-ups."""

    observed_months: tuple[float, ...] = (12.0, 24.0)

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
    """Left hippocampus (17) on 3 planes, right (53) on the others, optic chiasm (85) in a corner."""
    labels = np.zeros((6, 5, 4), np.int16)
    labels[:3, 1:4, :3] = 53
    labels[3:, 1:4, :3] = 17
    labels[5, 4, 3] = 85
    return lia(labels)


@pytest.fixture(scope="session")
def a_report_content():
    """A ball with two labels, scans after one and two months, asked up to month three."""
    affine = LIA_MM * [[3], [3], [3], [1]]
    index = np.indices((20, 26, 20))
    inside = (
        sum(((axis - axis.mean()) * size) ** 2 for axis, size in zip(index, (6, 3, 4.5), strict=True)) < 900
    )
    baseline = Volume(np.where(inside, 100 + 40 * np.sin(index[0] + index[1]), 0), affine)
    mask = Volume(inside, affine)
    labels = Volume(np.where(inside, np.where(index[0] < 10, 53, 900), 0), affine)
    model = Tilt(observed_months=(1.0, 2.0), slope=1e-3)
    analysis = analyse_regions(model, labels, [0, 1, 2, 3], mask)
    rename = {"label 900": "Tumour <core> & rim"}
    rows = [replace(row, region=rename.get(row.region, row.region)) for row in analysis.rows]
    moved = Volume(np.roll(baseline.array, 1, axis=2), affine)
    alignment = Alignment(np.eye(4), "rigid", 0.9, 0.97, 1.0)
    return ReportContent(
        baseline=baseline,
        mask=mask,
        follow_ups=[FollowUpView(f"scan-{n}", float(n), moved, alignment) for n in (1, 2)],
        model=model,
        rows=rows,
        trajectories=analysis.trajectories,
        warnings=['<script>alert("x")</script> & so on', "The mask was estimated."],
        settings={"preset": "standard", "weights": {"alpha": 20.0}},
        versions={"torch": "2.13.0"},
        seconds=95.0,
        device="cpu",
        scanner="scanner unknown (no header names the scanner of scan-0)",
        match=Match("amber", ("2 warnings to read",)),
        made_on=date(2026, 3, 1),
        residual=0.04,
        labels=labels,
        study_code="<b>S-01</b>",
        regions_note="approximate <i>",
        dice={2.0: {53: 0.9, 900: 0.8}},
    )


@pytest.fixture(scope="session")
def a_report(a_report_content, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(a_report_content, path)
    return path
