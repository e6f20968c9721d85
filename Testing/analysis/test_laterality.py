"""Exchanged sides are told on a real anatomy; where both sides are alike, nothing is said."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from LongitudinalINRLib.analysis.laterality import compare_sides, middle_plane
from LongitudinalINRLib.core.problem import FitProblem, Image
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.stages.problem import problem_of
from LongitudinalINRLib.jobs.stages.sides import side_warnings
from LongitudinalINRLib.simulate.builtin import builtin_subject

VOXEL_MM = 3.0


@pytest.fixture(scope="module")
def an_average():
    """The built-in brain: an average made symmetric."""
    return builtin_subject(VOXEL_MM)[0]


@pytest.fixture(scope="module")
def a_person(an_average):
    """The average with its folds moved by some mm, differently on either side, as in any one person."""
    random = np.random.default_rng(4)
    moves = [ndimage.gaussian_filter(random.normal(size=an_average.shape), 4.0) for _ in range(3)]
    moves = [3.0 / VOXEL_MM * move / move.std() for move in moves]
    places = np.indices(an_average.shape) + np.stack(moves)
    return an_average.with_array(ndimage.map_coordinates(an_average.array, places, order=1))


def rescanned(brain: Volume, seed: int, *, flipped: bool = False, shading: float = 0.2) -> Volume:
    """Return another scan: noise of 3 %, uneven brightness, turned by three degrees, perhaps flipped."""
    random = np.random.default_rng(seed)
    array = ndimage.rotate(brain.array, 3.0, axes=(0, 1), reshape=False, order=1)
    bright = 1.0 + shading * np.linspace(-1, 1, brain.shape[0])[:, None, None]
    array = array * bright + 0.03 * 255.0 * random.normal(size=brain.shape)
    return brain.with_array((array[::-1] if flipped else array).astype(np.float32))


def a_problem(baseline: Volume, follow_up: Volume) -> FitProblem:
    mask = baseline.with_array(baseline.array > 40.0)
    matrix = {12.0: np.eye(4)}
    return problem_of(baseline, {12.0: follow_up}, mask, matrix, leaves_drift_free=True)


def test_the_same_person_has_the_same_sides(a_person):
    problem = a_problem(a_person, rescanned(a_person, 1))
    (found,) = compare_sides(problem)
    assert found.symmetric > 0.8
    assert found.antisymmetric > 0.5
    assert side_warnings(problem.months, [found]) == []


def test_a_flipped_scan_is_named_with_what_to_do(a_person):
    problem = a_problem(a_person, rescanned(a_person, 1, flipped=True))
    (found,) = compare_sides(problem)
    assert found.symmetric > 0.8
    assert found.antisymmetric < -0.5
    (warning,) = side_warnings(problem.months, [found])
    assert warning.startswith("scan-1 (month 12): its left looks like the baseline's right.")
    assert "expected about +0.9" in warning
    assert "convert both anew" in warning


@pytest.mark.parametrize("flipped", [False, True])
def test_of_a_symmetric_brain_nothing_is_said(an_average, flipped):
    problem = a_problem(an_average, rescanned(an_average, 1, flipped=flipped))
    assert side_warnings(problem.months, compare_sides(problem)) == []


def test_of_another_person_nothing_is_said(a_person, an_average):
    random = np.random.default_rng(9)
    places = np.indices(a_person.shape) + np.stack(
        [40.0 * ndimage.gaussian_filter(random.normal(size=a_person.shape), 4.0) for _ in range(3)]
    )
    other = an_average.with_array(ndimage.map_coordinates(an_average.array, places, order=1))
    problem = a_problem(a_person, rescanned(other, 1))
    assert side_warnings(problem.months, compare_sides(problem)) == []


def test_the_plane_between_the_sides_of_a_turned_head_is_found():
    axis = torch.arange(-30.0, 30.0, 2.0)
    grid_mm = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), dim=-1)
    normal = torch.tensor([1.0, 0.15, -0.1])
    normal /= torch.linalg.vector_norm(normal)
    distance = (grid_mm @ normal - 3.0).abs()
    values = torch.cos(0.3 * distance) + torch.sin(0.2 * grid_mm[..., 1]) * torch.cos(0.25 * distance)
    to_voxel = torch.eye(4, dtype=torch.float64) / 2.0
    to_voxel[:3, 3], to_voxel[3, 3] = 15.0, 1.0
    points_mm = grid_mm[5:-5, 5:-5, 5:-5].reshape(-1, 3)
    plane = middle_plane(Image(values, to_voxel), points_mm)
    assert float(plane.normal @ normal) > np.cos(np.radians(2.0))
    assert plane.offset_mm == pytest.approx(3.0, abs=0.7)
