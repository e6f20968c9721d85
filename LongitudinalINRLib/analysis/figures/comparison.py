"""What a radiologist checks first: both scans side by side, and their difference before and after the fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.analysis.figures.canvas import (
    FOREGROUND,
    dark_figure,
    position_text,
    show_slice,
    write,
)
from LongitudinalINRLib.analysis.figures.planes import Plane, centre_planes
from LongitudinalINRLib.analysis.figures.window import matched, window
from LongitudinalINRLib.imaging.volume import Volume

FIGURE_INCHES = 11.0
TITLE_INCHES = 0.3
RIM_MM = 4.0
"""Around the brain, where differences are drawn."""

MOST_COUNTED = 100_000
"""Voxels that a mean over a brain is taken from: more do not change the digits that are shown."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A follow-up against the baseline.

    Parameters
    ----------
    figure : Figure
        Rows: axial, coronal, sagittal. Columns: baseline, aligned follow-up, differences before and after.
    difference_before_percent, difference_after_percent : float
        Mean absolute difference in the mask (`counted_voxels`), in percent of the range of grey levels shown.
    """

    figure: Figure
    difference_before_percent: float
    difference_after_percent: float


def compare(baseline: Volume, aligned: Volume, warped: Volume, mask: Volume, title: str) -> Comparison:
    """Draw a follow-up beside its baseline.

    Parameters
    ----------
    baseline, aligned, warped : Volume
        Baseline, and the follow-up on its grid: by the alignment alone, and by alignment and fit.
    mask : Volume
        Boolean: brain that the follow-up shows too.
    title : str
        Name of the follow-up, for its column.
    """
    inside = counted_voxels(mask)
    low, high = window(baseline, inside)
    follow_ups = [matched(scan, baseline, inside) for scan in (aligned, warped)]
    before, after = (_difference(scan, baseline) for scan in follow_ups)
    span = float(np.percentile(np.abs(before.array[inside]), 99.5)) or 1.0
    columns = [
        _Column("Baseline", baseline, low, high),
        _Column(f"{title}, aligned", follow_ups[0], low, high),
        _Column("Difference before the fit", before, -span, span),
        _Column("Difference after the fit", after, -span, span),
    ]
    figure = _draw(columns, centre_planes(mask), mask)
    shares = (100 * float(np.abs(volume.array[inside]).mean()) / (high - low) for volume in (before, after))
    return Comparison(figure, *shares)


def counted_voxels(mask: Volume) -> NDArray[np.bool_]:
    """Return which voxels of a mask the numbers of a comparison come from: at most 100 000, evenly spread."""
    inside = np.flatnonzero(mask.array)
    counted = np.zeros(mask.array.size, np.bool_)
    counted[inside[:: -(-len(inside) // MOST_COUNTED) or 1]] = True
    return counted.reshape(mask.shape)


def compared_voxels(mask: Volume) -> NDArray[np.bool_]:
    """Return which voxels of a warped follow-up `compare` looks at: those counted, and those on its slices.

    Parameters
    ----------
    mask : Volume
        Boolean, as for `compare`.
    """
    on_slices = np.zeros(mask.shape, np.bool_)
    to_voxel = np.linalg.inv(mask.affine)
    for plane in centre_planes(mask):
        around = _brain_and_rim(plane, mask)
        index = np.rint(plane.points_mm[around] @ to_voxel[:3, :3].T + to_voxel[:3, 3]).astype(np.intp)
        within = ((index >= 0) & (index < mask.shape)).all(axis=-1)
        on_slices[tuple(index[within].T)] = True
    # Those beside the slices too: values are interpolated.
    return np.asarray(counted_voxels(mask) | ndimage.maximum_filter(on_slices, 3))


@dataclass(frozen=True, eq=False)
class _Column:
    title: str
    volume: Volume
    low: float
    high: float

    @property
    def is_difference(self) -> bool:
        return self.low == -self.high


def _difference(scan: Volume, baseline: Volume) -> Volume:
    return scan.with_array(np.subtract(scan.array, baseline.array, dtype=np.float32))


def _draw(columns: list[_Column], planes: tuple[Plane, ...], mask: Volume) -> Figure:
    widths_mm, heights_mm = zip(*(plane.size_mm for plane in planes), strict=True)
    figure = dark_figure(FIGURE_INCHES, TITLE_INCHES + sum(heights_mm) * FIGURE_INCHES / 4 / max(widths_mm))
    grid = figure.add_gridspec(
        len(planes),
        len(columns),
        height_ratios=heights_mm,
        left=0,
        right=1,
        bottom=0,
        top=1 - TITLE_INCHES / figure.get_figheight(),
        wspace=0.02,
        hspace=0.02,
    )
    for row, plane in enumerate(planes):
        around = _brain_and_rim(plane, mask)
        for number, column in enumerate(columns):
            axes = figure.add_subplot(grid[row, number])
            grey = plane.sample(column.volume)
            show_slice(
                axes,
                plane,
                np.where(around, grey, 0) if column.is_difference else grey,
                column.low,
                column.high,
            )
            if number == 0:
                write(axes, 0.02, 0.98, f"{plane.name}\n{position_text(plane)}")
            if row == 0:
                axes.set_title(column.title, color=FOREGROUND, fontsize=10)
    return figure


def _brain_and_rim(plane: Plane, mask: Volume) -> NDArray[np.bool_]:
    """Return where differences are drawn: the fit says nothing about what lies further from the brain."""
    inside = plane.sample(mask, order="nearest") > 0.5
    rim = ndimage.binary_dilation(inside, iterations=round(RIM_MM / plane.spacing_mm))
    return np.asarray(ndimage.binary_fill_holes(rim))
