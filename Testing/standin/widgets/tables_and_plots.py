"""Views of table nodes and plot nodes."""

from __future__ import annotations

from typing import Any

import slicer
import vtk
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from standin.signals import emit
from standin.widgets.builder import plays, stored
from standin.widgets.scene import MRMLWidget, Observations


@plays("qMRMLTableView")
class TableView(QTableView):
    """A table node's cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Any = None
        self.node: Any = None
        self.observations = Observations(self)
        self.cells = QStandardItemModel(self)
        self.setModel(self.cells)

    def mrmlScene(self) -> Any:
        return self.scene

    def setMRMLScene(self, scene: Any) -> None:
        self.scene = scene
        emit(self, "mrmlSceneChanged(vtkMRMLScene*)", scene)

    def mrmlTableNode(self) -> Any:
        return self.node

    def setMRMLTableNode(self, node: Any) -> None:
        self.observations.clear()
        self.node = node
        if node is not None:
            self.observations.add(node, "ModifiedEvent", self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the cells as they are now."""
        self.cells.clear()
        table = self.node.GetTable() if self.node is not None else None
        if table is None:
            return
        columns, rows = table.GetNumberOfColumns(), table.GetNumberOfRows()
        names = [table.GetColumnName(column) or "" for column in range(columns)]
        self.cells.setRowCount(rows)
        self.cells.setColumnCount(columns)
        self.cells.setHorizontalHeaderLabels(names)
        for row in range(rows):
            for column in range(columns):
                self.cells.setItem(row, column, QStandardItem(table.GetValue(row, column).ToString()))

    def tableModel(self) -> QStandardItemModel:
        return self.cells

    def write_transposed(self, transposed: bool) -> None:
        stored(self)["transposed"] = transposed


@plays("qMRMLPlotView")
class PlotView(QWidget):
    """A chart: axes, lines and their names, plain but true to the nodes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Any = None
        self.view_node: Any = None
        self.observations = Observations(self)
        self.setMinimumSize(160, 120)

    def setMRMLScene(self, scene: Any) -> None:
        self.scene = scene
        emit(self, "mrmlSceneChanged(vtkMRMLScene*)", scene)

    def setMRMLPlotViewNode(self, node: Any) -> None:
        self.observations.clear()
        self.view_node = node
        if node is not None:
            self.observations.add(node, "ModifiedEvent", self.update)
            chart = node.GetPlotChartNode()
            if chart is not None:
                self.observations.add(chart, "ModifiedEvent", self.update)
        self.update()

    def read_title(self) -> str:
        chart = self.view_node.GetPlotChartNode() if self.view_node is not None else None
        return (chart.GetTitle() or "") if chart is not None else ""

    def fitToContent(self) -> None:
        self.update()

    def curves(self) -> list[tuple[str, QColor, list[tuple[float, float]]]]:
        """Return the name, colour and points of each series that the chart shows."""
        chart = self.view_node.GetPlotChartNode() if self.view_node is not None else None
        if chart is None:
            return []
        names = vtk.vtkStringArray()
        chart.GetPlotSeriesNodeIDs(names)
        found = []
        for index in range(names.GetNumberOfValues()):
            series = slicer.mrmlScene.GetNodeByID(names.GetValue(index))
            table = series.GetTableNode().GetTable() if series is not None and series.GetTableNode() else None
            if table is None or table.GetColumnByName(series.GetYColumnName()) is None:
                continue
            values = [
                table.GetColumnByName(name) for name in (series.GetXColumnName(), series.GetYColumnName())
            ]
            points = [
                (values[0].GetTuple1(row) if values[0] else float(row), values[1].GetTuple1(row))
                for row in range(table.GetNumberOfRows())
            ]
            found.append((series.GetName(), QColor.fromRgbF(*series.GetColor()), points))
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        area = QRectF(56, 24, self.width() - 72, self.height() - 60)
        painter.drawText(QRectF(0, 2, self.width(), 20), Qt.AlignmentFlag.AlignCenter, self.property("title"))
        curves = self.curves()
        xs, ys = ([point[axis] for _, _, points in curves for point in points] for axis in (0, 1))
        painter.setPen(QColor(120, 120, 120))
        painter.drawRect(area)
        if not xs:
            return
        low_x, low_y = min(xs), min(ys)
        span_x, span_y = max(max(xs) - low_x, 1e-12), max(max(ys) - low_y, 1e-12)
        for share in (0.0, 0.5, 1.0):
            where = QRectF(area.left() - 30 + share * area.width(), area.bottom() + 2, 60, 16)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, f"{low_x + share * span_x:.4g}")
            where = QRectF(2, area.bottom() - 8 - share * area.height(), 50, 16)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight, f"{low_y + share * span_y:.3g}")
        for row, (name, color, points) in enumerate(curves):
            painter.setPen(QPen(color, 2))
            painter.drawPolyline(
                [
                    QPointF(
                        area.left() + (x - low_x) / span_x * area.width(),
                        area.bottom() - (y - low_y) / span_y * area.height(),
                    )
                    for x, y in points
                ]
            )
            painter.drawText(QPointF(area.left() + 6, area.top() + 14 + 14 * row), name)


@plays("qMRMLPlotWidget")
class PlotWidget(MRMLWidget):
    """A plot view with its bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PlotView(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def plotView(self) -> PlotView:
        return self.view

    viewWidget = plotView

    def setMRMLPlotViewNode(self, node: Any) -> None:
        self.view.setMRMLPlotViewNode(node)

    def mrmlPlotViewNode(self) -> Any:
        return self.view.view_node

    def scene_changed(self) -> None:
        self.view.setMRMLScene(self.scene)
