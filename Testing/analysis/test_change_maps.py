import numpy as np
import pytest

from LongitudinalINRLib.analysis.figures.change_maps import change_percent
from LongitudinalINRLib.analysis.figures.change_scale import CHANGE_COLOURS, change_limit_percent
from LongitudinalINRLib.analysis.figures.overlay import ChangeOverlay
from LongitudinalINRLib.analysis.figures.planes import centre_planes
from LongitudinalINRLib.analysis.points import PointEvaluator


def test_change_on_slices_follows_the_model_and_stops_at_the_mask(tilt, lia):
    mask = np.zeros((20, 30, 24), bool)
    mask[3:17, 4:26, 4:20] = True
    model = tilt(slope=1e-4)
    planes = centre_planes(lia(mask))
    (at_month,) = change_percent(PointEvaluator(model), planes, lia(mask), [24.0])
    for plane, found in zip(planes, at_month, strict=True):
        inside = plane.sample(lia(mask), order="nearest") > 0.5
        np.testing.assert_array_equal(np.isfinite(found), inside)
        expected = 100 * 24e-4 * plane.points_mm[..., 0]
        np.testing.assert_allclose(found[inside], expected[inside], atol=1e-4)


def test_the_colour_scale_is_round_and_never_makes_noise_look_like_change():
    assert change_limit_percent([np.array([np.nan, 0.1, -0.2])]) == 2
    assert change_limit_percent([np.array([np.nan])]) == 2


def test_the_colour_scale_leaves_the_strongest_fiftieth_to_the_end_colours():
    tissue, ventricles = np.linspace(-7.0, 0.0, 990), np.full(10, 60.0)
    assert change_limit_percent([tissue, np.append(ventricles, np.nan)]) == 8


def test_contraction_is_blue_expansion_red_and_no_change_clear():
    contraction, none, expansion = CHANGE_COLOURS([0.0, 0.5, 1.0])
    assert contraction[2] > 2 * contraction[0]
    assert expansion[0] > 2 * expansion[2]
    assert none[3] < 0.02


def test_the_outline_follows_the_mask(lia):
    mask = np.zeros((20, 30, 24), bool)
    mask[3:17, 4:26, 4:20] = True
    plane = centre_planes(lia(mask))[0]
    overlay = ChangeOverlay(lia(mask * 100.0), lia(mask), [plane], columns=1, limit_percent=10)
    overlay.outline(lia(mask))
    (contours,) = (c for c in overlay.figure.axes[0].collections if c.get_paths())
    (path,) = contours.get_paths()
    wide, high = np.ptp(path.vertices, axis=0)
    # 14 voxels of 2 mm from left to right, 16 of 1.5 mm from front to back
    assert (wide, high) == pytest.approx((28, 24), abs=1.5)


def test_frames_have_the_pixels_that_each_picture_has_when_it_is_drawn_whole(tilt, lia):
    mask = np.zeros((20, 30, 24), bool)
    mask[3:17, 4:26, 4:20] = True
    anatomy = lia(mask * 100.0 + np.indices(mask.shape)[1])
    planes = centre_planes(lia(mask))
    maps = change_percent(PointEvaluator(tilt(slope=1e-3)), planes, lia(mask), [0.0, 12.0, 24.0])
    overlay = ChangeOverlay(anatomy, lia(mask), planes, columns=3, limit_percent=10)
    frames = list(overlay.frames(maps))
    assert not np.array_equal(frames[0], frames[2])
    for frame, shown in zip(frames, maps, strict=True):
        np.testing.assert_array_equal(frame, overlay.draw(shown))
