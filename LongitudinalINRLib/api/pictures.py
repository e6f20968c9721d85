"""A result seen: an interactive view, a figure, and a small picture for its card."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from LongitudinalINRLib.analysis.figures.canvas import webp_uri
from LongitudinalINRLib.analysis.figures.change_maps import change_percent
from LongitudinalINRLib.analysis.figures.change_scale import change_limit_percent
from LongitudinalINRLib.analysis.figures.overlay import ChangeOverlay
from LongitudinalINRLib.analysis.figures.planes import centre_planes
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs.prediction import predict

if TYPE_CHECKING:
    from LongitudinalINRLib.jobs.results import Result

INTERACTIVE = "ipyniivue"
SMALLEST_SHOWN_PERCENT = 0.5


def view(result: Result, months: float) -> Any:
    """Return an interactive view of the change at a month where ipyniivue is installed, else a figure."""
    return interactive(result, months) if find_spec(INTERACTIVE) else figure(result, months)


def interactive(result: Result, months: float) -> Any:
    """Return the change in percent over the baseline, in slices and 3D that a mouse moves through."""
    from ipyniivue import NiiVue

    jacobian = predict(result, months, ["jacobian"])["jacobian"]
    everywhere = 100.0 * (jacobian.array.astype(np.float64) - 1.0)
    percent = np.where(result.mask.array, everywhere, 0.0)
    limit = change_limit_percent([np.where(result.mask.array, everywhere, np.nan)])
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


def figure(result: Result, months: float) -> Any:
    """Return a figure of the change on three slices through the brain's centre, over the baseline."""
    overlay, maps = _slices(result, months)
    overlay.draw(maps)
    return overlay.figure


def thumbnail_uri(result: Result) -> str | None:
    """Return a picture of the change at the last scan as the source of an HTML image; None without scans."""
    try:
        overlay, maps = _slices(result, max(result.model.observed_months))
    except InputError:  # the baseline scan is gone, or another lies in its place
        return None
    return webp_uri(overlay.draw(maps))


def _slices(result: Result, months: float) -> tuple[ChangeOverlay, Any]:
    planes = centre_planes(result.mask)
    baseline = result.scans.baseline
    (maps,) = change_percent(PointEvaluator(result.model), planes, result.mask, [months])
    limit = change_limit_percent(maps)
    return ChangeOverlay(baseline, result.mask, planes, columns=3, limit_percent=limit), maps
