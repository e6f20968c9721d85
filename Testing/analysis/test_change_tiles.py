import numpy as np

from LongitudinalINRLib.analysis.figures.change_tiles import (
    change_limit_percent,
    change_tiles,
    colour_table,
)
from LongitudinalINRLib.analysis.figures.planes import centre_planes
from LongitudinalINRLib.analysis.map_frames import MapFrames


def test_the_colour_scale_is_round_and_never_makes_noise_look_like_change():
    assert change_limit_percent(np.array([1.001, 0.998], np.float32)) == 2
    assert change_limit_percent(np.array([], np.float32)) == 2


def test_the_colour_scale_leaves_the_strongest_fiftieth_to_the_end_colours():
    tissue, ventricles = np.linspace(0.93, 1.0, 990), np.full(10, 1.6)
    assert change_limit_percent(np.concatenate([tissue, ventricles]).astype(np.float32)) == 8


def test_contraction_is_blue_expansion_red_and_no_change_clear():
    contraction, none, expansion = colour_table().astype(int)[[0, 128, 255]]
    assert contraction[2] > 2 * contraction[0]
    assert expansion[0] > 2 * expansion[2]
    assert none[3] == 0


def grey_levels(colours):
    return np.ptp(colours.astype(int), axis=-1)


def test_what_lies_within_its_interval_and_what_lies_outside_the_brain_has_no_colour(lia):
    inside = np.zeros((20, 30, 24), bool)
    inside[3:17, 4:26, 4:20] = True
    mask, anatomy = lia(inside), lia(np.full(inside.shape, 100.0))
    jacobian = np.where(inside, 0.9, 1.0).astype(np.float32)[None]
    (plane,) = centre_planes(mask)[:1]
    shown = plane.sample(mask, order="nearest") > 0.5

    def drawn(half_width):
        frames = MapFrames(mask, (12.0,), jacobian, np.where(inside, half_width, 0).astype(np.float32)[None])
        return change_tiles([plane], anatomy, mask, frames, 12.0, 10.0)[0].colours

    certain, doubtful = drawn(0.01), drawn(0.2)
    assert (grey_levels(certain)[shown] > 100).mean() > 0.8
    assert (grey_levels(doubtful) == 0).all()
    assert (certain[~shown] == 0).all()


def test_without_error_bars_nothing_fades(lia):
    inside = np.zeros((20, 30, 24), bool)
    inside[3:17, 4:26, 4:20] = True
    mask = lia(inside)
    frames = MapFrames(mask, (12.0,), np.where(inside, 0.9, 1.0).astype(np.float32)[None], None)
    (plane,) = centre_planes(mask)[:1]
    (tile,) = change_tiles([plane], lia(np.full(inside.shape, 100.0)), mask, frames, 12.0, 10.0)
    assert (grey_levels(tile.colours)[plane.sample(mask, order="nearest") > 0.5] > 100).mean() > 0.8
