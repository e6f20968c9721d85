"""Change with nearly a step at the borders of regions: its truth is as exact as that of a smooth one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.calibration import truth_spacing_mm
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.deformation import Deformation, Moment
from LongitudinalINRLib.simulate.flow import flow
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.prescription import region_deformation

RATES = {4: 8.0, 2: -4.0}


@pytest.fixture(scope="module")
def two_balls() -> Volume:
    """A ball of 6 mm radius in one of 11 mm, at 1 mm."""
    affine = np.diag([-1.0, 1.0, 1.0, 1.0])
    affine[:3, 3] = [40.0, -30.0, 10.0]
    radius = np.linalg.norm(np.indices((28, 28, 28)) - 13.5, axis=0)
    return Volume(np.select([radius < 6, radius < 11], [4, 2], 0).astype(np.int16), affine)


@pytest.fixture(scope="module")
def sharp(two_balls: Volume) -> Deformation:
    return region_deformation(two_balls, Change(RATES, smoothness_mm=1.0))


@pytest.fixture(scope="module")
def after_two_years(sharp: Deformation) -> Moment:
    return next(sharp.at([24.0]))


def test_at_1_mm_the_determinant_is_that_of_the_displacement(
    sharp: Deformation, after_two_years: Moment, two_balls: Volume
) -> None:
    voxels = np.argwhere(two_balls.array > 0)[::11].T
    places = two_balls.affine[:3, :3] @ voxels + two_balls.affine[:3, 3:]
    step = 1e-3
    sides = [places + sign * step * axis[:, None] for axis in np.eye(3) for sign in (1, -1)]
    moved = [next(flow(sharp.velocity, side, [2.0])) for side in sides]
    columns = [(ahead - behind) / (2 * step) for ahead, behind in zip(moved[::2], moved[1::2], strict=True)]
    by_differences = np.linalg.det(np.stack(columns, axis=-1).transpose(1, 0, 2))
    jacobian = after_two_years.lattice.to_voxels(after_two_years.jacobian)[tuple(voxels)]
    assert np.ptp(by_differences) > 0.25
    np.testing.assert_allclose(jacobian, by_differences, atol=2e-3)


def test_the_change_is_nearly_a_step_and_the_rates_are_met(two_balls: Volume, sharp: Deformation) -> None:
    year = next(sharp.at([12.0]))
    jacobian = year.lattice.to_voxels(year.jacobian)
    means = {n: 100 * (jacobian[two_balls.array == n].mean() - 1) for n in RATES}
    assert means == pytest.approx(RATES, abs=0.02)
    depth_mm = ndimage.distance_transform_edt(two_balls.array == 4)
    inside, outside = (depth_mm > 2), (ndimage.distance_transform_edt(two_balls.array != 4) == 2)
    assert jacobian[inside].mean() - jacobian[outside].mean() > 0.1


def test_the_inverse_undoes_a_sharp_displacement(
    sharp: Deformation, after_two_years: Moment, two_balls: Volume
) -> None:
    voxels = np.argwhere(two_balls.array > 0)[::7].T + 0.37
    places = two_balls.affine[:3, :3] @ voxels + two_balls.affine[:3, 3:]
    there = next(flow(sharp.velocity, places, [2.0]))
    assert np.abs(there - places).max() > 0.2
    np.testing.assert_allclose(after_two_years.inverse()(there), places, atol=3e-3)


@pytest.mark.parametrize(("voxel_mm", "steps"), [(1.0, 1.0), (2.0, 0.5), (1.3, 0.5), (0.6, 1 / 0.9)])
def test_every_voxel_is_a_node_where_voxels_are_coarser_than_the_lattice(
    voxel_mm: float, steps: float
) -> None:
    grid = Volume(np.zeros((12, 9, 10)), np.diag([voxel_mm, voxel_mm, voxel_mm, 1.0]))
    lattice = Lattice.over(grid, truth_spacing_mm(1.0, grid.voxel_sizes_mm))
    np.testing.assert_allclose(lattice.steps, [steps] * 3)
    nodes_at_voxels = (np.arange(9) - lattice.origin[1]) / lattice.steps[1]
    on_nodes = bool(np.allclose(nodes_at_voxels, np.round(nodes_at_voxels)))
    assert on_nodes == (voxel_mm >= 1.0)
