from __future__ import annotations

import numpy as np
import pytest
import vtk
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.export.pictures import (
    Frame,
    captioned,
    contact_sheet,
    film,
    grab_windows,
    save_animation,
    save_picture,
)
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from PIL import Image
from vtk.util.numpy_support import vtk_to_numpy

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


def test_names_in_the_corners_of_views_are_left_out_and_stay_in_the_view(views):
    window = views[0].window
    before = grab_windows([window])
    annotation = vtk.vtkCornerAnnotation()
    annotation.SetText(0, "Doe^Jane visit 1")
    window.GetRenderers().GetFirstRenderer().AddViewProp(annotation)
    seen = vtk.vtkWindowToImageFilter()
    seen.SetInput(window)
    seen.ReadFrontBufferOff()
    seen.Update()
    assert vtk_to_numpy(seen.GetOutput().GetPointData().GetScalars()).sum() > before.sum()
    np.testing.assert_array_equal(grab_windows([window]), before)
    assert annotation.GetVisibility()


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


def blank(width, height, months=3.25, kind="interpolated"):
    return Frame(np.zeros((height, width, 3), np.uint8), months, kind)


def test_a_caption_fits_a_small_picture_and_grows_with_a_wide_one():
    assert captioned(blank(80, 50)).size == (80, 90)
    small, wide = captioned(blank(420, 100)), captioned(blank(1260, 100))
    assert wide.size == (1260, 100 + 3 * 40)
    ink = [np.argwhere(np.asarray(picture)[100:].any(-1)) for picture in (small, wide)]
    assert np.ptp(ink[1][:, 0]) == pytest.approx(3 * np.ptp(ink[0][:, 0]), rel=0.1)


@pytest.mark.parametrize(("width", "columns"), [(300, 3), (900, 2), (2400, 1)])
def test_a_sheet_of_wide_pictures_has_fewer_columns(width, columns):
    sheet = contact_sheet([blank(width, 300)] * 7)
    assert sheet.width == columns * (width + 4)


def test_an_animation_keeps_one_palette_so_that_colours_do_not_flicker(tmp_path):
    """The anatomy, the same in every frame, has the same colours in every frame of the file."""
    random = np.random.default_rng(0)
    grey = np.repeat(random.integers(0, 255, (60, 60, 1), np.uint8), 3, axis=2)
    frames = []
    for index in range(6):
        pixels = grey.copy()
        pixels[20:40, 20:40] = (40 * index, 10, 255 - 40 * index)
        frames.append(Frame(pixels, float(index), "interpolated"))
    save_animation(frames, tmp_path / "all.gif")
    with Image.open(tmp_path / "all.gif") as animation:
        shown = []
        for index in range(animation.n_frames):
            animation.seek(index)
            shown.append(np.asarray(animation.convert("RGB"))[:60].astype(int))
    assert all((each[:20] == shown[0][:20]).all() for each in shown)
    error = [np.abs(each - frame.pixels).max() for each, frame in zip(shown, frames, strict=True)]
    assert max(error) < 16
    assert np.ptp(shown[0][:20], axis=-1).max() == 0, "grey stays grey"
