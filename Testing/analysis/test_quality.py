"""What a series leaves unexplained, how plausible its change is, and which way it goes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from LongitudinalINRLib.analysis.course import course_of
from LongitudinalINRLib.analysis.quality import series_quality
from LongitudinalINRLib.core.problem import FitProblem, Image, Observation

SIZE = 20
MONTHS = (12.0, 24.0)


class Growth:
    """Uniform growth about the origin: |J| = (1 + rate t)^3."""

    def __init__(self, rate_per_month: float):
        self._rate = rate_per_month

    def warp(self, points_mm, months):
        return points_mm * (1.0 + self._rate * months)

    def jacobian_determinant(self, points_mm, months):
        return torch.full((len(points_mm),), (1.0 + self._rate * months) ** 3)


def waves(points_mm):
    """Return a smooth texture, 8 to 12 mm long."""
    x, y, z = points_mm.double().unbind(-1)
    return (
        torch.sin(0.7 * x + 0.3 * y) + torch.sin(0.6 * y - 0.4 * z) + torch.sin(0.5 * z + 0.4 * x)
    ).float()


def a_scan(texture=waves, scale: float = 1.0) -> Image:
    axis = torch.arange(SIZE, dtype=torch.float64) - (SIZE - 1) / 2
    grid_mm = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), dim=-1)
    to_world = torch.eye(4, dtype=torch.float64)
    to_world[:3, 3] = -(SIZE - 1) / 2
    return Image(texture(grid_mm / scale), torch.linalg.inv(to_world))


def a_problem(*follow_ups: Image) -> FitProblem:
    mask = torch.zeros((SIZE,) * 3, dtype=torch.bool)
    mask[4:-4, 4:-4, 4:-4] = True
    observed = tuple(Observation(month, scan) for month, scan in zip(MONTHS, follow_ups, strict=True))
    return FitProblem(a_scan(), observed, mask)


def other_waves(points_mm):
    return waves(points_mm.flip(-1) + 3.0)


def test_a_scan_that_the_deformation_explains_leaves_next_to_nothing():
    rate = 0.004
    follow_ups = [a_scan(scale=1.0 + rate * month) for month in MONTHS]
    quality = series_quality(Growth(rate), a_problem(*follow_ups))
    assert [scan.months for scan in quality.scans] == list(MONTHS)
    assert max(scan.unexplained_share for scan in quality.scans) < 0.01


def test_the_month_that_explains_a_scan_best_is_found():
    rate = 0.004
    late, early = a_scan(scale=1.0 + rate * 24.0), a_scan(scale=1.0 + rate * 12.0)
    swapped = series_quality(Growth(rate), a_problem(late, early))
    assert [scan.best_month for scan in swapped.scans] == [24.0, 12.0]
    assert all(scan.share_at_best_month < 0.2 * scan.unexplained_share for scan in swapped.scans)


def test_a_smooth_gain_and_offset_are_no_fault_of_a_scan():
    def brighter(points_mm):
        return (1.3 + 0.02 * points_mm[..., 0].float()) * waves(points_mm) + 0.1 * points_mm[..., 1].float()

    quality = series_quality(Growth(0.0), a_problem(a_scan(), a_scan(brighter)))
    assert quality.scans[1].unexplained_share < 0.01


def test_a_scan_of_something_else_is_left_unexplained_and_the_other_is_not():
    quality = series_quality(Growth(0.0), a_problem(a_scan(), a_scan(other_waves)))
    first, second = quality.scans
    assert first.unexplained_share < 0.001
    assert second.unexplained_share > 0.5


def cut_off(image: Image, voxels: int) -> Image:
    """Return a scan whose field of view ends that many voxels inside its own."""
    support = torch.ones(image.values.shape, dtype=torch.bool)
    support[-voxels:] = False
    return replace(image, values=torch.where(support, image.values, 0.0), support=support)


def test_what_a_scan_does_not_show_is_neither_unexplained_nor_change():
    cut = cut_off(a_scan(), 8)
    quality = series_quality(Growth(0.0), a_problem(cut, a_scan()))
    assert quality.scans[0].unexplained_share < 0.01
    assert max(map(abs, quality.seen_course)) < 0.02


def test_a_constant_scan_is_wholly_unexplained():
    def flat(points_mm):
        return torch.ones(points_mm.shape[:-1])

    assert series_quality(Growth(0.0), a_problem(a_scan(), a_scan(flat))).scans[1].unexplained_share == 1.0


@pytest.mark.parametrize(("factor", "share"), [(1.2, 0.0), (1.3, 1.0), (0.85, 0.0), (0.78, 1.0)])
def test_change_by_more_than_a_quarter_is_implausible_either_way(factor, share):
    rate = (factor ** (1 / 3) - 1.0) / MONTHS[1]
    quality = series_quality(Growth(rate), a_problem(a_scan(), a_scan()))
    assert quality.scans[1].implausible_share == share


def test_the_main_course_of_uniform_growth_is_its_log_jacobian():
    quality = series_quality(Growth(0.004), a_problem(a_scan(), a_scan()))
    assert quality.course == pytest.approx([3 * math.log1p(0.004 * month) for month in MONTHS], rel=1e-5)


def test_the_course_of_the_scans_keeps_an_order_that_the_fit_does_not_follow():
    early, late = a_scan(scale=1.0 + 0.004 * 12.0), a_scan(scale=1.0 + 0.004 * 24.0)
    quality = series_quality(Growth(0.004), a_problem(late, early))
    assert quality.course[0] < quality.course[1]
    assert quality.seen_course[0] > 1.5 * quality.seen_course[1] > 0


def test_the_fastest_pace_is_that_of_the_fitted_change():
    quality = series_quality(Growth(0.004), a_problem(a_scan(), a_scan()))
    fastest = quality.fastest
    assert (fastest.from_months, fastest.to_months) == (0.0, 12.0)
    assert fastest.per_year == pytest.approx(3 * math.log1p(0.004 * 12.0), rel=1e-5)


def test_scans_that_share_no_part_of_the_brain_have_no_course():
    def shifted(voxels: float) -> Image:
        image = a_scan()
        to_voxel = image.world_to_voxel.clone()
        to_voxel[0, 3] += voxels
        return Image(image.values, to_voxel)

    assert course_of(a_problem(shifted(-11.0), shifted(11.0))) == (0.0, 0.0)
