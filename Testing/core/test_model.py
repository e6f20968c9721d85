"""The fitted model and its maps: closed forms, inverse, chunks, orientation, round trip."""

from __future__ import annotations

import json

import pytest
import torch

from LongitudinalINRLib.core import grid
from LongitudinalINRLib.core.config import PRESETS, FitConfig, preset
from LongitudinalINRLib.core.domain import Domain
from LongitudinalINRLib.core.grid import maps_on_grid, predicted_on_grid, warped_on_grid
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.network import DisplacementNetwork
from LongitudinalINRLib.core.problem import Image
from LongitudinalINRLib.core.time_axis import TimeAxis
from LongitudinalINRLib.errors import Cancelled

AFFINE = torch.tensor(
    [[0.0, 0.0, 2.0, -8.0], [-1.0, 0.0, 0.0, 4.0], [0.0, 1.5, 0.0, -5.0], [0, 0, 0, 1]], dtype=torch.float64
)
SHAPE = (7, 6, 8)


@pytest.fixture
def a_model():
    config = FitConfig(widths=(12, 12, 12))
    network = DisplacementNetwork(config)
    torch.manual_seed(4)
    torch.nn.init.normal_(network.out.weight, std=0.003)
    return FittedModel(network, config, Domain.around(SHAPE, AFFINE), TimeAxis((12.0, 24.0), 24.0))


def points_mm(shape=SHAPE, affine=AFFINE):
    axes = [torch.arange(n, dtype=torch.float64) for n in shape]
    voxels = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)
    return voxels @ affine[:3, :3].T + affine[:3, 3]


def test_the_domain_has_one_scale_and_covers_the_field_of_view():
    domain = Domain.around(SHAPE, AFFINE)
    model = domain.to_model(points_mm())
    assert domain.half_extent_mm == pytest.approx(8.0)
    assert model.abs().max() <= 1
    torch.testing.assert_close(
        model.reshape(-1, 3).mean(0), torch.zeros(3, dtype=torch.float64), atol=1e-12, rtol=0
    )
    torch.testing.assert_close(
        domain.to_mm(model[1, 0, 0] - model[0, 0, 0]).norm(), torch.tensor(1.0).double()
    )


def test_kinds_of_time():
    axis = TimeAxis((12.0, 24.0), 24.0)
    assert [axis.kind(m) for m in (0.0, 5.0, 12.0, 24.0, 24.5)] == [
        "observed", "interpolated", "observed", "observed", "extrapolated",
    ]  # fmt: skip


def test_jacobian_and_rate_equal_finite_differences_in_mm_and_months(a_model):
    points = points_mm().reshape(-1, 3)[::17]
    a_model.network.double()
    step = 1e-4
    columns = []
    for axis in range(3):
        shift = torch.zeros(3, dtype=torch.float64)
        shift[axis] = step
        columns.append((a_model.warp(points + shift, 18.0) - a_model.warp(points - shift, 18.0)) / (2 * step))
    determinant = torch.linalg.det(torch.stack(columns, dim=-1))
    torch.testing.assert_close(a_model.jacobian_determinant(points, 18.0), determinant, rtol=1e-6, atol=1e-8)
    later, earlier = (a_model.jacobian_determinant(points, 18.0 + sign * step) for sign in (1, -1))
    torch.testing.assert_close(
        a_model.rate(points, 18.0), (later - earlier) / (2 * step), rtol=1e-5, atol=1e-8
    )


def test_the_inverse_undoes_the_warp(a_model):
    points = points_mm().reshape(-1, 3).float()
    back = a_model.inverse_warp(a_model.warp(points, 30.0), 30.0)
    assert a_model.displacement(points, 30.0).norm(dim=-1).max() > 0.05
    torch.testing.assert_close(back, points, atol=1e-3, rtol=0)


def test_maps_do_not_depend_on_the_size_of_chunks_and_are_neutral_outside_the_mask(a_model, monkeypatch):
    mask = points_mm().norm(dim=-1) < 6
    names = ["jacobian", "log-jacobian", "rate", "displacement"]
    whole = maps_on_grid(a_model, 18.0, AFFINE, mask, names)
    monkeypatch.setattr(grid, "CHUNK_POINTS", 13)
    pieces = maps_on_grid(a_model, 18.0, AFFINE, mask, names)
    for name in names:
        torch.testing.assert_close(whole[name], pieces[name])
        outside = 1.0 if name == "jacobian" else 0.0
        assert (whole[name][~mask] == outside).all()
    inside = points_mm()[mask].float()
    torch.testing.assert_close(whole["jacobian"][mask], a_model.jacobian_determinant(inside, 18.0))
    torch.testing.assert_close(whole["log-jacobian"], whole["jacobian"].log())


