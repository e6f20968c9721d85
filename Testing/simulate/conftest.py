"""A head small enough for a test: two ventricles in white matter under a cortex."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.imaging.volume import Volume


def head_of(voxel_mm: float) -> tuple[Volume, Volume]:
    """Make a head of about 57 mm radius in the middle of a field of view of 144 mm."""
    voxels = round(144.0 / voxel_mm)
    affine = np.diag([voxel_mm, voxel_mm, voxel_mm, 1.0])
    affine[:3, 3] = np.array([5.0, -12.0, 20.0]) - voxel_mm * (voxels - 1) / 2
    x, y, z = (np.indices((voxels,) * 3) - (voxels - 1) / 2) * voxel_mm
    radius = np.sqrt((x / 57) ** 2 + (y / 63) ** 2 + (z / 51) ** 2)
    ventricle = np.sqrt(((np.abs(x) - 15) / 12) ** 2 + (y / 24) ** 2 + (z / 15) ** 2) < 1
    labels = np.select(
        [
            ventricle & (x < 0),
            ventricle,
            (radius < 0.75) & (x < 0),
            radius < 0.75,
            (radius < 1) & (x < 0),
            radius < 1,
        ],
        [4, 43, 2, 41, 3, 42],
        0,
    )
    texture = 15 * np.cos(x / 9) * np.cos(y / 11) * np.cos(z / 8)
    tissue = np.select([labels == 0, ventricle, radius < 0.75], [0.0, 60.0, 160.0], 110.0) + texture
    t1 = np.where(labels > 0, ndimage.gaussian_filter(tissue, 4.0 / voxel_mm), 0.0)
    return Volume(t1.astype(np.float32), affine), Volume(labels.astype(np.int16), affine)


@pytest.fixture(scope="session")
def a_head() -> tuple[Volume, Volume]:
    return head_of(6.0)


@pytest.fixture(scope="session")
def a_finer_head() -> tuple[Volume, Volume]:
    return head_of(3.0)


@pytest.fixture(scope="session")
def oblique() -> Callable[[tuple[Volume, Volume]], tuple[Volume, Volume]]:
    """Turn the axes of a head's grid, as if it had been scanned on a slant."""
    turn = np.eye(4)
    turn[:3, :3] = Rotation.from_rotvec([0.3, -0.2, 0.5]).as_matrix()

    def turned(head: tuple[Volume, Volume]) -> tuple[Volume, Volume]:
        t1, labels = head
        return Volume(t1.array, turn @ t1.affine), Volume(labels.array, turn @ labels.affine)

    return turned
