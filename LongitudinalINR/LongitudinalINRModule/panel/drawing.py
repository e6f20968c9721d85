"""Small pictures in labels, in the colours of the panel."""

from __future__ import annotations

from collections.abc import Callable

import qt


def draw(label: qt.QLabel, paint: Callable[[qt.QPainter, int, int], None], height: int) -> None:
    """Paint a picture as wide as a label, and show it there.

    Parameters
    ----------
    label : qt.QLabel
        Its palette gives the background.
    paint : callable
        Takes the painter, the width and the height.
    height : int
        Pixels.
    """
    width = max(label.width, 120)
    picture = qt.QPixmap(width, height)
    picture.fill(label.palette.color(qt.QPalette.Window))
    painter = qt.QPainter()
    painter.begin(picture)
    try:
        painter.setRenderHint(qt.QPainter.Antialiasing)
        paint(painter, width, height)
    finally:
        painter.end()
    label.setPixmap(picture)


class RedrawOnResize(qt.QObject):
    """Draws a label's picture again when its width has changed.

    Parameters
    ----------
    label : qt.QLabel
        Watched while this object lives.
    redraw : callable
        Draws the picture.
    """

    def __init__(self, label: qt.QLabel, redraw: Callable[[], None]):
        qt.QObject.__init__(self)
        self._label = label
        self._redraw = redraw
        self._width = -1
        label.setSizePolicy(qt.QSizePolicy.Ignored, qt.QSizePolicy.Fixed)
        label.installEventFilter(self)

    def eventFilter(self, _watched: qt.QObject, event: qt.QEvent) -> bool:
        """Redraw after the label got another width."""
        if event.type() == qt.QEvent.Resize and self._label.width != self._width:
            self._width = self._label.width
            self._redraw()
        return False

    def close(self) -> None:
        """Watch no more."""
        self._label.removeEventFilter(self)
