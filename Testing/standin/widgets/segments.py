"""Widgets for the segments of a segmentation."""

from __future__ import annotations

from typing import Any

import slicer
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from standin.signals import emit
from standin.widgets.builder import plays, stored
from standin.widgets.node_combo_box import NodeComboBox
from standin.widgets.scene import MRMLWidget, Observations

_EVENTS = ("SegmentAdded", "SegmentRemoved", "SegmentModified", "SegmentsOrderModified")


def segment_ids(node: Any) -> list[str]:
    """Return the ids of a segmentation's segments."""
    if node is None:
        return []
    segmentation = node.GetSegmentation()
    return [segmentation.GetNthSegmentID(index) for index in range(segmentation.GetNumberOfSegments())]


def observe_segments(observations: Observations, node: Any, react: Any) -> None:
    """Call a function when the segments of a node change."""
    observations.clear()
    if node is not None:
        for name in _EVENTS:
            observations.add(node.GetSegmentation(), getattr(slicer.vtkSegmentation, name), react)


@plays("qMRMLSegmentsTableView")
class SegmentsTableView(MRMLWidget):
    """The segments with their colours and names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node: Any = None
        self.observations = Observations(self)
        self.table = QTableWidget(0, 2, self)
        self.table.setHorizontalHeaderLabels(["Color", "Name"])
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.table.selectionModel().selectionChanged.connect(
            lambda new, old: emit(self, "selectionChanged(QItemSelection,QItemSelection)", new, old)
        )

    def segmentationNode(self) -> Any:
        return self.node

    def setSegmentationNode(self, node: Any) -> None:
        self.node = node
        observe_segments(self.observations, node, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the segments that are there now."""
        ids = segment_ids(self.node)
        self.table.setRowCount(len(ids))
        for row, segment_id in enumerate(ids):
            segment = self.node.GetSegmentation().GetSegment(segment_id)
            color, name = QTableWidgetItem(), QTableWidgetItem(segment.GetName())
            color.setBackground(QColor.fromRgbF(*segment.GetColor()))
            name.setData(Qt.ItemDataRole.UserRole, segment_id)
            self.table.setItem(row, 0, color)
            self.table.setItem(row, 1, name)

    def read_segmentCount(self) -> int:
        return len(segment_ids(self.node))

    def write_headerVisible(self, visible: bool) -> None:
        stored(self)["headerVisible"] = visible
        self.table.horizontalHeader().setVisible(visible)

    def write_selectionMode(self, mode: int) -> None:
        stored(self)["selectionMode"] = mode
        self.table.setSelectionMode(QAbstractItemView.SelectionMode(mode))

    def write_readOnly(self, read_only: bool) -> None:
        stored(self)["readOnly"] = read_only
        triggers = QAbstractItemView.EditTrigger
        self.table.setEditTriggers(triggers.NoEditTriggers if read_only else triggers.DoubleClicked)

    def selectedSegmentIDs(self) -> list[str]:
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [segment_ids(self.node)[row] for row in rows]

    def setSelectedSegmentIDs(self, wanted: list[str]) -> None:
        self.table.clearSelection()
        for row, segment_id in enumerate(segment_ids(self.node)):
            if segment_id in wanted:
                self.table.selectRow(row)

    def clearSelection(self) -> None:
        self.table.clearSelection()

    def displayedSegmentIDs(self) -> list[str]:
        return [each for row, each in enumerate(segment_ids(self.node)) if not self.table.isRowHidden(row)]

    def hideSegments(self, hidden: list[str]) -> None:
        for row, segment_id in enumerate(segment_ids(self.node)):
            self.table.setRowHidden(row, segment_id in hidden)

    def rowForSegmentID(self, segment_id: str) -> int:
        return segment_ids(self.node).index(segment_id)

    def segmentIDForRow(self, row: int) -> str:
        return segment_ids(self.node)[row]

    def tableWidget(self) -> QTableWidget:
        return self.table


@plays("qMRMLSegmentSelectorWidget")
class SegmentSelector(MRMLWidget):
    """A segmentation, and one of its segments."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.nodes, self.box = NodeComboBox(self), QComboBox(self)
        self.nodes.setProperty("nodeTypes", ["vtkMRMLSegmentationNode"])
        self.nodes.setProperty("addEnabled", False)
        self.observations = Observations(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.nodes)
        layout.addWidget(self.box)
        signal = self.nodes.signal_attributes["currentNodeChanged(vtkMRMLNode*)"]
        getattr(self.nodes, signal).connect(self._node_changed)
        self.box.currentIndexChanged.connect(
            lambda _row: emit(self, "currentSegmentChanged(QString)", self.currentSegmentID())
        )

    def scene_changed(self) -> None:
        self.nodes.setMRMLScene(self.scene)

    def write_noneEnabled(self, enabled: bool) -> None:
        stored(self)["noneEnabled"] = enabled
        self.nodes.setProperty("noneEnabled", enabled)

    def write_segmentationNodeSelectorVisible(self, visible: bool) -> None:
        stored(self)["segmentationNodeSelectorVisible"] = visible
        self.nodes.setVisible(visible)

    def currentNode(self) -> Any:
        return self.nodes.currentNode()

    def currentNodeID(self) -> str:
        return self.nodes.read_currentNodeID()

    def setCurrentNode(self, node: Any) -> None:
        self.nodes.setCurrentNode(node)

    setCurrentNodeID = setCurrentNode

    def currentSegmentID(self) -> str:
        return self.box.currentData() or ""

    def setCurrentSegmentID(self, segment_id: str) -> None:
        self.box.setCurrentIndex(self.box.findData(segment_id))

    def segmentIDs(self) -> list[str]:
        return segment_ids(self.currentNode())

    def _node_changed(self, node: Any) -> None:
        observe_segments(self.observations, node, self._fill)
        self._fill()
        emit(self, "currentNodeChanged(vtkMRMLNode*)", node)
        emit(self, "currentNodeChanged(bool)", node is not None)

    def _fill(self) -> None:
        node, before = self.currentNode(), self.currentSegmentID()
        self.box.clear()
        for segment_id in segment_ids(node):
            self.box.addItem(node.GetSegmentation().GetSegment(segment_id).GetName(), segment_id)
        if before in segment_ids(node):
            self.setCurrentSegmentID(before)
