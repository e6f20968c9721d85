"""Values and masks brought from grid to grid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.resampling import inside, on_grid, resample
from LongitudinalINRLib.imaging.volume import Volume

GRIDS = {
    "RAS": {},
    "LIA": {"order": (0, 2, 1), "signs": (-1, -1, 1)},
    "oblique": {"order": (2, 0, 1), "signs": (1, -1, 1), "tilt": (0.3, -0.2, 0.1)},
}


def ramp(grid):
    """A brightness that grows linearly in the world: linear interpolation has to keep it exactly."""
    return grid.with_array(world(grid) @ (0.7, -0.4, 0.2))


def world(grid):
    return np.stack(np.indices(grid.shape), axis=-1) @ grid.affine[:3, :3].T + grid.affine[:3, 3]


@pytest.mark.parametrize("stored", GRIDS)
@pytest.mark.parametrize("wanted", GRIDS)
def test_a_place_keeps_its_value_between_any_two_orientations(known_brain, stored, wanted):
    motion = known_brain.motion((0.1, -0.05, 0.2), (3.0, 2.0, -1.0))
    source = known_brain.grid(**GRIDS[stored], voxel_mm=(6.0, 7.0, 8.0))
    target = known_brain.grid(**GRIDS[wanted], voxel_mm=(9.0, 5.0, 7.0))
    seen = inside(source, target, motion).array
    expected = (world(target) @ motion[:3, :3].T + motion[:3, 3]) @ (0.7, -0.4, 0.2)
    found = resample(ramp(source), target, motion, fill=-1.0)
    assert 0.3 < seen.mean() < 1
    assert found.array.dtype == np.float32
    # a thousandth of a voxel beyond the last centre still counts as inside
    np.testing.assert_allclose(found.array[seen], expected[seen], atol=0.01)
    assert (found.array[~seen] == -1).all()


@pytest.mark.parametrize("stored", GRIDS)
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int16, np.uint8, bool])
def test_linear_values_are_those_of_another_interpolator_up_to_the_border(known_brain, stored, kind):
    motion = known_brain.motion((0.1, -0.05, 0.2), (3.0, 2.0, -1.0))
    motion[:3, :3] *= 1.03
    source = known_brain.grid(**GRIDS[stored], voxel_mm=(6.0, 7.0, 8.0))
    target = known_brain.grid(voxel_mm=(9.0, 5.0, 7.0))
    values = np.random.default_rng(0).uniform(0, 200, source.shape).astype(kind)
    index = np.linalg.inv(source.affine) @ motion @ target.affine
    at = np.moveaxis(np.stack(np.indices(target.shape), -1) @ index[:3, :3].T + index[:3, 3], -1, 0)
    last = np.array(source.shape)[:, None, None, None] - 1
    seen = ((at >= -1e-3) & (at <= last + 1e-3)).all(axis=0)
    assert 0.3 < seen.mean() < 1
    other = ndimage.map_coordinates(values.astype(np.float64), at, order=1, mode="nearest")
    found = resample(source.with_array(values), target, motion, fill=-1.0).array
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.where(seen, other, -1.0), atol=1e-4)


def test_nearest_neighbours_keep_labels_and_their_type(known_brain):
    source = known_brain.grid(voxel_mm=(8.0, 8.0, 8.0))
    labels = np.random.default_rng(0).choice(np.int32([0, 17, 80000]), source.shape)
    found = resample(source.with_array(labels), known_brain.grid(**GRIDS["oblique"]), order="nearest")
    assert found.array.dtype == np.int32
    assert set(np.unique(found.array)) == {0, 17, 80000}
    same = resample(source.with_array(labels), source, order="nearest")
    np.testing.assert_array_equal(same.array, labels)


def test_the_outermost_voxels_of_the_same_grid_are_inside(known_brain):
    grid = known_brain.grid(**GRIDS["oblique"], voxel_mm=(8.0, 8.0, 8.0))
    assert inside(grid, grid).array.all()


@pytest.mark.parametrize(
    "change",
    [
        lambda affine: affine @ np.diag([0.5, 1, 1, 1]),
        lambda affine: affine + np.array([[0, 0, 0, 0.4]] + [[0, 0, 0, 0]] * 3),
        lambda affine: affine + np.array([[0, 0, 0, 8.0]] + [[0, 0, 0, 0]] * 3),
        lambda affine: np.diag([-1.0, 1, 1, 1]) @ affine,
    ],
)
def test_labels_of_other_voxels_are_refused(known_brain, change):
    grid = known_brain.grid(voxel_mm=(8.0, 8.0, 8.0))
    labels = Volume(np.ones(grid.shape, np.uint8), change(grid.affine))
    with pytest.raises(InputError) as error:
        on_grid(labels, grid, "The segmentation")
    assert error.value.code == "other-space"
    assert "8 x 8 x 8 mm" in error.value.expected


def test_a_rounded_header_is_not_another_space(known_brain):
    grid = known_brain.grid(**GRIDS["oblique"], voxel_mm=(8.0, 8.0, 8.0))
    labels = np.random.default_rng(0).integers(0, 9, grid.shape)
    rounded = Volume(labels, np.round(grid.affine, 3))
    found = on_grid(rounded, grid)
    np.testing.assert_array_equal(found.array, labels)
    np.testing.assert_array_equal(found.affine, grid.affine)
