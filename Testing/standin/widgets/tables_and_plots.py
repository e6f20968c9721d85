"""Views of table nodes and plot nodes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from standin.signals import emit
from standin.widgets.builder import plays
from standin.widgets.drawing import Curve, curves_of, draw_curves
from standin.widgets.scene import MRMLWidget, Observations


@plays("qMRMLTableView")
class TableView(QTableView):
    """A table node's cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node: Any = None
        self.observations = Observations(self)
        self.cells = QStandardItemModel(self)
        self.setModel(self.cells)

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


@plays("qMRMLPlotView")
class PlotView(QWidget):
    """A chart: axes, lines and their names, plain but true to the nodes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Any = None
        self.view_node: Any = None
        self.chart: Any = None
        self.observations, self.chart_observations = Observations(self), Observations(self)
        self.setMinimumSize(160, 120)

    def setMRMLScene(self, scene: Any) -> None:
        self.scene = scene
        emit(self, "mrmlSceneChanged(vtkMRMLScene*)", scene)

    def setMRMLPlotViewNode(self, node: Any) -> None:
        self.observations.clear()
        self.view_node = node
        if node is not None:
            self.observations.add(node, "ModifiedEvent", self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Follow the chart that is shown now."""
        chart = self.view_node.GetPlotChartNode() if self.view_node is not None else None
        if chart is not self.chart:
            self.chart_observations.clear()
            self.chart = chart
            if chart is not None:
                self.chart_observations.add(chart, "ModifiedEvent", self.update)
        self.update()

    def read_title(self) -> str:
        return (self.chart.GetTitle() or "") if self.chart is not None else ""

    def fitToContent(self) -> None:
        self.update()

    def curves(self) -> list[Curve]:
        """Return what the chart shows."""
        count = self.chart.GetNumberOfPlotSeriesNodes() if self.chart is not None else 0
        series = [self.chart.GetNthPlotSeriesNode(index) for index in range(count)]
        return [curve for each in series if each is not None for curve in curves_of(each)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        curves, title = self.curves(), self.property("title")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.drawText(QRectF(0, 2, self.width(), 20), Qt.AlignmentFlag.AlignCenter, title)
        draw_curves(painter, QRectF(56, 24, self.width() - 72, self.height() - 60), curves)
        painter.end()


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

    def setMRMLPlotViewNode(self, node: Any) -> None:
        self.view.setMRMLPlotViewNode(node)

    def mrmlPlotViewNode(self) -> Any:
        return self.view.view_node

    def scene_changed(self) -> None:
        self.view.setMRMLScene(self.scene)
