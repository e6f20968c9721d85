"""|J| and time of the fields that other programs give, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.accuracy.peers.crop import around_brain
from benchmarks.accuracy.peers.in_time import FieldsInTime, RegressedFields
from benchmarks.accuracy.peers.jacobian import displacement_gradient, jacobian_determinant
from benchmarks.accuracy.peers.pair import Pair
from LongitudinalINRLib.imaging.volume import Volume

SHAPE = (9, 8, 10)
VOXEL = (4, 3, 5)
PLACE = np.array([VOXEL], dtype=float)


def in_time(gradients):
    """Fields at one voxel of a grid of 1 mm."""
    voxels = np.array([np.ravel_multi_index(VOXEL, SHAPE)])
    return FieldsInTime(voxels, gradients, np.eye(4), SHAPE)


def turned(degrees, axis):
    """A rotation about an axis of space."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(3)
    i, j = [other for other in range(3) if other != axis]
    matrix[[i, i, j, j], [i, j, i, j]] = c, -s, s, c
    return matrix


def grid_of(directions):
    affine = np.eye(4)
    affine[:3, :3] = directions * [1.0, 1.5, 2.0]
    affine[:3, 3] = (-20.0, 7.0, 4.0)
    return affine


GRIDS = {
    "straight": grid_of(np.eye(3)),
    "flipped": grid_of(np.diag([-1.0, 1.0, -1.0])),
    "other order": grid_of(np.array([[0.0, 0, 1], [-1, 0, 0], [0, 1, 0]])),
    "oblique": grid_of(turned(25, 0) @ turned(-40, 2)),
}


def points_mm(affine):
    return np.moveaxis(np.indices(SHAPE), 0, -1) @ affine[:3, :3].T + affine[:3, 3]


@pytest.mark.parametrize("affine", GRIDS.values(), ids=GRIDS)
def test_a_linear_map_has_its_determinant_and_gradient_everywhere_on_any_grid(affine):
    gradient = np.array([[0.05, -0.02, 0.01], [0.03, -0.08, 0.02], [0.0, 0.04, 0.1]])
    u = (points_mm(affine) @ gradient.T).astype(np.float32)
    expected = np.broadcast_to(gradient, (*SHAPE, 3, 3))
    np.testing.assert_allclose(displacement_gradient(u, affine), expected, atol=2e-6)
    determinant = np.linalg.det(np.eye(3) + gradient)
    np.testing.assert_allclose(jacobian_determinant(u, affine), determinant, atol=5e-6)


@pytest.mark.parametrize("affine", GRIDS.values(), ids=GRIDS)
def test_a_quadratic_map_has_its_determinant_inside_any_grid(affine):
    points = points_mm(affine) - points_mm(affine).mean((0, 1, 2))
    u = 0.004 * points**2
    expected = np.prod(1 + 0.008 * points, axis=-1)
    found = jacobian_determinant(u.astype(np.float32), affine)
    inside = (slice(1, -1),) * 3
    np.testing.assert_allclose(found[inside], expected[inside], atol=1e-5)


def test_a_fold_has_a_negative_determinant():
    affine = GRIDS["oblique"]
    mirrored = points_mm(affine) * [-2.0, 0.0, 0.0]
    np.testing.assert_allclose(jacobian_determinant(mirrored.astype(np.float32), affine), -1, atol=1e-5)


@pytest.mark.parametrize(
    ("months", "expected"), [(0, 0.0), (3, 1.0), (6, 2.0), (9, 1.0), (12, 0.0), (24, 6.0), (36, 9.0)]
)
def test_fields_run_straight_from_month_to_month_and_at_the_mean_pace_beyond_the_last(months, expected):
    gradient = 0.01 * np.array([[[1.0, 0.5, 0.0], [0.0, -2.0, 0.3], [0.2, 0.0, 0.5]]])
    fields = in_time({24.0: 6 * gradient, 6.0: 2 * gradient, 12.0: 0 * gradient})
    wanted = np.linalg.det(np.eye(3) + expected * gradient)
    np.testing.assert_allclose(fields.jacobian(PLACE, months), wanted, atol=1e-6)


def test_a_single_field_is_scaled_by_time():
    gradient = 0.01 * np.array([[[3.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]])
    wanted = np.linalg.det(np.eye(3) + 1.5 * gradient)
    np.testing.assert_allclose(in_time({12.0: gradient}).jacobian(PLACE, 18.0), wanted, atol=1e-6)


def test_the_rate_of_fields_in_time_is_the_derivative_of_their_determinant():
    gradient = 0.01 * np.array([[[3.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]])
    fields, step = in_time({12.0: gradient, 24.0: 3 * gradient}), 1e-4
    ahead, behind = (fields.jacobian(PLACE, month) for month in (18.0 + step, 18.0 - step))
    np.testing.assert_allclose(fields.rate(PLACE, 18.0), (ahead - behind) / (2 * step), rtol=1e-6)


def test_regressed_fields_are_the_least_squares_line_through_no_change_at_the_baseline():
    random = np.random.default_rng(5)
    gradients = {month: 0.01 * random.normal(size=(1, 3, 3)) for month in (6.0, 12.0, 30.0)}
    voxels = np.array([np.ravel_multi_index(VOXEL, SHAPE)])
    fields = RegressedFields(voxels, gradients, np.eye(4), SHAPE)
    times = np.array(sorted(gradients))[:, None]
    slope, *_ = np.linalg.lstsq(times, np.stack([gradients[t[0]].ravel() for t in times]), rcond=None)
    for months in (6.0, 18.0, 42.0):
        wanted = np.linalg.det(np.eye(3) + months * slope.reshape(3, 3))
        np.testing.assert_allclose(fields.jacobian(PLACE, months), wanted, atol=1e-12)
    step = 1e-4
    ahead, behind = (fields.jacobian(PLACE, month) for month in (18.0 + step, 18.0 - step))
    np.testing.assert_allclose(fields.rate(PLACE, 18.0), (ahead - behind) / (2 * step), rtol=1e-6)


def test_a_method_sees_the_brain_and_its_margin_where_they_lie():
    affine = GRIDS["oblique"]
    mask = np.zeros((60, 60, 60), bool)
    mask[20:30, 25:40, 30:35] = True
    values = np.arange(mask.size, dtype=np.float32).reshape(mask.shape)
    pair = Pair(Volume(values, affine), Volume(-values, affine), Volume(mask, affine))

    def places(part):
        index = np.moveaxis(np.indices(part.mask.shape), 0, -1)
        assert np.array_equal(part.follow_up.array, -part.baseline.array)
        return (index @ part.mask.affine[:3, :3].T + part.mask.affine[:3, 3]).astype(np.float32)

    found = around_brain(places, pair)
    index = np.moveaxis(np.indices(mask.shape), 0, -1)
    expected = index @ affine[:3, :3].T + affine[:3, 3]
    box = np.zeros_like(mask)
    box[10:40, 18:47, 25:40] = True  # 10 mm are 10, 7 and 5 voxels
    np.testing.assert_allclose(found, np.where(box[..., None], expected, 0.0), atol=1e-4)
