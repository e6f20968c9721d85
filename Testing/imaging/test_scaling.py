"""The scale of a scanner is told from the size of a brain: heads whose brightness is a formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging import scaling
from LongitudinalINRLib.imaging.alignment import align
from LongitudinalINRLib.imaging.scaling import measured_scale
from LongitudinalINRLib.imaging.volume import Volume

NOISE = 2.0  # of a brightness of 100
CENTRE_MM = np.array([3.0, -10.0, 12.0])
BRAIN_MM, INNER_MM, OUTER_MM, HEAD_MM = (np.array([66.0, 82.0, 64.0]) + more for more in (0, 4, 11, 18))


class KnownHead:
    """Brain, fluid, skull and scalp, each an ellipsoid with a texture of its own."""

    def __init__(self, shrunk_by=0.0, skull=True):
        self.brain_factor = (1 - shrunk_by) ** (1 / 3)
        self.skull = skull
        random = np.random.default_rng(3)
        directions = random.normal(size=(30, 3))
        lengths_mm = random.uniform(20, 50, 30)
        self.waves = 2 * np.pi * directions / (lengths_mm * np.linalg.norm(directions, axis=1))[:, None]
        self.phases = random.uniform(0, 2 * np.pi, 30)

    def brightness(self, points_mm):
        places = points_mm - CENTRE_MM
        in_brain = places / self.brain_factor
        brain = within(in_brain, BRAIN_MM, self.brain_factor) * (100 + 8 * self.texture(in_brain))
        if not self.skull:
            return brain
        fluid = 25 * (within(places, INNER_MM) - within(in_brain, BRAIN_MM, self.brain_factor))
        marrow = within(places, OUTER_MM - 2) - within(places, INNER_MM + 2)
        scalp = within(places, HEAD_MM) - within(places, OUTER_MM)
        texture = self.texture(places + 500)
        return brain + fluid + marrow * (45 + 6 * texture) + scalp * (130 + 12 * texture)

    def texture(self, places):
        return np.cos(places @ self.waves.T + self.phases).sum(axis=-1)

    def scanned(self, grid, scale=(1.0, 1.0, 1.0), turn=(0, 0, 0), shift_mm=(0, 0, 0), seed=0):
        """Return the scan of a head that moved, by a scanner that shows it larger along its own axes."""
        axes = grid.affine[:3, :3] / grid.voxel_sizes_mm
        linear = Rotation.from_rotvec(turn).as_matrix() @ axes @ np.diag(scale) @ axes.T
        back = np.linalg.inv(linear)
        points = (world_points(grid) - CENTRE_MM - np.asarray(shift_mm)) @ back.T + CENTRE_MM
        noise = NOISE * np.random.default_rng(seed).standard_normal(grid.shape)
        return grid.with_array((self.brightness(points) + noise).astype(np.float32))


def world_points(grid):
    """Return the RAS mm of every voxel, shape (I, J, K, 3)."""
    return np.moveaxis(np.indices(grid.shape), 0, -1) @ grid.affine[:3, :3].T + grid.affine[:3, 3]


def within(places, radii_mm, factor=1.0):
    """Return 1 inside an ellipsoid and 0 outside, with an edge a millimetre or two wide."""
    depth_mm = (1 - np.linalg.norm(places / radii_mm, axis=-1)) * radii_mm.min() * factor
    return 1 / (1 + np.exp(-2 * depth_mm))


def a_grid(voxel_mm=3.0, tilt=(0.05, 0.0, -0.04)):
    shape = tuple(int(np.ceil(extent / voxel_mm)) for extent in (190, 220, 185))
    affine = np.eye(4)
    affine[:3, :3] = Rotation.from_rotvec(tilt).as_matrix() * voxel_mm * [-1, -1, 1]
    affine[:3, 3] = CENTRE_MM - affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return Volume(np.zeros(shape, np.float32), affine)


def brain_on(grid):
    places = world_points(grid) - CENTRE_MM
    return grid.with_array(np.linalg.norm(places / BRAIN_MM, axis=-1) < 1)


MOTION = {"turn": (0.06, -0.04, 0.05), "shift_mm": (4.0, -3.0, 2.0)}
MOVED = np.eye(4)
MOVED[:3, :3] = Rotation.from_rotvec(MOTION["turn"]).as_matrix()
MOVED[:3, 3] = CENTRE_MM - MOVED[:3, :3] @ CENTRE_MM + MOTION["shift_mm"]


@pytest.fixture(autouse=True)
def _fewer_points(monkeypatch):
    """Measure on a fifth of the skull's points: on so even a head they tell the same, and sooner."""
    all_points_mm = scaling.skull_points_mm
    monkeypatch.setattr(scaling, "skull_points_mm", lambda *given: all_points_mm(*given)[::5])


