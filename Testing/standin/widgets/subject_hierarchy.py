"""Selectors of subject hierarchy items."""

from __future__ import annotations

from typing import Any

import slicer
import vtk
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView, QWidget

from standin.signals import emit
from standin.widgets.builder import plays, stored
from standin.widgets.choices import ComboBox
from standin.widgets.scene import Observations

_EVENTS = (
    "SubjectHierarchyItemAddedEvent",
    "SubjectHierarchyItemRemovedEvent",
    "SubjectHierarchyItemModifiedEvent",
)


class Items:
    """The subject hierarchy of a scene, seen by a widget."""

    def __init__(self, widget: Any) -> None:
        self._widget = widget
        self.scene: Any = None
        self.observations = Observations(widget)

    def follow(self, scene: Any) -> None:
        """Watch another scene."""
        self.observations.clear()
        self.scene = scene
        if self.node() is not None:
            for name in _EVENTS:
                event = getattr(slicer.vtkMRMLSubjectHierarchyNode, name)
                self.observations.add(self.node(), event, self._widget.refresh)
        self._widget.refresh()

    def node(self) -> Any:
        """Return the subject hierarchy node."""
        if self.scene is None:
            return None
        return slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(self.scene)

    def children(self, item: int) -> list[int]:
        """Return the items directly below one."""
        ids = vtk.vtkIdList()
        self.node().GetItemChildren(item, ids)
        return [ids.GetId(index) for index in range(ids.GetNumberOfIds())]

    def fits(self, item: int, types: list[str]) -> bool:
        """Say whether an item holds a node of one of the types; any item where no type is asked for."""
        node = self.node().GetItemDataNode(item)
        return not types or (node is not None and any(node.IsA(kind) for kind in types))

    def all(self, item: int, types: list[str]) -> list[int]:
        """Return all items below one that fit."""
        below = [each for child in self.children(item) for each in (child, *self.all(child, types))]
        return [each for each in below if self.fits(each, types)]


@plays("qMRMLSubjectHierarchyComboBox")
class SubjectHierarchyComboBox(ComboBox):
    """A combo box of items."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = Items(self)
        self.currentIndexChanged.connect(
            lambda _row: emit(self, "currentItemChanged(vtkIdType)", self.currentItem())
        )

    def mrmlScene(self) -> Any:
        return self.items.scene

    def setMRMLScene(self, scene: Any) -> None:
        self.items.follow(scene)

    def subjectHierarchyNode(self) -> Any:
        return self.items.node()

    def refresh(self) -> None:
        """Show the items that are there now."""
        before = self.currentItem()
        self.blockSignals(True)
        self.clear()
        if self.items.node() is not None:
            for item in self.items.all(self.items.node().GetSceneItemID(), self.property("nodeTypes")):
                self.addItem(self.items.node().GetItemName(item), item)
        self.setCurrentIndex(self.findData(before))
        self.blockSignals(False)

    def setNodeTypes(self, types: list[str]) -> None:
        stored(self)["nodeTypes"] = list(types)
        self.refresh()

    write_nodeTypes = setNodeTypes

    def currentItem(self) -> int:
        return int(self.currentData() or 0)

    def setCurrentItem(self, item: int) -> None:
        self.setCurrentIndex(self.findData(item))

    def currentNode(self) -> Any:
        return self.items.node().GetItemDataNode(self.currentItem()) if self.currentItem() else None

    def setCurrentNode(self, node: Any) -> None:
        self.setCurrentItem(self.items.node().GetItemByDataNode(node))

    def clearSelection(self) -> None:
        self.setCurrentIndex(-1)


@plays("qMRMLSubjectHierarchyTreeView")
class SubjectHierarchyTreeView(QTreeView):
    """The tree of items."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = Items(self)
        self.rows = QStandardItemModel(self)
        self.setModel(self.rows)
        self.selectionModel().currentChanged.connect(self._current_changed)

    def mrmlScene(self) -> Any:
        return self.items.scene

    def setMRMLScene(self, scene: Any) -> None:
        self.items.follow(scene)

    def subjectHierarchyNode(self) -> Any:
        return self.items.node()

    def refresh(self) -> None:
        """Show the items that are there now."""
        self.rows.clear()
        if self.items.node() is not None:
            self._add(self.rows.invisibleRootItem(), self.items.node().GetSceneItemID())
            self.expandAll()

    def _add(self, parent: QStandardItem, item: int) -> None:
        for child in self.items.children(item):
            row = QStandardItem(self.items.node().GetItemName(child))
            row.setData(child, Qt.ItemDataRole.UserRole)
            self._add(row, child)
            if row.rowCount() or self.items.fits(child, self.property("nodeTypes")):
                parent.appendRow(row)

    def write_nodeTypes(self, types: list[str]) -> None:
        stored(self)["nodeTypes"] = list(types)
        self.refresh()

    def currentItem(self) -> int:
        return int(self.currentIndex().data(Qt.ItemDataRole.UserRole) or 0)

    def currentItems(self) -> list[int]:
        return [int(index.data(Qt.ItemDataRole.UserRole)) for index in self.selectionModel().selectedRows()]

    def currentNode(self) -> Any:
        return self.items.node().GetItemDataNode(self.currentItem()) if self.currentItem() else None

    def setCurrentItem(self, item: int) -> None:
        start = self.rows.index(0, 0)
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        for index in self.rows.match(start, Qt.ItemDataRole.UserRole, item, 1, flags):
            self.setCurrentIndex(index)

    def setCurrentNode(self, node: Any) -> None:
        self.setCurrentItem(self.items.node().GetItemByDataNode(node))

    def _current_changed(self, *_: object) -> None:
        emit(self, "currentItemChanged(vtkIdType)", self.currentItem())
        emit(self, "currentItemsChanged(QList<vtkIdType>)", self.currentItems())
        emit(self, "currentNodeChanged(vtkMRMLNode*)", self.currentNode())
