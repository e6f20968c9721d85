from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from LongitudinalINRModule.export.pictures import Frame, captioned
from LongitudinalINRModule.export.video import save_video, screen_capture
from PIL import Image

from LongitudinalINRLib.errors import InputError


class ScreenCaptureLogic:
    """Slicer's, as far as a video needs it: what is asked of ffmpeg, and a file that holds it."""

    path_valid, found, fails = False, True, False

    def isFfmpegPathValid(self):
        return self.path_valid

    def findFfmpeg(self):
        return self.found

    def createVideo(self, frameRate, extraOptions, outputDir, imageFileNamePattern, videoFileName):
        if self.fails:
            raise ValueError("ffmpeg returned with error")
        self.rate, self.options = frameRate, extraOptions
        self.frames = []
        while (path := Path(outputDir) / (imageFileNamePattern % len(self.frames))).exists():
            self.frames.append(np.asarray(Image.open(path).convert("RGB")))
        (Path(outputDir) / videoFileName).write_bytes(b"video")


@pytest.fixture
def logic(monkeypatch):
    made = ScreenCaptureLogic()
    monkeypatch.setitem(sys.modules, "ScreenCapture", SimpleNamespace(ScreenCaptureLogic=lambda: made))
    return made


@pytest.fixture
def frames():
    shades = (40, 90, 140)
    pictures = [np.full((51, 81, 3), shade, np.uint8) for shade in shades]
    return [Frame(pixels, 12.0 * index, "observed") for index, pixels in enumerate(pictures)]


@pytest.mark.parametrize(
    ("path_valid", "found", "usable"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_videos_need_the_module_and_an_ffmpeg_that_it_finds(logic, path_valid, found, usable):
    logic.path_valid, logic.found = path_valid, found
    assert (screen_capture() is logic) is usable


def test_without_the_module_there_is_no_video(monkeypatch):
    monkeypatch.setitem(sys.modules, "ScreenCapture", None)
    assert screen_capture() is None


def test_a_video_is_made_of_the_captioned_pictures_and_rests_on_the_last(logic, frames, tmp_path):
    save_video(frames, tmp_path / "views.mp4", logic)
    assert (tmp_path / "views.mp4").read_bytes() == b"video"
    assert [path.name for path in tmp_path.iterdir()] == ["views.mp4"]
    assert logic.rate == pytest.approx(1 / 0.15, abs=0.001)
    assert "yuv420p" in logic.options
    assert len(logic.frames) == 3 + 7
    for seen, frame in zip(logic.frames, [*frames, *[frames[-1]] * 7], strict=True):
        told = np.asarray(captioned(frame))
        assert [size % 2 for size in seen.shape[:2]] == [0, 0]
        np.testing.assert_array_equal(seen[: told.shape[0], : told.shape[1]], told)


def test_an_ffmpeg_that_fails_is_told_and_leaves_no_file(logic, frames, tmp_path):
    logic.fails = True
    with pytest.raises(InputError, match="animation could not be made"):
        save_video(frames, tmp_path / "views.mp4", logic)
    assert list(tmp_path.iterdir()) == []


def test_no_picture_is_refused(logic, tmp_path):
    with pytest.raises(ValueError, match="at least one picture"):
        save_video([], tmp_path / "views.mp4", logic)
