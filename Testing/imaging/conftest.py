"""A small oblique head: a textured ellipsoid in a grid whose axes are in no special order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.imaging.volume import Volume

SHAPE = (40, 36, 44)


def oblique_affine(shape=SHAPE, voxel_mm=(3.0, 3.0, 3.0), order=(1, 2, 0), signs=(-1, 1, -1)):
    """Return an affine with permuted, flipped and tilted axes, centred on the origin."""
    axes = np.eye(3)[list(order)].T * signs
    affine = np.eye(4)
    affine[:3, :3] = Rotation.from_rotvec([0.1, -0.2, 0.15]).as_matrix() @ axes * voxel_mm
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return affine


def world_points(volume):
    """Return the RAS mm of every voxel, shape (I, J, K, 3)."""
    index = np.stack(np.meshgrid(*[np.arange(n) for n in volume.shape], indexing="ij"), axis=-1)
    return index @ volume.affine[:3, :3].T + volume.affine[:3, 3]


@pytest.fixture
def a_head():
    affine = oblique_affine()
    texture = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=SHAPE), 2.0)
    head = Volume(np.zeros(SHAPE, np.float32), affine)
    inside = np.linalg.norm(world_points(head) / (45, 50, 42), axis=-1) < 1
    return head.with_array(np.where(inside, 100 + 300 * texture, 0).astype(np.float32))


@pytest.fixture
def a_brain(a_head):
    return a_head.with_array(a_head.array > 0)
