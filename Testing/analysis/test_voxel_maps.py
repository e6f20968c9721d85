"""Maps from a lattice against the network at every voxel."""

import numpy as np
import pytest
import torch

from LongitudinalINRLib.analysis import voxel_maps
from LongitudinalINRLib.analysis.lattice import Lattice
from LongitudinalINRLib.analysis.voxel_maps import VoxelMaps
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.domain import Domain
from LongitudinalINRLib.core.grid import maps_on_grid
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.network import DisplacementNetwork
from LongitudinalINRLib.core.time_axis import TimeAxis
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.volume import Volume

NAMES = ("jacobian", "log-jacobian", "rate", "displacement")
SHAPE = (60, 44, 50)
OBLIQUE = np.array([[0.0, 0.9, 0.2, -20], [-1.0, 0.0, 0.1, 30], [0.1, -0.2, 1.1, -25], [0, 0, 0, 1.0]])
HALF_EXTENT_MM = 90.0
"""As of a head: the lattice is coarse for a brain's change, not for that of a box of 50 voxels."""


@pytest.fixture
def an_ellipsoid():
    axes = [np.linspace(-1.1, 1.1, n) for n in SHAPE]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    return Volume(x**2 + y**2 + z**2 < 1, OBLIQUE)


def a_model(change):
    config = FitConfig(widths=(24, 24, 24))
    network = DisplacementNetwork(config)
    torch.manual_seed(4)
    torch.nn.init.normal_(network.out.weight, std=change / HALF_EXTENT_MM)
    domain = Domain((0.0, 0.0, 0.0), HALF_EXTENT_MM)
    return FittedModel(network, config, domain, TimeAxis((12.0, 24.0), 24.0))


@pytest.fixture
def asked_points(monkeypatch):
    """Use the lattice for small masks too, and tell at how many points the network's |J| is asked."""
    monkeypatch.setattr(voxel_maps, "FEWEST_VOXELS", 0)
    asked = []
    plain = FittedModel.jacobian_and_rate

    def counting(model, points_mm, months):
        asked.append(len(points_mm))
        return plain(model, points_mm, months)

    monkeypatch.setattr(FittedModel, "jacobian_and_rate", counting)
    return asked


def direct(model, mask, months, names=NAMES):
    inside = torch.from_numpy(mask.array)
    return maps_on_grid(model, months, torch.from_numpy(mask.affine), inside, names)


@pytest.mark.parametrize("months", [0.0, 18.0, 36.0])
def test_maps_are_those_of_the_network_at_every_voxel(an_ellipsoid, asked_points, monkeypatch, months):
    monkeypatch.setattr(voxel_maps, "CHECKED_AT_RIM", 512)
    monkeypatch.setattr(voxel_maps, "CHECKED_WITHIN", 256)
    model = a_model(change=0.3)
    found = VoxelMaps(model, an_ellipsoid).maps(months, NAMES)
    assert sum(asked_points) < 2 * 512
    true = direct(model, an_ellipsoid, months)
    if months:
        assert (true["jacobian"] - 1).abs().max() > 0.05
    for name, largest in {"jacobian": 0.0005, "log-jacobian": 0.0007, "rate": 0.0005 / 24}.items():
        assert (found[name] - true[name]).abs().max() < largest
    assert (found["displacement"] - true["displacement"]).abs().max() < 0.001


def test_months_that_are_expected_are_evaluated_in_one_pass_and_are_the_same(
    an_ellipsoid, asked_points, monkeypatch
):
    passes, plain = [], FittedModel.displacement_and_velocity

    def counting(model, points_mm, months):
        passes.append(tuple(months))
        return plain(model, points_mm, months)

    monkeypatch.setattr(FittedModel, "displacement_and_velocity", counting)
    model, months = a_model(change=0.3), (12.0, 24.0, 30.0)
    alone = [VoxelMaps(model, an_ellipsoid).maps(month, NAMES) for month in months]
    passes.clear()
    expecting = VoxelMaps(model, an_ellipsoid)
    expecting.expect(months)
    together = [expecting.maps(month, NAMES) for month in months]
    assert set(passes) == {months}
    assert all(
        torch.equal(one[name], other[name])
        for one, other in zip(alone, together, strict=True)
        for name in NAMES
    )


