"""The loss terms of a running fit over its steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import qt

from LongitudinalINRModule.panel.drawing import RedrawOnResize, draw

HEIGHT = 130
_MOST_POINTS = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 20, 16
_SMALLEST = 1e-8
_COLOURS = {
    "total": (90, 90, 90),
    "similarity": (31, 119, 180),
    "identity": (148, 103, 189),
    "spatial": (44, 160, 44),
    "temporal": (255, 127, 14),
    "monotonic": (214, 39, 40),
}
_OTHER = (127, 127, 127)


class LossPlot:
    """Draws curves into a label; values that are not positive are left out of the logarithmic axis.

    The similarity can be negative: it is drawn as its distance from its smallest value so far.

    Parameters
    ----------
    label : qt.QLabel
        Gets the picture.
    """

    def __init__(self, label: qt.QLabel):
        self._label = label
        self._history: list[tuple[int, dict[str, float]]] = []
        self._resizing = RedrawOnResize(label, self._draw)

    def show(self, history: list[tuple[int, dict[str, float]]]) -> None:
        """Draw the terms as they are now, thinned to what can be seen."""
        stride = max(1, len(history) // _MOST_POINTS)
        self._history = history[::stride]
        self._draw()

    def close(self) -> None:
        """Let the label go."""
        self._resizing.close()

    def curves(self) -> dict[str, list[tuple[int, float]]]:
        """Return what is drawn: step and value of each term."""
        names = list(dict.fromkeys(name for _, losses in self._history for name in losses))
        return {name: self._curve(name) for name in names}

    def _curve(self, name: str) -> list[tuple[int, float]]:
        points = [(step, losses[name]) for step, losses in self._history if name in losses]
        smallest = min(value for _, value in points)
        offset = smallest if smallest < 0 else 0.0
        return [(step, value - offset) for step, value in points if value - offset > _SMALLEST]

    def _draw(self) -> None:
        if any(len(points) > 1 for points in self.curves().values()):
            draw(self._label, self._paint, HEIGHT)
        else:
            self._label.text = "Curves come with a fit."

    def _paint(self, painter: qt.QPainter, width: int, height: int) -> None:
        curves = {name: points for name, points in self.curves().items() if len(points) > 1}
        ink = self._label.palette.color(qt.QPalette.WindowText)
        painter.setPen(ink)
        values = [math.log10(value) for points in curves.values() for _, value in points]
        low, high = math.floor(min(values)), math.ceil(max(values))
        last = max(points[-1][0] for points in curves.values())
        area = (_LEFT, _TOP, width - _LEFT - _RIGHT, height - _TOP - _BOTTOM)
        self._axes(painter, ink, area, (low, max(high, low + 1)), last)
        x = _LEFT
        for name, points in curves.items():
            painter.setPen(qt.QPen(qt.QColor(*_COLOURS.get(name, _OTHER)), 1.5))
            self._line(painter, area, (low, max(high, low + 1)), last, points)
            painter.drawText(x, 13, name)
            x += painter.fontMetrics().boundingRect(name).width() + 12

    def _axes(
        self,
        painter: qt.QPainter,
        ink: qt.QColor,
        area: tuple[int, int, int, int],
        decades: tuple[int, int],
        last: int,
    ) -> None:
        left, top, width, height = area
        low, high = decades
        painter.setPen(qt.QColor(160, 160, 160))
        painter.drawRect(left, top, width, height)
        stride = max(1, (high - low) // 3)
        for decade in range(low, high + 1, stride):
            y = round(top + height * (high - decade) / (high - low))
            painter.setPen(qt.QColor(160, 160, 160))
            painter.drawLine(left - 3, y, left, y)
            painter.setPen(ink)
            where = qt.QRect(0, y - 8, left - 6, 16)
            painter.drawText(where, qt.Qt.AlignRight | qt.Qt.AlignVCenter, f"{10.0**decade:g}")
        where = qt.QRect(left, top + height + 1, width, _BOTTOM)
        painter.drawText(where, qt.Qt.AlignRight, f"step {last}")

    def _line(
        self,
        painter: qt.QPainter,
        area: tuple[int, int, int, int],
        decades: tuple[int, int],
        last: int,
        points: Sequence[tuple[int, float]],
    ) -> None:
        left, top, width, height = area
        low, high = decades
        corners = [
            qt.QPointF(
                left + width * step / max(last, 1),
                top + height * (high - math.log10(value)) / (high - low),
            )
            for step, value in points
        ]
        for one, other in pairwise(corners):
            painter.drawLine(one, other)
