"""Volume change over anatomy: frames for the time slider, and an overview of many slices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.analysis.figures.canvas import (
    FOREGROUND,
    Pixels,
    dark_figure,
    pixels,
    position_text,
    show_slice,
    write,
)
from LongitudinalINRLib.analysis.figures.change_scale import CHANGE_COLOURS
from LongitudinalINRLib.analysis.figures.planes import Plane
from LongitudinalINRLib.analysis.figures.window import window
from LongitudinalINRLib.imaging.volume import Volume

BAR_INCHES = 0.95
OUTLINE = "#f2c14e"
BRIDGED_MM = 6.0


class ChangeOverlay:
    """Slices of the baseline with a change map on top that can be exchanged.

    Parameters
    ----------
    baseline, mask : Volume
        Anatomy, and the boolean mask that sets its window.
    planes : sequence of Plane
        The slices, left to right and then down.
    columns : int
        Slices side by side.
    limit_percent : float
        Ends of the colour scale.
    """

    def __init__(
        self, baseline: Volume, mask: Volume, planes: Sequence[Plane], *, columns: int, limit_percent: float
    ):
        self._limit = limit_percent
        self._planes = planes
        low, high = window(baseline, mask.array.astype(bool))
        self.figure, self._cells = _cells(planes, columns)
        self._overlays = []
        one_kind = len({plane.name for plane in planes}) == 1
        for plane, axes in zip(planes, self._cells, strict=True):
            show_slice(axes, plane, plane.sample(baseline), low, high)
            write(
                axes,
                0.02,
                0.98,
                position_text(plane) if one_kind else f"{plane.name}\n{position_text(plane)}",
            )
            self._overlays.append(self._empty_overlay(axes, plane))
        self._add_colour_bar()

    def draw(self, maps_percent: Sequence[NDArray[np.float64]]) -> Pixels:
        """Return the picture with change maps (one per slice, NaN outside the mask) on the anatomy."""
        for overlay, values in zip(self._overlays, maps_percent, strict=True):
            overlay.set_data(values)
        return pixels(self.figure)

    def frames(self, maps_percent: Iterable[Sequence[NDArray[np.float64]]]) -> Iterator[Pixels]:
        """Yield the pictures that `draw` returns, one after the other; what stays is drawn once."""
        canvas: Any = self.figure.canvas
        changing = [*self._overlays, *(text for axes in self._cells for text in axes.texts)]
        for artist in changing:
            artist.set_animated(True)
        canvas.draw()
        still = canvas.copy_from_bbox(self.figure.bbox)
        for maps in maps_percent:
            canvas.restore_region(still)
            for overlay, values in zip(self._overlays, maps, strict=True):
                overlay.set_data(values)
            for artist in changing:
                self.figure.draw_artist(artist)
            yield np.array(canvas.buffer_rgba())
        for artist in changing:
            artist.set_animated(False)

    def outline(self, mask: Volume) -> None:
        """Draw a thin line around a boolean mask, so that people can see whether it holds the brain.

        Gaps narrower than 6 mm are bridged: a mask that follows every sulcus would hide the map.
        """
        for plane, axes in zip(self._planes, self._cells, strict=True):
            inside = plane.sample(mask, order="nearest") > 0.5
            steps = round(BRIDGED_MM / 2 / plane.spacing_mm)
            closed = ndimage.binary_closing(np.pad(inside, steps), iterations=steps)[
                steps:-steps, steps:-steps
            ]
            envelope = ndimage.gaussian_filter(ndimage.binary_fill_holes(closed).astype(np.float64), 1.0)
            if envelope.max() > 0.5:
                extent = (0, plane.size_mm[0], 0, plane.size_mm[1])
                axes.contour(envelope, [0.5], colors=OUTLINE, linewidths=0.6, extent=extent, origin="upper")

    def _empty_overlay(self, axes: Axes, plane: Plane) -> Any:
        return axes.imshow(
            np.full(plane.points_mm.shape[:2], np.nan),
            cmap=CHANGE_COLOURS,
            vmin=-self._limit,
            vmax=self._limit,
            extent=(0, plane.size_mm[0], 0, plane.size_mm[1]),
        )

    def _add_colour_bar(self) -> None:
        width, _ = self.figure.get_size_inches()
        axes = self.figure.add_axes(
            (1 - (BAR_INCHES - 0.12) / width, 0.16, 0.14 / width, 0.68), facecolor="#777777"
        )
        colours = ScalarMappable(Normalize(-self._limit, self._limit), CHANGE_COLOURS)
        bar = self.figure.colorbar(colours, cax=axes, ticks=np.linspace(-self._limit, self._limit, 5))
        bar.ax.set_yticklabels([signed_percent(tick) for tick in bar.get_ticks()])
        bar.ax.tick_params(colors=FOREGROUND, labelsize=8)
        bar.outline.set_edgecolor("#777777")
        for y, word, va in ((1.03, "expansion", "bottom"), (-0.03, "contraction", "top")):
            axes.text(0, y, word, color=FOREGROUND, fontsize=8, va=va, transform=axes.transAxes)


def signed_percent(value: float) -> str:
    """Return a percentage with its sign, zero without one."""
    return "0 %" if value == 0 else f"{value:+g} %".replace("-", "−")


def _cells(planes: Sequence[Plane], columns: int) -> tuple[Figure, list[Axes]]:
    """Return a figure with one set of axes per slice, as wide as the slices are in mm."""
    rows = -(-len(planes) // columns)
    widths_mm = [plane.size_mm[0] for plane in planes[:columns]]
    height_mm = max(plane.size_mm[1] for plane in planes)
    width_inches = 11.0
    inches_per_mm = (width_inches - BAR_INCHES) / sum(widths_mm)
    figure = dark_figure(width_inches, rows * height_mm * inches_per_mm)
    grid = figure.add_gridspec(
        rows,
        columns,
        width_ratios=widths_mm,
        left=0,
        right=1 - BAR_INCHES / width_inches,
        bottom=0,
        top=1,
        wspace=0,
        hspace=0,
    )
    return figure, [figure.add_subplot(grid[n // columns, n % columns]) for n in range(len(planes))]