def test_a_lattice_that_was_too_coarse_for_one_month_is_not_tried_for_the_next(
    an_ellipsoid, asked_points, monkeypatch
):
    made = []
    monkeypatch.setattr(voxel_maps, "Lattice", lambda mask, step: made.append(step) or Lattice(mask, step))
    maps = VoxelMaps(a_model(change=300.0), an_ellipsoid)
    tried, plain = [], VoxelMaps._from_lattice
    monkeypatch.setattr(
        VoxelMaps,
        "_from_lattice",
        lambda self, lattice, *of: tried.append(lattice) or plain(self, lattice, *of),
    )
    maps.maps(12.0, NAMES)
    assert len(tried) == len(made) > 0
    maps.maps(24.0, NAMES)
    assert len(tried) == len(made)


def test_where_no_lattice_is_fine_enough_every_voxel_is_asked(an_ellipsoid, asked_points):
    model = a_model(change=300.0)
    found = VoxelMaps(model, an_ellipsoid).maps(24.0, NAMES)
    true = direct(model, an_ellipsoid, 24.0)
    assert all(torch.equal(found[name], true[name]) for name in NAMES)


def test_large_voxels_are_asked_one_by_one(an_ellipsoid, asked_points):
    coarse = Volume(an_ellipsoid.array[::3, ::3, ::3], OBLIQUE @ np.diag([3.0, 3, 3, 1]))
    model = a_model(change=0.3)
    found = VoxelMaps(model, coarse).maps(24.0, ["jacobian"])["jacobian"]
    assert torch.equal(found, direct(model, coarse, 24.0, ["jacobian"])["jacobian"])
    assert sum(asked_points) == 2 * np.count_nonzero(coarse.array)  # here, and by `direct`


def test_making_maps_can_be_stopped(an_ellipsoid, asked_points):
    with pytest.raises(Cancelled):
        VoxelMaps(a_model(change=0.3), an_ellipsoid).maps(24.0, NAMES, should_stop=lambda: True)


def test_a_polynomial_and_its_slopes_are_carried_from_the_lattice_exactly(an_ellipsoid, monkeypatch):
    monkeypatch.setattr("LongitudinalINRLib.analysis.lattice.MARGIN_NODES", 40)  # every node is near
    lattice = Lattice(an_ellipsoid, 1.7)

    def field(at):
        x, y, z = (at / 20).T
        return np.stack((x**3 * y - z**5, y**2 * z), -1)

    def slopes(at):
        x, y, z = (at / 20).T
        of_first = np.stack((3 * x**2 * y, x**3, -5 * z**4), -1)
        of_second = np.stack((0 * x, 2 * y * z, y**2), -1)
        return np.stack((of_first, of_second), 1) / 20

    at_nodes = torch.from_numpy(field(lattice.points_mm))
    parts = list(lattice.carried(at_nodes, with_slopes=True))
    voxels = np.concatenate([part.voxels for part in parts])
    order = np.argsort(voxels)
    assert np.array_equal(voxels[order], np.flatnonzero(an_ellipsoid.array))
    at = np.argwhere(an_ellipsoid.array) @ OBLIQUE[:3, :3].T + OBLIQUE[:3, 3]
    values, per_voxel = (
        np.concatenate(each, -1).T[order]
        for each in ([part.values for part in parts], [part.slopes for part in parts])
    )
    np.testing.assert_allclose(values, field(at), atol=1e-9)
    np.testing.assert_allclose(per_voxel.swapaxes(1, 2), slopes(at) @ OBLIQUE[:3, :3], atol=1e-9)


def test_maps_that_were_made_are_kept_as_they_are_while_there_is_room(an_ellipsoid, monkeypatch):
    monkeypatch.setattr(voxel_maps, "MOST_KEPT_BYTES", 8 * np.count_nonzero(an_ellipsoid.array))
    maps = VoxelMaps(a_model(change=0.3), an_ellipsoid)
    maps.maps(6.0, ["jacobian"])
    assert maps.kept(6.0) is None
    made = maps.maps(12.0, ["jacobian", "rate"])
    maps.maps(24.0, ["jacobian", "rate"])
    jacobian, rate = maps.kept(12.0)
    assert torch.equal(jacobian, made["jacobian"])
    assert torch.equal(rate, made["rate"])
    assert maps.kept(24.0) is None
