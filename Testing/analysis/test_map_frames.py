from dataclasses import dataclass

import numpy as np
import pytest
import torch

from LongitudinalINRLib.analysis.map_frames import (
    coarse_part,
    frame_months,
    map_frames,
    measured_part,
    part_of,
)
from LongitudinalINRLib.analysis.regions import GridMaps
from LongitudinalINRLib.analysis.scores import log_jacobian
from LongitudinalINRLib.analysis.voxel_errors import voxel_half_widths
from LongitudinalINRLib.imaging.volume import Volume


@pytest.fixture
def brain():
    """A box of 1 mm voxels, so that the maps take every second."""
    inside = np.zeros((24, 30, 20), bool)
    inside[3:21, 5:25, 2:18] = True
    affine = np.array([[-1.0, 0, 0, 12], [0, 0, 1, -10], [0, -1, 0, 15], [0, 0, 0, 1]])
    return Volume(inside, affine)


@dataclass(frozen=True)
class Counting:
    """A model that counts the points it is asked."""

    model: object
    asked: list

    def __getattr__(self, name):
        return getattr(self.model, name)

    def jacobian_determinant(self, points_mm, months):
        self.asked.append(len(points_mm))
        return self.model.jacobian_determinant(points_mm, months)


def test_the_maps_lie_on_every_second_voxel_of_the_box_around_the_brain(brain):
    coarse = part_of(brain, coarse_part(brain))
    assert coarse.shape == (11, 12, 10)
    np.testing.assert_allclose(coarse.voxel_sizes_mm, 2.0)
    index = np.argwhere(coarse.array)
    fine = np.rint(np.linalg.inv(brain.affine) @ coarse.affine @ np.c_[index, np.ones(len(index))].T)[:3].T
    assert brain.array[tuple(fine.astype(int).T)].all()


def test_the_maps_are_those_of_the_model_and_one_outside_the_brain(brain, tilt):
    model = tilt(slope=1e-4)
    frames = map_frames(model, brain, (0.0, 6.0, 12.0, 24.0, 30.0))
    index = np.argwhere(frames.mask.array)
    x_mm = (frames.mask.affine @ np.c_[index, np.ones(len(index))].T)[0]
    for month, jacobian in zip(frames.months, frames.jacobian, strict=True):
        np.testing.assert_allclose(jacobian[frames.mask.array], 1 + 1e-4 * month * x_mm, atol=1e-6)
        assert (jacobian[~frames.mask.array] == 1).all()
    assert frames.half_width is None


def test_maps_that_exist_are_taken_and_months_between_them_are_not_asked(brain, tilt):
    model = Counting(tilt(slope=1e-4), [])
    full = {}
    for month in (0.0, 12.0, 24.0):
        index = np.indices(brain.shape).reshape(3, -1)
        points_mm = torch.from_numpy((brain.affine[:3, :3] @ index + brain.affine[:3, 3:]).T)
        jacobian, rate = model.model.jacobian_and_rate(points_mm, month)
        full[month] = GridMaps(*(brain.with_array(v.numpy().reshape(brain.shape)) for v in (jacobian, rate)))
    frames = map_frames(model, brain, (0.0, 3.0, 12.0, 18.0, 24.0), maps=full)
    alone = map_frames(tilt(slope=1e-4), brain, (0.0, 3.0, 12.0, 18.0, 24.0))
    np.testing.assert_allclose(frames.jacobian, alone.jacobian, atol=1e-6)
    # Between two known months, 1024 points or as many as there are, at one month each.
    voxels = int(frames.mask.array.sum())
    assert sum(model.asked) == 2 * voxels < 2 * 1024


def test_a_course_that_a_cubic_misses_is_asked_of_the_model(brain, swing):
    model = swing(period_months=5.0)  # several swings between two scans
    frames = map_frames(model, brain, (0.0, 1.0, 7.0, 12.0, 24.0))
    inside = frames.mask.array
    for month, jacobian in zip(frames.months, frames.jacobian, strict=True):
        expected = 1 + 0.05 * np.sin(2 * np.pi * month / 5)
        np.testing.assert_allclose(jacobian[inside], expected, atol=1e-6)


def test_error_bars_are_those_of_the_voxel_maps_and_none_at_the_baseline(brain, tilt):
    frames = map_frames(tilt(slope=2e-4), brain, (0.0, 12.0, 24.0, 36.0), residual=0.05)
    assert (frames.half_width[0] == 0).all()
    logs = [frames.mask.with_array(log_jacobian(each)) for each in frames.jacobian]
    observed = voxel_half_widths(logs[2], frames.mask, 0.05, 1.0)
    beyond = voxel_half_widths(logs[3], frames.mask, 0.05, 1.0, logs[2])
    np.testing.assert_array_equal(frames.half_width[2], observed.array)
    np.testing.assert_array_equal(frames.half_width[3], beyond.array)


def test_the_slider_has_scans_the_end_and_at_most_a_dozen_regular_months_between(tilt):
    assert frame_months(tilt(observed_months=(7.5, 36.0))) == (
        *(0.0, 3.0, 6.0, 7.5, 9.0, 12.0, 15.0, 18.0),
        *(21.0, 24.0, 27.0, 30.0, 33.0, 36.0),
    )
    assert frame_months(tilt(observed_months=(12.0,)), [0, 12, 20])[-1] == 20.0


@pytest.mark.parametrize("months", [(0.0, 6.0), (0.0, 30.0), (0.0, 30.0, 36.0)])
def test_maps_without_the_last_scan_have_the_intervals_of_those_with_it(brain, tilt, months):
    model = tilt(slope=1e-3)
    last = max(model.observed_months)
    assert last not in months
    alone = map_frames(model, brain, months, residual=0.02)
    among = map_frames(model, brain, tuple(sorted({*months, last})), residual=0.02)
    shown = [among.at(month) for month in months]
    assert (alone.half_width[1:] > 0).any()
    np.testing.assert_array_equal(alone.half_width, among.half_width[shown])
    np.testing.assert_array_equal(alone.jacobian, among.jacobian[shown])


def test_nothing_is_shown_where_a_follow_up_has_no_data(brain, tilt):
    valid = np.ones(brain.shape, bool)
    valid[:, :, 12:] = False
    frames = map_frames(
        tilt(slope=1e-3), measured_part(brain, brain.with_array(valid)), (0.0, 24.0), residual=0.02
    )
    index = np.argwhere(frames.mask.array)
    fine = np.linalg.inv(brain.affine) @ frames.mask.affine @ np.c_[index, np.ones(len(index))].T
    assert fine[2].max() < 12
    assert measured_part(brain, None) is brain
