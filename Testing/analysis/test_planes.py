import numpy as np
import pytest

from LongitudinalINRLib.analysis.figures.planes import axial_planes, centre_planes
from LongitudinalINRLib.imaging.volume import Volume

ORIENTATIONS = {
    "RAS": np.diag([3.0, 3, 3, 1]),
    "LIA": np.array([[-3.0, 0, 0, 0], [0, 0, 3, 0], [0, -3, 0, 0], [0, 0, 0, 1]]),
    "oblique": np.array([[2.6, -1.5, 0, 0], [1.5, 2.6, 0, 0], [0, 0, 3, 0], [0, 0, 0, 1]]),
    "thick": np.array([[0, 0, -6.0, 0], [1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 1]]),
}


@pytest.fixture(params=ORIENTATIONS)
def head(request):
    """A ball of 40 mm around (5, -10, 20) in a box, with the coordinate itself as grey level, by axis."""
    affine = ORIENTATIONS[request.param].copy()
    corners = np.array([[x, y, z] for x in (-45, 55) for y in (-60, 40) for z in (-30, 70)], float)
    index = np.linalg.solve(affine[:3, :3], corners.T).T
    low, high = np.floor(index.min(axis=0)), np.ceil(index.max(axis=0))
    affine[:3, 3] = affine[:3, :3] @ low
    grid = np.indices((high - low + 1).astype(int)).reshape(3, -1).T
    world = (grid @ affine[:3, :3].T + affine[:3, 3]).reshape(*(high - low + 1).astype(int), 3)
    ball = np.linalg.norm(world - [5, -10, 20], axis=-1) <= 40
    return Volume(ball, affine), [Volume(world[..., axis], affine) for axis in range(3)]


def test_slices_show_the_patient_upright_whatever_the_axis_order(head):
    mask, coordinates = head
    directions = {"axial": (0, 1), "coronal": (0, 2), "sagittal": (1, 2)}
    for plane in centre_planes(mask):
        across, up = directions[plane.name]
        inside = plane.sample(mask, order="nearest") > 0
        x, y = (np.where(inside, plane.sample(coordinates[axis]), np.nan) for axis in (across, up))
        # Right (or anterior) at the left edge and superior (or anterior) at the top, one mm per mm.
        np.testing.assert_allclose(np.nanmedian(np.diff(x, axis=1)), -plane.spacing_mm, rtol=1e-3)
        np.testing.assert_allclose(np.nanmedian(np.diff(y, axis=0)), -plane.spacing_mm, rtol=1e-3)
        assert plane.letters == {"axial": "RLAP", "coronal": "RLSI", "sagittal": "APSI"}[plane.name]


def test_slices_go_through_the_centre_of_the_mask(head):
    mask, _ = head
    positions = {plane.name: plane.position_mm for plane in centre_planes(mask)}
    assert positions == pytest.approx({"axial": 20, "coronal": -10, "sagittal": 5}, abs=0.6)


def test_a_ball_is_round_on_every_slice(head):
    mask, _ = head
    for plane in centre_planes(mask):
        inside = plane.sample(mask, order="nearest") > 0
        wide, high = (np.ptp(np.flatnonzero(inside.any(axis=axis))) * plane.spacing_mm for axis in (0, 1))
        assert (wide, high) == pytest.approx((80, 80), abs=1.5 * mask.voxel_sizes_mm.max())


def test_the_overview_climbs_from_the_base_to_the_top(head):
    mask, _ = head
    low, middle, high = (plane.position_mm for plane in axial_planes(mask, [0, 0.5, 1]))
    assert (low, middle, high) == pytest.approx((-20, 20, 60), abs=3.1)
