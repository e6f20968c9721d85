"""Colour pictures of the change over the anatomy, for viewers that know no parametric maps.

What they show and may be used for is burnt in: a picture goes where its header does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from highdicom.sc import SCImage
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom import Dataset

from LongitudinalINRLib.analysis.figures.change_tiles import colour_table, limit_of_last_scan, visible
from LongitudinalINRLib.analysis.figures.planes import Plane, axial_planes
from LongitudinalINRLib.analysis.figures.sheets import in_grey, laid_over
from LongitudinalINRLib.analysis.figures.window import window
from LongitudinalINRLib.analysis.map_frames import map_frames
from LongitudinalINRLib.dicom_out.content import Content
from LongitudinalINRLib.dicom_out.study import MAKER, RESEARCH_USE, Target, series_description
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps

Picture = NDArray[np.uint8]
STEP_MM = 3.0
WIDTH = 540
HEAD, FOOT = 54, 56
BAR_WIDTH = 122
TEXT_POINTS = 16
_INK = (232, 232, 232)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Captures:
    """The axial slices of one month, from the lowest to the highest.

    Parameters
    ----------
    content : Content
        The result.
    baseline : Volume
        The anatomy.
    """

    def __init__(self, content: Content, baseline: Volume):
        self._content = content
        self._baseline = baseline
        mask = content.result.mask
        self._inside = content.whole.with_array(content.whole.array != 0)
        low_high = _ends_mm(mask)
        count = max(2, round((low_high[1] - low_high[0]) / STEP_MM) + 1)
        self.planes = axial_planes(mask, np.linspace(0.0, 1.0, count).tolist())
        self._table = colour_table() / 255.0
        self._window = window(baseline, mask.array.astype(bool))
        result = content.result
        last = max(map(float, result.model.observed_months))
        self._frames = map_frames(
            result.model,
            result.mask,
            tuple(sorted({0.0, *content.map_months, last})),
            maps=WrittenMaps(result),
            residual=result.residual,
            scanner=result.scanner_error,
        )
        self.limit_percent = limit_of_last_scan(self._frames, last)  # the colours of the report

    def pictures(self, months: float) -> Iterator[Picture]:
        """Draw the slices of a month, shape (rows, columns, 3) each."""
        volume = self._content.jacobian(months)
        title = f"Volume change, month {months:g} ({self._content.kind(months)})"
        seen = visible(self._frames, self._frames.at(months))
        for number, plane in enumerate(self.planes, start=1):
            yield self._picture((volume, seen), plane, title, f"{number} / {len(self.planes)}")

    def _colours(self, jacobian: Volume, seen: Volume, plane: Plane) -> NDArray[np.float64]:
        """Return the colours of the change on a slice, shape (H, W, 4), 0 to 1.

        They are clear outside the mask, and fade where the change lies within its interval.
        """
        share = 100.0 * (plane.sample(jacobian) - 1.0) / (2 * self.limit_percent) + 0.5
        place = np.rint(np.clip(share, 0, 1) * (len(self._table) - 1)).astype(int)
        rgba: NDArray[np.float64] = self._table[place]
        inside = plane.sample(self._inside, order="nearest") > 0.5
        rgba[..., 3] *= inside * plane.sample(seen)
        return rgba

    def _picture(self, shown: tuple[Volume, Volume], plane: Plane, title: str, place: str) -> Picture:
        grey = in_grey(plane.sample(self._baseline), *self._window)
        anatomy = Image.fromarray(laid_over(grey, self._colours(*shown, plane)))
        room = WIDTH - BAR_WIDTH
        size = (room, round(room * anatomy.height / anatomy.width))
        canvas = Image.new("RGB", (WIDTH, HEAD + size[1] + FOOT))
        canvas.paste(anatomy.resize(size, Image.Resampling.BICUBIC), (0, HEAD))
        self._write(ImageDraw.Draw(canvas), plane, title, place, size)
        return np.asarray(canvas)

    def _write(
        self, draw: ImageDraw.ImageDraw, plane: Plane, title: str, place: str, size: tuple[int, int]
    ) -> None:
        font = ImageFont.load_default(TEXT_POINTS)
        middle, bottom = HEAD + size[1] // 2, HEAD + size[1]
        draw.text((10, 6), title, _INK, font)
        draw.text((10, 28), f"{RESEARCH_USE}: not for diagnosis", (255, 196, 84), font)
        left, right, top, below = tuple(plane.letters)
        draw.text((6, middle), left, _INK, font, anchor="lm")
        draw.text((size[0] - 6, middle), right, _INK, font, anchor="rm")
        draw.text((size[0] // 2, HEAD + 2), top, _INK, font, anchor="ma")
        draw.text((size[0] // 2, bottom - 2), below, _INK, font, anchor="md")
        draw.text((10, bottom + 6), f"Slice {place}, S {plane.position_mm:+.0f} mm", _INK, font)
        draw.text((WIDTH - 10, bottom + 6), "LongitudinalINR", _INK, font, anchor="ra")
        draw.text((10, bottom + 28), "What lies within its 90 % interval fades out.", _INK, font)
        self._draw_bar(draw, size, font)

    def _draw_bar(self, draw: ImageDraw.ImageDraw, size: tuple[int, int], font: Font) -> None:
        left, top, bottom = size[0] + 12, HEAD + 30, HEAD + size[1] - 30
        for y in range(top, bottom):
            share = (bottom - 1 - y) / (bottom - 1 - top)
            red, green, blue, alpha = self._table[round(share * (len(self._table) - 1))]
            colour = [round(255 * (part * alpha + 0.45 * (1 - alpha))) for part in (red, green, blue)]
            draw.line((left, y, left + 18, y), tuple(colour))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            value = self.limit_percent * (2 * share - 1)
            height = bottom - 1 - share * (bottom - 1 - top)
            draw.text((left + 24, height), _signed_percent(value), _INK, font, anchor="lm")
        draw.text((left, top - 10), "expansion", _INK, font, anchor="ls")
        draw.text((left, bottom + 8), "contraction", _INK, font, anchor="la")


def make_capture(picture: Picture, months: float, target: Target, series: dict[str, Any]) -> Dataset:
    """Return a picture as a Secondary Capture of a study."""
    made = SCImage(
        pixel_array=picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        study_instance_uid=target.home.StudyInstanceUID,
        patient_orientation=("L", "P"),
        specific_character_set="ISO_IR 192",
        **series,
    )
    made.SeriesDescription = series_description(f"LongitudinalINR change, month {months:g}")
    made.ConversionType = "WSD"
    made.BurnedInAnnotation = "NO"  # the attribute asks whether the person can be told by what is burnt in
    made.SecondaryCaptureDeviceManufacturer = MAKER
    made.SourceImageSequence = target.sources()
    made.DerivationDescription = "Volume change in colour over the baseline scan. Research use only."
    return made


def _ends_mm(mask: Volume) -> tuple[float, float]:
    index = np.argwhere(mask.array.any(axis=2))
    levels = np.flatnonzero(mask.array.any(axis=(0, 1)))
    corners = [(*ij, k) for ij in (index.min(axis=0), index.max(axis=0)) for k in (levels[0], levels[-1])]
    heights = np.array(corners) @ mask.affine[2, :3] + mask.affine[2, 3]
    return float(heights.min()), float(heights.max())


def _signed_percent(value: float) -> str:
    return "0 %" if value == 0 else f"{value:+g} %"  # the font has no true minus
