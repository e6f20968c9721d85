"""What lies below the time slider: marks at the scans, and the stretch that no scan has seen."""

from __future__ import annotations

from collections.abc import Sequence

import qt

from LongitudinalINRModule.panel.drawing import RedrawOnResize, draw

HEIGHT = 34
# Half the width of the slider's handle: its middle stands this far from the ends at the extremes.
_MARGIN = 9
_MARK = 5
_BAR_TOP, _BAR_HEIGHT = 2, 8


class TimeRuler:
    """Draws the months into a label as wide as the slider.

    Parameters
    ----------
    label : qt.QLabel
        Below the slider.
    """

    def __init__(self, label: qt.QLabel):
        self._label = label
        self._observed: tuple[float, ...] = ()
        self._last = 1.0
        self._resizing = RedrawOnResize(label, self._draw)

    def show(self, observed_months: Sequence[float], last_month: float) -> None:
        """Mark these scans on a slider from 0 to the last month."""
        self._observed, self._last = tuple(observed_months), last_month
        self._draw()

    def close(self) -> None:
        """Let the label go."""
        self._resizing.close()

    def place(self, month: float, width: int) -> int:
        """Return where a month lies on a ruler of a width, in pixels."""
        return round(_MARGIN + (width - 2 * _MARGIN) * month / self._last)

    def _draw(self) -> None:
        if self._observed:
            draw(self._label, self._paint, HEIGHT)

    def _paint(self, painter: qt.QPainter, width: int, _height: int) -> None:
        palette = self._label.palette
        ink, accent = palette.color(qt.QPalette.WindowText), palette.color(qt.QPalette.Highlight)
        seen, end = self.place(self._observed[-1], width), self.place(self._last, width)
        painter.fillRect(qt.QRect(_MARGIN, _BAR_TOP, seen - _MARGIN, _BAR_HEIGHT), qt.QBrush(accent))
        if end > seen:
            orange = qt.QColor(235, 140, 0)
            beyond = qt.QRect(seen, _BAR_TOP, end - seen, _BAR_HEIGHT)
            painter.fillRect(beyond, qt.QBrush(orange, qt.Qt.BDiagPattern))
            painter.setPen(orange)
            painter.drawRect(beyond)
        self._marks(painter, ink, width)

    def _marks(self, painter: qt.QPainter, ink: qt.QColor, width: int) -> None:
        painter.setPen(ink)
        top = _BAR_TOP + _BAR_HEIGHT
        free_from = -1
        beyond = [self._last] if self._last > self._observed[-1] else []
        for month in [*self._observed, *beyond]:
            x = self.place(month, width)
            if month not in beyond:
                corners = [
                    qt.QPoint(x, top),
                    qt.QPoint(x - _MARK, top + 2 * _MARK - 2),
                    qt.QPoint(x + _MARK, top + 2 * _MARK - 2),
                ]
                painter.setBrush(qt.QBrush(ink))
                painter.drawPolygon(qt.QPolygon(corners))
            text = f"{month:.4g}"
            half = painter.fontMetrics().boundingRect(text).width() // 2 + 2
            left = min(max(x - half, 0), width - 2 * half)
            if left > free_from:
                where = qt.QRect(left, top + 2 * _MARK - 3, 2 * half, 16)
                painter.drawText(where, qt.Qt.AlignCenter, text)
                free_from = left + 2 * half