@pytest.fixture(scope="module")
def grid():
    return a_grid()


@pytest.fixture(scope="module")
def baseline(grid):
    return KnownHead().scanned(grid, seed=1)


@pytest.mark.parametrize(
    "scale", [(1, 1, 1), (1.001,) * 3, (1.002,) * 3, (1.005,) * 3, (1.005, 1.0, 0.998)], ids=str
)
def test_the_scale_is_that_of_the_skull_while_the_brain_shrinks_and_the_head_moves(grid, baseline, scale):
    follow_up = KnownHead(shrunk_by=0.02).scanned(grid, scale, **MOTION, seed=2)
    found = measured_scale(follow_up, baseline, brain_on(grid), MOVED)
    assert found == pytest.approx(scale, abs=5e-4)


def test_the_alignment_takes_up_the_scale_and_leaves_the_shrinkage_to_the_maps(grid, baseline):
    follow_up = KnownHead(shrunk_by=0.02).scanned(grid, (1.005,) * 3, **MOTION, seed=2)
    found = align(follow_up, baseline, brain_on(grid), "rigid-scaled")
    assert (found.kind, found.warnings) == ("rigid-scaled", [])
    assert found.scale == pytest.approx((1.005,) * 3, abs=5e-4)
    assert found.determinant == pytest.approx(np.prod(found.scale), abs=1e-6)
    places = world_points(grid)[brain_on(grid).array] - CENTRE_MM
    true = 1.005 * places @ MOVED[:3, :3].T + CENTRE_MM + MOTION["shift_mm"]
    where = (places + CENTRE_MM) @ found.matrix[:3, :3].T + found.matrix[:3, 3]
    assert np.linalg.norm(where - true, axis=1).mean() < 0.05


def test_it_is_the_same_on_the_way_back(grid, baseline):
    follow_up = KnownHead().scanned(grid, (1.004, 1.0, 0.999), seed=2)
    mask = brain_on(grid)
    there = measured_scale(follow_up, baseline, mask, np.eye(4))
    back = measured_scale(baseline, follow_up, mask, np.eye(4))
    np.testing.assert_allclose(there * back, 1, atol=3e-4)


@pytest.mark.parametrize("stripped", ["baseline", "follow-up"])
def test_without_a_skull_none_is_measured(grid, baseline, stripped):
    without = KnownHead(skull=False).scanned(grid, seed=2)
    pair = (baseline, without) if stripped == "baseline" else (without, baseline)
    assert measured_scale(*pair, brain_on(grid), np.eye(4)) is None


def test_without_a_skull_the_alignment_is_rigid_and_said_to_be(known_brain):
    one, two = (known_brain.scanned(known_brain.grid(), noise=NOISE, seed=seed) for seed in (1, 2))
    found = align(two, one, one.with_array(one.array > 50), "rigid-scaled")
    assert (found.kind, found.scale) == ("rigid", None)
    assert found.determinant == pytest.approx(1, abs=1e-6)
    assert any("skull" in text for text in found.warnings)


def test_a_head_that_has_grown_is_warned_about_and_no_atrophy_is_said_to_be_hidden(
    grid, baseline, monkeypatch
):
    follow_up = KnownHead().scanned(grid, (1.02,) * 3, seed=2)
    for search in ("best_matrix", "refined"):
        monkeypatch.setattr(f"LongitudinalINRLib.imaging.registration.Search.{search}", lambda *_: np.eye(4))
    found = align(follow_up, baseline, brain_on(grid), "rigid-scaled")
    assert found.scale == pytest.approx((1.02,) * 3, abs=1e-3)
    assert any("grown" in text for text in found.warnings)
    assert not any("hide" in text for text in found.warnings)


def test_it_can_be_cancelled(grid, baseline):
    with pytest.raises(Cancelled):
        measured_scale(baseline, baseline, brain_on(grid), np.eye(4), should_stop=lambda: True)
