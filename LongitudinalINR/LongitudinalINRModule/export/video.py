"""Animations as MP4, by the ffmpeg that Slicer's Screen Capture module finds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import writing
from LongitudinalINRModule.export.pictures import LAST_SECONDS, Frame, captioned

_PATTERN = "frame-%05d.png"
# As Screen Capture's own "H.264" does; players want colours at half the resolution.
_OPTIONS = "-codec libx264 -preset slower -crf 20 -pix_fmt yuv420p"


def screen_capture() -> Any:
    """Return the logic of Slicer's Screen Capture module; None where it is missing or finds no ffmpeg."""
    try:
        from ScreenCapture import ScreenCaptureLogic
    except ImportError:
        return None
    logic = ScreenCaptureLogic()
    return logic if logic.isFfmpegPathValid() or logic.findFfmpeg() else None


def save_video(frames: Sequence[Frame], path: Path, logic: Any, seconds_per_frame: float = 0.15) -> None:
    """Write pictures with their captions as a video that rests on its last frame.

    Parameters
    ----------
    frames : sequence of Frame
        In their order.
    path : Path
        Ends in ``.mp4``.
    logic : ScreenCaptureLogic
        Runs ffmpeg.
    seconds_per_frame : float
        How long each is seen.

    Raises
    ------
    ValueError
        If there is no picture.
    InputError
        If ffmpeg fails.
    """
    if not frames:
        raise ValueError("A video needs at least one picture.")
    rest = [frames[-1]] * round(LAST_SECONDS / seconds_per_frame)
    with tempfile.TemporaryDirectory() as folder:
        for index, frame in enumerate([*frames, *rest]):
            _even(captioned(frame)).save(Path(folder) / (_PATTERN % index))
        try:
            logic.createVideo(round(1.0 / seconds_per_frame, 3), _OPTIONS, folder, _PATTERN, "video.mp4")
        except ValueError as error:
            raise InputError(
                "video-failed",
                "The animation could not be made.",
                expected="an ffmpeg that writes H.264",
                found=str(error),
                advice="Choose another ffmpeg in the Screen Capture module, or leave the animation out.",
            ) from error
        with writing(path) as part:
            shutil.copyfile(Path(folder) / "video.mp4", part)


def _even(picture: Image.Image) -> Image.Image:
    """Return a picture with an even number of pixels along either side, as H.264 wants it."""
    width, height = (size + size % 2 for size in picture.size)
    filled = Image.new("RGB", (width, height))
    filled.paste(picture)
    return filled
