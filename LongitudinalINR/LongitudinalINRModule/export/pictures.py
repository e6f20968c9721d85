"""Pictures of the slice views over time: PNG, animation and contact sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import vtk
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from vtk.util import numpy_support

from LongitudinalINRLib.files import writing
from LongitudinalINRLib.words import TimeKind
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from LongitudinalINRModule.result.provenance import RESEARCH_USE
from LongitudinalINRModule.result.result import SceneResult

Pixels = NDArray[np.uint8]
Grab = Callable[[], Pixels]

LAST_SECONDS = 1.0
"""How long an animation rests on its last frame."""

# Of a picture this wide or less; captions grow with wider ones, which are looked at from further away.
_CAPTION_WIDTH, _CAPTION_HEIGHT = 420, 40
# Width by height of a contact sheet, about: what fits a page or a slide.
_SHEET_SHAPE = 4.0 / 3.0
# Greys in the palette of an animation, and by how much the channels of a grey differ at most.
_GREYS, _GREY_SPREAD = 64, 8
_INK = {"observed": (255, 255, 255), "interpolated": (190, 190, 190), "extrapolated": (255, 176, 0)}


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture of the views at one time.

    Parameters
    ----------
    pixels : ndarray, shape (H, W, 3), uint8
        As seen, first row on top.
    months : float
        Since baseline.
    kind : str
        How the time is known.
    """

    pixels: Pixels
    months: float
    kind: TimeKind


def grab_windows(render_windows: Sequence[vtk.vtkRenderWindow]) -> Pixels:
    """Render windows and return their pictures side by side; shorter ones are filled up with black.

    The annotations in their corners are left out: Slicer writes the patient's and the volumes' names there.
    """
    pictures = [_grab(window) for window in render_windows]
    height = max(picture.shape[0] for picture in pictures)
    filled = [np.pad(picture, ((0, height - len(picture)), (0, 0), (0, 0))) for picture in pictures]
    return np.concatenate(filled, axis=1)


def film(result: SceneResult, time: ContinuousTime, months: Sequence[float], grab: Grab) -> list[Frame]:
    """Take a picture at each month; the slider is put back where it was, whatever happens.

    Parameters
    ----------
    result : SceneResult
        Tells how each month is known.
    time : ContinuousTime
        Moves the maps.
    months : sequence of float
        Since baseline.
    grab : callable
        Returns the picture that is shown.
    """
    before = time.months
    frames = []
    try:
        for month in months:
            time.show(month)
            frames.append(Frame(grab(), month, result.kind(month)))
    finally:
        time.show(before)
    return frames


def captioned(frame: Frame) -> Image.Image:
    """Return a picture with its month, how the month is known, and the notice below."""
    height, width, _ = frame.pixels.shape
    scale = max(1.0, width / _CAPTION_WIDTH)
    picture = Image.new("RGB", (width, height + round(scale * _CAPTION_HEIGHT)))
    picture.paste(Image.fromarray(frame.pixels))
    draw = ImageDraw.Draw(picture)

    def write(text: str, below: int, size: int, ink: tuple[int, int, int]) -> None:
        place = (8 * scale, height + scale * below)
        draw.text(place, text, fill=ink, font=ImageFont.load_default(scale * size))

    write(f"Month {frame.months:.1f}, {frame.kind}", 3, 15, _INK[frame.kind])
    write(RESEARCH_USE, 24, 11, (130, 130, 130))
    if frame.kind != "interpolated":
        draw.rectangle((0, height, width - 1, height + round(2 * scale) - 1), fill=_INK[frame.kind])
    return picture


def save_picture(frame: Frame, path: Path) -> None:
    """Write one picture as PNG."""
    with writing(path) as part:
        captioned(frame).save(part, format="PNG")


def save_animation(frames: Sequence[Frame], path: Path, seconds_per_frame: float = 0.15) -> None:
    """Write the pictures as an animated GIF that loops and rests on its last frame.

    Raises
    ------
    ValueError
        If there is no picture.
    """
    if not frames:
        raise ValueError("An animation needs at least one picture.")
    pictures = _with_one_palette([captioned(frame) for frame in frames])
    durations = [round(1000 * seconds_per_frame)] * (len(pictures) - 1) + [round(1000 * LAST_SECONDS)]
    with writing(path) as part:
        pictures[0].save(
            part,
            format="GIF",
            save_all=True,
            append_images=pictures[1:],
            duration=durations,
            loop=0,
            optimize=False,
        )


def contact_sheet(frames: Sequence[Frame], columns: int | None = None) -> Image.Image:
    """Return the pictures of all times on one sheet, row by row.

    Parameters
    ----------
    frames : sequence of Frame
        In the order of the sheet.
    columns : int, optional
        By default so many that the sheet fits a page.

    Raises
    ------
    ValueError
        If there is no picture.
    """
    if not frames:
        raise ValueError("A contact sheet needs at least one picture.")
    pictures = [captioned(frame) for frame in frames]
    width = max(picture.width for picture in pictures) + 4
    height = max(picture.height for picture in pictures) + 4
    if columns is None:
        columns = max(1, round((_SHEET_SHAPE * len(pictures) * height / width) ** 0.5))
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height), (60, 60, 60))
    for index, picture in enumerate(pictures):
        sheet.paste(picture, (index % columns * width + 2, index // columns * height + 2))
    return sheet


def _with_one_palette(pictures: list[Image.Image]) -> list[Image.Image]:
    """Reduce pictures to the same 256 colours: with colours of their own they would flicker.

    Greys are among them for themselves, so that anatomy never gets a tint that looks like change.
    """
    shown = pictures[:: max(1, len(pictures) // 8)] + pictures[-1:]
    pixels = np.concatenate([np.asarray(picture).reshape(-1, 3) for picture in shown])
    coloured = pixels[np.ptp(pixels, axis=1) > _GREY_SPREAD]
    greys = np.repeat(np.linspace(0, 255, _GREYS).round().astype(np.uint8), 3)
    chosen = greys.tobytes()
    if coloured.size:
        few = Image.fromarray(coloured[np.newaxis]).quantize(256 - _GREYS, Image.Quantize.MAXCOVERAGE)
        chosen += bytes(few.getpalette() or ())
    palette = Image.new("P", (1, 1))
    palette.putpalette(chosen)
    return [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]


@contextmanager
def _without_annotations(window: vtk.vtkRenderWindow) -> Iterator[None]:
    hidden = []
    for renderer in window.GetRenderers():
        for prop in renderer.GetViewProps():
            if prop.IsA("vtkCornerAnnotation") and prop.GetVisibility():
                prop.VisibilityOff()
                hidden.append(prop)
    try:
        yield
    finally:
        for prop in hidden:
            prop.VisibilityOn()


def _grab(window: vtk.vtkRenderWindow) -> Pixels:
    with _without_annotations(window):
        window.Render()
        return _picture(window)


def _picture(window: vtk.vtkRenderWindow) -> Pixels:
    reader = vtk.vtkWindowToImageFilter()
    reader.SetInput(window)
    reader.SetInputBufferTypeToRGB()
    reader.ReadFrontBufferOff()
    reader.ShouldRerenderOff()
    reader.Update()
    image = reader.GetOutput()
    width, height, _ = image.GetDimensions()
    pixels = numpy_support.vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, 3)
    return np.ascontiguousarray(pixels[::-1])
