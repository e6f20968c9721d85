"""A small oblique head: a textured ellipsoid in a grid whose axes are in no special order."""

from __future__ import annotations

import os
from pathlib import Path

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


class KnownBrain:
    """A brain whose brightness is a formula of the place in mm, so that moving it needs no interpolation."""

    centre_mm = np.array([5.0, -12.0, 8.0])

    def __init__(self):
        random = np.random.default_rng(3)
        directions = random.normal(size=(40, 3))
        lengths_mm = random.uniform(14, 45, 40)
        self.waves = 2 * np.pi * directions / (lengths_mm * np.linalg.norm(directions, axis=1))[:, None]
        self.phases = random.uniform(0, 2 * np.pi, 40)

    def brightness(self, points_mm):
        value = 100 + 9 * np.cos(points_mm @ self.waves.T + self.phases).sum(axis=-1)
        depth = 1 - np.linalg.norm((points_mm - self.centre_mm) / (45, 60, 40), axis=-1)
        return np.clip(value, 40, 160) * np.clip(0.5 + 8 * depth, 0, 1)

    def grid(self, order=(0, 1, 2), signs=(1, 1, 1), tilt=(0, 0, 0), voxel_mm=(3.0, 3.0, 3.0)):
        """Return an empty grid around the brain, its axes in any order, flipped and tilted."""
        shape = tuple(
            int(np.ceil((140, 160, 130)[axis] / edge)) for axis, edge in zip(order, voxel_mm, strict=True)
        )
        affine = np.eye(4)
        axes = np.eye(3)[list(order)].T * signs
        affine[:3, :3] = Rotation.from_rotvec(tilt).as_matrix() @ axes * voxel_mm
        affine[:3, 3] = self.centre_mm - affine[:3, :3] @ ((np.array(shape) - 1) / 2)
        return Volume(np.zeros(shape, np.float32), affine)

    def scanned(self, grid, motion=None, noise=0.0, seed=0):
        """Return the scan on a grid after the head moved: motion takes baseline RAS mm to this scan's."""
        back = np.eye(4) if motion is None else np.linalg.inv(motion)
        values = self.brightness(world_points(grid) @ back[:3, :3].T + back[:3, 3])
        values += noise * np.random.default_rng(seed).standard_normal(grid.shape)
        return grid.with_array(values.astype(np.float32))

    def motion(self, turn, shift_mm):
        """Return a rotation about the middle of the brain, then a shift."""
        matrix = np.eye(4)
        matrix[:3, :3] = Rotation.from_rotvec(turn).as_matrix()
        matrix[:3, 3] = self.centre_mm - matrix[:3, :3] @ self.centre_mm + shift_mm
        return matrix


@pytest.fixture(scope="session")
def known_brain():
    return KnownBrain()


@pytest.fixture(scope="session")
def real_data():
    folder = os.environ.get("LONGITUDINAL_INR_DATA")
    if not folder:
        pytest.skip(
            "set LONGITUDINAL_INR_DATA to the folder of t1_labelled and ms_patient12 to test on real scans"
        )
    return Path(folder)
