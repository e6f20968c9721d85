import numpy as np

from LongitudinalINRLib.analysis.space_filling import z_order


def test_the_curve_fills_every_cube_of_eight_before_the_next():
    voxels = np.arange(4 * 4 * 4)
    visited = voxels[np.argsort(z_order(voxels, (4, 4, 4)))]
    cubes = np.stack(np.unravel_index(visited, (4, 4, 4)), axis=1) // 2
    for start in range(0, 64, 8):
        assert len(np.unique(cubes[start : start + 8], axis=0)) == 1


def test_every_voxel_has_its_own_place():
    voxels = np.arange(6 * 5 * 9)
    assert len(np.unique(z_order(voxels, (6, 5, 9)))) == len(voxels)
