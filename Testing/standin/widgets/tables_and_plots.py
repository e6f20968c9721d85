"""Views of table nodes and plot nodes."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from standin.signals import emit
from standin.widgets.builder import plays
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
    """Knows its node, and draws nothing here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Any = None
        self.view_node: Any = None
        self.setMinimumSize(160, 120)

    def setMRMLScene(self, scene: Any) -> None:
        self.scene = scene
        emit(self, "mrmlSceneChanged(vtkMRMLScene*)", scene)

    def setMRMLPlotViewNode(self, node: Any) -> None:
        self.view_node = node

    def fitToContent(self) -> None:
        self.update()


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