def test_a_map_stored_in_another_axis_order_is_the_same_map(a_model):
    flipped = AFFINE.clone()
    flipped[:3, 0] *= -1
    flipped[:3, 3] = AFFINE[:3, 3] + (SHAPE[0] - 1) * AFFINE[:3, 0]
    flipped = flipped[:, [2, 1, 0, 3]]
    everywhere = torch.ones(SHAPE, dtype=torch.bool)
    one = maps_on_grid(a_model, 24.0, AFFINE, everywhere, ["jacobian"])["jacobian"]
    other = maps_on_grid(a_model, 24.0, flipped, everywhere.permute(2, 1, 0), ["jacobian"])["jacobian"]
    torch.testing.assert_close(other, one.flip(0).permute(2, 1, 0))


def test_cancelling_stops_the_maps(a_model):
    with pytest.raises(Cancelled):
        maps_on_grid(
            a_model, 6.0, AFFINE, torch.ones(SHAPE, dtype=torch.bool), ["rate"], should_stop=lambda: True
        )


def test_an_unknown_quantity_is_refused(a_model):
    with pytest.raises(ValueError, match="curl"):
        maps_on_grid(a_model, 6.0, AFFINE, torch.ones(SHAPE, dtype=torch.bool), ["curl"])


def test_warped_and_predicted_move_a_ramp_by_the_displacement_and_its_inverse(a_model):
    ramp = Image(points_mm()[..., 1].float(), torch.linalg.inv(AFFINE))
    inner = (slice(2, -2), slice(2, -2), slice(2, -2))
    points = points_mm()[inner].reshape(-1, 3).float()
    warped = warped_on_grid(a_model, 24.0, ramp, AFFINE, SHAPE)[inner].reshape(-1)
    predicted = predicted_on_grid(a_model, 24.0, ramp, AFFINE, SHAPE)[inner].reshape(-1)
    torch.testing.assert_close(warped, a_model.warp(points, 24.0)[:, 1], atol=1e-4, rtol=0)
    torch.testing.assert_close(predicted, a_model.inverse_warp(points, 24.0)[:, 1], atol=1e-4, rtol=0)


def test_a_model_survives_its_parts_as_json_and_tensors(a_model):
    metadata = json.loads(json.dumps(a_model.metadata()))
    again = FittedModel.from_parts(a_model.tensors(), metadata)
    points = points_mm().reshape(-1, 3).float()
    assert torch.equal(again.displacement(points, 20.0), a_model.displacement(points, 20.0))
    assert again.config == a_model.config
    assert again.axis == a_model.axis


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_builds_its_network(name):
    config = preset(name)
    network = DisplacementNetwork(config)
    assert config.preset == name
    assert network(torch.zeros(2, 3), torch.ones(3)).shape == (3, 2, 3)
    assert sum(stage.share for stage in config.stages) == pytest.approx(1)


def test_beyond_the_last_scan_change_goes_on_at_the_mean_pace_seen_so_far(a_model):
    points = torch.tensor([[1.0, -2.0, 3.0], [-4.0, 0.5, 2.0]], dtype=torch.float64)
    a_year, two_years = (a_model.displacement(points, month) / month for month in (36.0, 48.0))
    torch.testing.assert_close(a_year, two_years, rtol=1e-3, atol=0)
    settled = a_model.network.time(torch.tensor([1.5, 2.0]))[0]
    torch.testing.assert_close(settled[0], settled[1], rtol=1e-3, atol=1e-4)


def test_the_pace_does_not_jump_at_the_last_scan_and_is_the_derivative_beyond_it(a_model):
    encoder = a_model.network.time.double()
    times = torch.tensor([0.4, 1.0, 1.01, 1.05, 1.3], dtype=torch.float64)
    step = 1e-6
    by_difference = (encoder(times + step)[0] - encoder(times - step)[0]) / (2 * step)
    torch.testing.assert_close(encoder(times)[1], by_difference, rtol=1e-4, atol=1e-6)


def test_the_published_model_does_not_settle():
    encoder = DisplacementNetwork(preset("paper")).time
    features = encoder(torch.tensor([1.5, 2.0]))[0].detach()
    assert float((features[0] - features[1]).abs().max()) > 1e-3
