"""A result seen: an interactive view, or a picture, which its card shows too."""

from __future__ import annotations

import base64
import gzip
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from LongitudinalINRLib.analysis.figures.change_tiles import change_limit_percent, change_tiles
from LongitudinalINRLib.analysis.figures.planes import centre_planes
from LongitudinalINRLib.analysis.figures.sheets import jpeg, sheet
from LongitudinalINRLib.analysis.figures.window import window
from LongitudinalINRLib.analysis.map_frames import map_frames, measured_part
from LongitudinalINRLib.analysis.wording import month_text
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import as_nifti
from LongitudinalINRLib.jobs.prediction import predict
from LongitudinalINRLib.words import MapName

if TYPE_CHECKING:
    from LongitudinalINRLib.jobs.results import Result

INTERACTIVE = "ipyniivue"
SMALLEST_SHOWN_PERCENT = 0.5
PICTURE_PIXELS = 900
COMPRESSION = 6

EXPANSION, CONTRACTION = "afni_reds_inv", "afni_blues_inv"
"""NiiVue's own: from yellow to red, from cyan to blue, so that what is stronger is deeper."""

OPACITY = 0.6
"""The anatomy stays to be seen."""


def view(result: Result, months: float) -> Any:
    """Return an interactive view of the change at a month where ipyniivue is installed, else a picture."""
    return interactive(result, months) if find_spec(INTERACTIVE) else picture(result, months)


def interactive(result: Result, months: float) -> Any:
    """Return the change in percent over the baseline's brain, in slices and 3D that a mouse moves through.

    Outside the brain there is nothing, a face neither. The change is 0, which is not drawn, where it lies
    within its 90 % interval, unless that is not known. The month and its kind stand above.

    Returns
    -------
    ipywidgets.VBox
        The words, and the ``ipyniivue.NiiVue``.
    """
    from ipyniivue import NiiVue
    from ipywidgets import HTML, VBox

    inside = result.mask.array.astype(bool)
    low, high = window(result.scans.baseline, inside)
    brain = result.scans.baseline.with_array(np.where(inside, result.scans.baseline.array, low))
    measured = measured_part(result.mask, result.valid).array.astype(bool)
    change, limit = _change(result, months, measured)
    shown = NiiVue()
    shown.load_volumes(
        [
            {
                "name": "baseline.nii.gz",
                "data": _packed(brain),
                "colormap": "gray",
                "cal_min": low,
                "cal_max": high,
            },
            {
                "name": "change_percent.nii.gz",
                "data": _packed(change),
                "colormap": EXPANSION,
                "colormap_negative": CONTRACTION,
                "cal_min": SMALLEST_SHOWN_PERCENT,
                "cal_max": limit,
                "opacity": OPACITY,
            },
        ]
    )
    return VBox([HTML(_caption(result, months, limit)), shown])


def picture(result: Result, months: float) -> Image.Image:
    """Draw the change on three slices through the brain's centre; what lies within its interval fades out."""
    frames = map_frames(
        result.model,
        measured_part(result.mask, result.valid),
        tuple(sorted({0.0, months})),
        residual=result.residual,
        scanner=result.scanner_error,
    )
    inside = frames.mask.array.astype(bool)
    limit = change_limit_percent(frames.jacobian[frames.at(months)][inside])
    planes = centre_planes(result.mask)
    tiles = change_tiles(planes, result.scans.baseline, result.mask, frames, months, limit)
    return sheet([tiles], PICTURE_PIXELS, ("", _caption(result, months, limit), ""))


def _change(result: Result, months: float, measured: NDArray[np.bool_]) -> tuple[Volume, float]:
    """Return the change in percent, 0 where not measured or within its interval, and the end of the scale."""
    known: list[MapName] = ["log-jacobian"] if result.residual is None else ["log-jacobian", "interval"]
    maps = predict(result, months, ["jacobian", *known])
    jacobian = maps["jacobian"].array.astype(np.float32)
    drawn = measured
    if "interval" in maps:
        drawn = measured & (np.abs(maps["log-jacobian"].array) > maps["interval"].array)
    percent = np.where(drawn, 100.0 * (jacobian - 1.0), 0.0).astype(np.float32)
    return maps["jacobian"].with_array(percent), change_limit_percent(jacobian[measured])


def _caption(result: Result, months: float, limit_percent: float) -> str:
    """Say which month is seen, whether it was measured, and how far the colours go."""
    return (
        f"Volume change at {month_text(months)} ({result.model.kind(months)}): deepest blue "
        f"{limit_percent:g} % smaller, deepest red {limit_percent:g} % larger, and beyond"
    )


def _packed(volume: Volume) -> bytes:
    """Return a volume as a NIfTI file, compressed; the view keeps it for when a notebook is opened again."""
    return gzip.compress(as_nifti(volume).to_bytes(), COMPRESSION)


def picture_uri(result: Result) -> str | None:
    """Return the picture of the last scan as the source of an HTML image; None without scans."""
    try:
        drawn = picture(result, max(result.model.observed_months))
    except InputError:  # the baseline scan is gone, or another lies in its place
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg(drawn)).decode('ascii')}"
