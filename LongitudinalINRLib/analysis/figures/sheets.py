"""Slices put side by side on a black sheet: grey and colours from numpy, letters from Pillow."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from LongitudinalINRLib.analysis.figures.planes import Plane

JPEG_QUALITY = 88
LETTER_SHARE, TITLE_SHARE = 0.055, 0.03
"""Height of letters: of a slice's height; of a title, of the sheet's width."""

FEWEST_PIXELS = 11
INK, TITLE_INK, GROUND = (232, 232, 232), (232, 232, 232), (0, 0, 0)

Colours = NDArray[np.uint8]
Grey = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tile:
    """A slice as it is drawn.

    Parameters
    ----------
    plane : Plane
        Where it lies.
    colours : ndarray, shape (H, W, 3)
        uint8, first row at the top.
    corner : str
        Written into its upper left corner.
    """

    plane: Plane
    colours: Colours
    corner: str = ""


def in_grey(values: Grey, low: float, high: float) -> Colours:
    """Return values from black, at ``low``, to white, shape (H, W, 3)."""
    grey = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.repeat(np.rint(255 * grey).astype(np.uint8)[..., None], 3, axis=2)


def laid_over(colours: Colours, rgba: NDArray[np.float64]) -> Colours:
    """Return colours with others, shape (H, W, 4), 0 to 1, on top of them."""
    opacity = rgba[..., 3:]
    return np.rint((1.0 - opacity) * colours + 255.0 * opacity * rgba[..., :3]).astype(np.uint8)


def sheet(rows: Sequence[Sequence[Tile]], width_pixels: int, titles: Sequence[str] = ()) -> Image.Image:
    """Draw rows of tiles, in true proportion to each other.

    Parameters
    ----------
    rows : sequence of sequence of Tile
        From top to bottom, from left to right.
    width_pixels : int
        Of the sheet.
    titles : sequence of str
        Above the columns.
    """
    columns = max(len(row) for row in rows)
    widths_mm = [max(row[n].plane.size_mm[0] for row in rows if n < len(row)) for n in range(columns)]
    heights_mm = [max(tile.plane.size_mm[1] for tile in row) for row in rows]
    scale = width_pixels / sum(widths_mm)
    title_pixels = round(1.4 * TITLE_SHARE * width_pixels) if titles else 0
    image = Image.new("RGB", (width_pixels, title_pixels + round(scale * sum(heights_mm))), GROUND)
    draw = ImageDraw.Draw(image)
    for number, title in enumerate(titles):
        middle = scale * (sum(widths_mm[:number]) + widths_mm[number] / 2)
        font = ImageFont.load_default(max(FEWEST_PIXELS, 0.6 * TITLE_SHARE * width_pixels))
        draw.text((middle, title_pixels / 2), title, TITLE_INK, font, anchor="mm")
    top = float(title_pixels)
    for row, height_mm in zip(rows, heights_mm, strict=True):
        left = 0.0
        for tile, width_mm in zip(row, widths_mm, strict=False):
            _put(image, draw, tile, (left, top), (scale * width_mm, scale * height_mm), scale)
            left += scale * width_mm
        top += scale * height_mm
    return image


def jpeg(image: Image.Image) -> bytes:
    """Return a picture as the bytes of a JPEG file; colours are not blurred."""
    stream = io.BytesIO()
    image.save(stream, format="jpeg", quality=JPEG_QUALITY, subsampling=0)
    return stream.getvalue()


def _put(
    image: Image.Image,
    draw: ImageDraw.ImageDraw,
    tile: Tile,
    corner: tuple[float, float],
    room: tuple[float, float],
    scale: float,
) -> None:
    """Draw a tile in the middle of its room, with the patient's directions at its edges."""
    width, height = (round(scale * mm) for mm in tile.plane.size_mm)
    left, top = round(corner[0] + (room[0] - width) / 2), round(corner[1] + (room[1] - height) / 2)
    drawn = Image.fromarray(tile.colours).resize((width, height), Image.Resampling.BILINEAR)
    image.paste(drawn, (left, top))
    font = ImageFont.load_default(max(FEWEST_PIXELS, LETTER_SHARE * height))
    places = (
        (4, height / 2, "lm"),
        (width - 4, height / 2, "rm"),
        (width / 2, 2, "mt"),
        (width / 2, height - 3, "mb"),
    )
    texts = [(letter, *place) for letter, place in zip(tile.plane.letters, places, strict=True)]
    if tile.corner:
        texts.append((tile.corner, 4, 3, "la"))
    for text, x, y, anchor in texts:
        draw.text((left + x, top + y), text, INK, font, anchor=anchor, stroke_width=2, stroke_fill=GROUND)
