from __future__ import annotations

import numpy as np
import pytest
from LongitudinalINRModule.mrml.continuous_time import ContinuousTime
from LongitudinalINRModule.mrml.pictures import (
    Frame,
    captioned,
    contact_sheet,
    film,
    grab_windows,
    save_animation,
    save_picture,
)
from LongitudinalINRModule.mrml.slice_views import OverlayViews
from PIL import Image

MONTHS = (0.0, 12.0, 18.0, 24.0, 36.0)


@pytest.fixture
def views(a_result, a_baseline, add_view, phantom):
    views = [add_view("Red", "Axial", (160, 160)), add_view("Green", "Coronal", (140, 120))]
    OverlayViews([view.logic for view in views]).show(a_baseline, a_result.proxy("jacobian"))
    for view in views:
        view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    return views


@pytest.fixture
def frames(a_result, application, views):
    time = ContinuousTime(a_result, application.sequences_logic)
    time.show(7.0)
    frames = film(a_result, time, MONTHS, lambda: grab_windows([view.window for view in views]))
    assert time.months == 7.0
    return frames


def test_views_are_put_side_by_side_the_first_row_on_top(views):
    pixels = grab_windows([view.window for view in views])
    assert pixels.shape == (160, 300, 3)
    np.testing.assert_array_equal(pixels[:, :160], views[0].pixels())
    assert not pixels[120:, 160:].any()


def test_a_film_has_a_picture_for_each_month_with_how_it_is_known(frames):
    assert [(frame.months, frame.kind) for frame in frames] == [
        (0.0, "observed"),
        (12.0, "observed"),
        (18.0, "interpolated"),
        (24.0, "observed"),
        (36.0, "extrapolated"),
    ]
    channels = [frame.pixels.astype(int) for frame in frames]
    redness = [(pixels[..., 0] - pixels[..., 1]).clip(0).sum() for pixels in channels]
    assert redness == sorted(redness)
    assert redness[-1] > redness[0]


def test_the_slider_goes_back_when_grabbing_fails(a_result, application):
    time = ContinuousTime(a_result, application.sequences_logic)
    time.show(7.0)

    def fail():
        raise OSError("no view")

    with pytest.raises(OSError, match="no view"):
        film(a_result, time, MONTHS, fail)
    assert time.months == 7.0


def test_the_caption_marks_extrapolated_months_in_orange(frames):
    observed, extrapolated = np.asarray(captioned(frames[0])), np.asarray(captioned(frames[-1]))
    height = frames[0].pixels.shape[0]
    np.testing.assert_array_equal(observed[:height], frames[0].pixels)
    orange = (extrapolated[height:] == (255, 176, 0)).all(-1)
    assert orange.sum() > 100
    assert not (observed[height:] == (255, 176, 0)).all(-1).any()


def test_pictures_animations_and_sheets_are_files_that_open(frames, tmp_path):
    save_picture(frames[1], tmp_path / "one.png")
    save_animation(frames, tmp_path / "all.gif")
    with Image.open(tmp_path / "one.png") as picture:
        assert picture.size == (300, 200)
    with Image.open(tmp_path / "all.gif") as animation:
        assert animation.n_frames == len(MONTHS)
        assert animation.info["loop"] == 0
    assert contact_sheet(frames, 2).size == (2 * 304, 3 * 204)
    assert contact_sheet(frames[:1]).size == (304, 204)


@pytest.mark.parametrize("make", [contact_sheet, lambda frames: save_animation(frames, "nowhere.gif")])
def test_no_picture_is_refused(make):
    with pytest.raises(ValueError, match="at least one picture"):
        make([])


def test_a_caption_fits_a_small_picture():
    assert captioned(Frame(np.zeros((50, 80, 3), np.uint8), 3.25, "interpolated")).size == (80, 90)
