"""Draw the curves of plot series: plain, but true to the nodes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


@dataclass(frozen=True)
class Curve:
    """A name, a colour, points, and whether they are joined by a line and marked."""

    name: str
    color: QColor
    points: list[tuple[float, float]]
    line: bool
    marked: bool


def curves_of(series: Any) -> list[Curve]:
    """Return the curve of a series node; none where its table has no such column."""
    table = series.GetTableNode().GetTable() if series.GetTableNode() is not None else None
    y = table.GetColumnByName(series.GetYColumnName() or "") if table is not None else None
    if y is None:
        return []
    x = table.GetColumnByName(series.GetXColumnName() or "")
    rows = range(table.GetNumberOfRows())
    points = [(x.GetTuple1(row) if x is not None else float(row), y.GetTuple1(row)) for row in rows]
    finite = [point for point in points if all(map(math.isfinite, point))]
    line = series.GetLineStyle() != series.LineStyleNone
    marked = series.GetMarkerStyle() != series.MarkerStyleNone
    return [Curve(series.GetName() or "", QColor.fromRgbF(*series.GetColor()), finite, line, marked)]


def draw_curves(painter: QPainter, area: QRectF, curves: list[Curve]) -> None:
    """Draw curves with the ends and middle of both axes labelled."""
    painter.setPen(QColor(120, 120, 120))
    painter.drawRect(area)
    xs, ys = ([point[axis] for each in curves for point in each.points] for axis in (0, 1))
    if not xs:
        return
    low_x, low_y = min(xs), min(ys)
    span_x, span_y = max(max(xs) - low_x, 1e-12), max(max(ys) - low_y, 1e-12)
    for share in (0.0, 0.5, 1.0):
        where = QRectF(area.left() - 30 + share * area.width(), area.bottom() + 2, 60, 16)
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, f"{low_x + share * span_x:.4g}")
        where = QRectF(2, area.bottom() - 8 - share * area.height(), 50, 16)
        painter.drawText(where, Qt.AlignmentFlag.AlignRight, f"{low_y + share * span_y:.3g}")
    for row, curve in enumerate(curves):
        places = [
            QPointF(
                area.left() + (x - low_x) / span_x * area.width(),
                area.bottom() - (y - low_y) / span_y * area.height(),
            )
            for x, y in curve.points
        ]
        painter.setPen(QPen(curve.color, 2))
        if curve.line:
            painter.drawPolyline(places)
        if curve.marked:
            for place in places:
                painter.drawEllipse(place, 3, 3)
        painter.drawText(QPointF(area.left() + 6, area.top() + 14 + 14 * row), curve.name)
