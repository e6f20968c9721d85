"""What a radiologist checks first: both scans side by side, and their difference before and after the fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from LongitudinalINRLib.analysis.figures.planes import Plane, centre_planes, position_text, values_at
from LongitudinalINRLib.analysis.figures.sheets import Tile, in_grey, sheet
from LongitudinalINRLib.analysis.figures.window import gain_to, window
from LongitudinalINRLib.analysis.points import Points, Values, voxel_centres_mm
from LongitudinalINRLib.imaging.volume import Volume

WIDTH_PIXELS = 1160
RIM_MM = 4.0
"""Around the brain, where scans are drawn: the fit says nothing about what lies further, and no face is
shown."""

WARPED_MM = 3.0
"""Distance of the pixels of a slice whose displacement is asked; it is smooth, and interpolated between."""

MOST_COUNTED = 20_000
"""Voxels that a mean over a brain is taken from: more do not change the digits that are shown."""

Warp = Callable[[Points], Points]


@dataclass(frozen=True, eq=False)
class Comparison:
    """A follow-up against the baseline.

    Parameters
    ----------
    picture : Image
        Rows: axial, coronal, sagittal. Columns: baseline, aligned follow-up, differences before and after.
    difference_before_percent, difference_after_percent : float
        Mean absolute difference in the mask (`counted_voxels`), in percent of the range of grey levels shown.
    similarity_aligned, similarity_fitted : float
        Normalised cross-correlation with the baseline at the same voxels.
    """

    picture: Image.Image
    difference_before_percent: float
    difference_after_percent: float
    similarity_aligned: float
    similarity_fitted: float


class Comparer:
    """Compares follow-ups with one baseline.

    Parameters
    ----------
    baseline : Volume
        The first scan.
    mask : Volume
        Boolean, on its grid: brain that every follow-up shows too.
    """

    def __init__(self, baseline: Volume, mask: Volume):
        counted = counted_voxels(mask)
        self._baseline = baseline
        self._low, self._high = window(baseline, mask.array.astype(bool))
        self._points_mm = voxel_centres_mm(counted, mask.shape, mask.affine)
        self._values = baseline.array.ravel()[counted].astype(np.float64)
        self._planes = centre_planes(mask)
        self._around = [brain_and_rim(plane, mask) for plane in self._planes]

    def compare(self, scan: Volume, matrix: NDArray[np.float64], warp: Warp, title: str) -> Comparison:
        """Draw a follow-up beside its baseline.

        Parameters
        ----------
        scan : Volume
            The follow-up, on its own grid.
        matrix : ndarray, shape (4, 4)
            Its alignment, from baseline RAS mm to its own.
        warp : callable
            Where baseline points lie at its month, RAS mm, before the alignment.
        title : str
            Its name, for its column.
        """
        aligned = values_at(scan, _moved(self._points_mm, matrix))
        fitted = values_at(scan, _moved(warp(self._points_mm), matrix))
        gains = [gain_to(self._values, each) for each in (aligned, fitted)]
        before, after = (
            np.abs(gain * each - self._values) for gain, each in zip(gains, (aligned, fitted), strict=True)
        )
        span = float(np.percentile(before, 99.5)) or 1.0
        rows = [
            self._row(plane, around, scan, matrix, _smooth(warp, plane, around), gains, span)
            for plane, around in zip(self._planes, self._around, strict=True)
        ]
        titles = ("Baseline", f"{title}, aligned", "Difference before the fit", "Difference after the fit")
        grey_range = self._high - self._low
        return Comparison(
            sheet(rows, WIDTH_PIXELS, titles),
            100 * float(before.mean()) / grey_range,
            100 * float(after.mean()) / grey_range,
            _correlation(self._values, aligned),
            _correlation(self._values, fitted),
        )

    def _row(
        self,
        plane: Plane,
        around: NDArray[np.bool_],
        scan: Volume,
        matrix: NDArray[np.float64],
        warped_mm: Points,
        gains: list[float],
        span: float,
    ) -> list[Tile]:
        baseline = plane.sample(self._baseline)
        aligned, fitted = (
            gain * values_at(scan, _moved(points_mm, matrix))
            for gain, points_mm in zip(gains, (plane.points_mm, warped_mm), strict=True)
        )
        low, high = self._low, self._high
        shown = [
            *(in_grey(np.where(around, grey, low), low, high) for grey in (baseline, aligned)),
            *(in_grey(np.where(around, grey - baseline, 0.0), -span, span) for grey in (aligned, fitted)),
        ]
        corner = f"{plane.name}\n{position_text(plane)}"
        return [Tile(plane, colours, corner if n == 0 else "") for n, colours in enumerate(shown)]


def counted_voxels(mask: Volume) -> NDArray[np.intp]:
    """Return which voxels of a mask the numbers of a comparison come from: at most 20 000, evenly spread."""
    inside = np.flatnonzero(mask.array)
    return inside[:: -(-len(inside) // MOST_COUNTED) or 1]


def brain_and_rim(plane: Plane, mask: Volume) -> NDArray[np.bool_]:
    """Return which pixels of a slice show the brain, with a rim and without holes."""
    inside = plane.sample(mask, order="nearest") > 0.5
    rim = ndimage.binary_dilation(inside, iterations=max(1, round(RIM_MM / plane.spacing_mm)))
    return np.asarray(ndimage.binary_fill_holes(rim))


def _smooth(warp: Warp, plane: Plane, around: NDArray[np.bool_]) -> Points:
    """Return where the pixels of a slice lie, shape (H, W, 3), from every few of them."""
    step = max(1, round(WARPED_MM / plane.spacing_mm))
    wanted = ndimage.binary_dilation(around, iterations=step)[::step, ::step]
    some_mm = plane.points_mm[::step, ::step]
    shift_mm = np.zeros(some_mm.shape)
    shift_mm[wanted] = warp(some_mm[wanted]) - some_mm[wanted]
    place = np.indices(around.shape) / step
    between = [ndimage.map_coordinates(shift_mm[..., n], place, order=1, mode="nearest") for n in range(3)]
    return np.asarray(plane.points_mm + np.stack(between, -1))


def _moved(points_mm: Points, matrix: NDArray[np.float64]) -> Points:
    return np.asarray(points_mm @ matrix[:3, :3].T + matrix[:3, 3])


def _correlation(one: Values, other: Values) -> float:
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / norm if norm > 0 else 0.0
