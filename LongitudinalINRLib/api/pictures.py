"""A result seen: an interactive view, or a picture, which its card shows too."""

from __future__ import annotations

import base64
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from LongitudinalINRLib.analysis.figures.change_tiles import change_limit_percent, change_tiles
from LongitudinalINRLib.analysis.figures.planes import centre_planes
from LongitudinalINRLib.analysis.figures.sheets import jpeg, sheet
from LongitudinalINRLib.analysis.map_frames import map_frames
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs.prediction import predict

if TYPE_CHECKING:
    from LongitudinalINRLib.jobs.results import Result

INTERACTIVE = "ipyniivue"
SMALLEST_SHOWN_PERCENT = 0.5
PICTURE_PIXELS = 900


def view(result: Result, months: float) -> Any:
    """Return an interactive view of the change at a month where ipyniivue is installed, else a picture."""
    return interactive(result, months) if find_spec(INTERACTIVE) else picture(result, months)


def interactive(result: Result, months: float) -> Any:
    """Return the change in percent over the baseline, in slices and 3D that a mouse moves through."""
    from ipyniivue import NiiVue

    jacobian = predict(result, months, ["jacobian"])["jacobian"]
    everywhere = 100.0 * (jacobian.array.astype(np.float64) - 1.0)
    percent = np.where(result.mask.array, everywhere, 0.0)
    limit = change_limit_percent(jacobian.array[result.mask.array.astype(bool)])
    shown = NiiVue()
    with TemporaryDirectory() as folder:  # the view keeps the files' content
        baseline, change = Path(folder, "baseline.nii.gz"), Path(folder, "change_percent.nii.gz")
        write_volume(result.scans.baseline, baseline)
        write_volume(jacobian.with_array(percent), change)
        shown.load_volumes(
            [
                {"path": baseline, "colormap": "gray"},
                {
                    "path": change,
                    "colormap": "warm",
                    "colormap_negative": "winter",
                    "cal_min": SMALLEST_SHOWN_PERCENT,
                    "cal_max": limit,
                    "opacity": 0.7,
                },
            ]
        )
    return shown


def picture(result: Result, months: float) -> Image.Image:
    """Draw the change on three slices through the brain's centre; what lies within its interval fades out."""
    frames = map_frames(
        result.model,
        result.mask,
        (0.0, months),
        residual=result.residual,
        scanner=result.scanner_error,
    )
    inside = frames.mask.array.astype(bool)
    limit = change_limit_percent(frames.jacobian[frames.at(months)][inside])
    planes = centre_planes(result.mask)
    tiles = change_tiles(planes, result.scans.baseline, result.mask, frames, months, limit)
    return sheet([tiles], PICTURE_PIXELS)


def picture_uri(result: Result) -> str | None:
    """Return the picture of the last scan as the source of an HTML image; None without scans."""
    try:
        drawn = picture(result, max(result.model.observed_months))
    except InputError:  # the baseline scan is gone, or another lies in its place
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg(drawn)).decode('ascii')}"
