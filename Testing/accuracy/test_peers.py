"""Each other program finds a known expansion: direction, sign and size, on an awkward grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import ndimage

from benchmarks.accuracy.peers.jacobian import jacobian_determinant
from benchmarks.accuracy.peers.pair import Pair
from benchmarks.accuracy.peers.registry import PEERS, missing
from LongitudinalINRLib.imaging.volume import Volume

SHAPE = (44, 40, 48)
AFFINE = np.array([[0.0, 0, 1.1, -30], [-1.0, 0, 0, 25], [0, 1.2, 0, -10], [0, 0, 0, 1]])
RADII_MM = np.array([9.0, 11.0, 8.0])
GROWTH = 0.08
SHIFT_MM = np.array([0.8, -0.5, 0.3])


@dataclass(frozen=True)
class Known:
    """A pair, the displacement between its scans and the ellipsoid that grows."""

    pair: Pair
    displacement_mm: np.ndarray
    grown: np.ndarray


@pytest.fixture(scope="module")
def known():
    """A textured head in which an ellipsoid grows by the same share along every direction and moves."""
    points = np.moveaxis(np.indices(SHAPE), 0, -1) @ AFFINE[:3, :3].T + AFFINE[:3, 3]
    offset = points - points.mean((0, 1, 2))
    radius = np.linalg.norm(offset / RADII_MM, axis=-1)
    texture = ndimage.gaussian_filter(np.random.default_rng(3).standard_normal(SHAPE), 1.5)
    head = 0.5 + 0.15 * texture / texture.std() + np.where(radius < 1.0, 0.3, 0.0)
    head = ndimage.gaussian_filter(np.where(radius < 2.0, head, 0.0), 0.7)
    fading = np.exp(-(np.maximum(radius - 1.0, 0.0) ** 2) / 0.5)
    u = fading[..., None] * (GROWTH * offset + SHIFT_MM)
    moved_by = u
    for _ in range(30):  # what is at y came from x, with y = x + u(x)
        moved_by = sampled(u, -moved_by)
    follow_up = sampled(head[..., None], -moved_by)[..., 0]
    scans = (Volume(array.astype(np.float32), AFFINE) for array in (head, follow_up))
    return Known(Pair(*scans, Volume(radius < 1.8, AFFINE)), u, radius < 0.9)


def sampled(field, moved_mm):
    """Return a field at each voxel's place moved by some mm."""
    index = np.indices(SHAPE) + np.moveaxis(moved_mm @ np.linalg.inv(AFFINE[:3, :3]).T, -1, 0)
    components = np.moveaxis(field, -1, 0)
    return np.stack([ndimage.map_coordinates(c, index, order=3, mode="nearest") for c in components], -1)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", PEERS)
def test_finds_a_known_expansion(name, known):
    if name in missing():
        pytest.skip(missing()[name])
    found = PEERS[name](known.pair)
    assert found.shape == (*SHAPE, 3)
    assert found.dtype == np.float32
    error_mm = (found - known.displacement_mm)[known.grown]
    np.testing.assert_allclose(error_mm.mean(axis=0), 0.0, atol=0.25)
    assert np.sqrt((error_mm**2).sum(axis=-1).mean()) < 0.35
    true = jacobian_determinant(known.displacement_mm.astype(np.float32), AFFINE)[known.grown].mean()
    assert true == pytest.approx((1 + GROWTH) ** 3, abs=0.01)
    assert jacobian_determinant(found, AFFINE)[known.grown].mean() == pytest.approx(true, abs=0.1)
