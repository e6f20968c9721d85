"""The node selector, on a real scene."""

from __future__ import annotations

from typing import Any, ClassVar

import slicer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from standin.signals import emit
from standin.widgets.builder import plays, stored
from standin.widgets.scene import Observations


@plays("qMRMLNodeComboBox")
class NodeComboBox(QWidget):
    """A combo box of the scene's nodes of some types."""

    DEFAULTS: ClassVar = {"noneDisplay": "None"}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Any = None
        self.node: Any = None
        self.attributes: list[tuple[str, str, Any]] = []
        self.box = QComboBox(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.observations = Observations(self)
        self.box.activated.connect(self._activated)

    def setMRMLScene(self, scene: Any) -> None:
        if scene is self.scene:
            return
        self.observations.clear()
        self.scene = scene
        if scene is not None:
            for event in ("NodeAddedEvent", "NodeRemovedEvent", "EndCloseEvent", "EndImportEvent"):
                self.observations.add(scene, getattr(slicer.vtkMRMLScene, event), self.refresh)
            self.observations.add(scene, scene.EndBatchProcessEvent, self._rebuild)
        self.refresh()

    def nodes(self) -> list[Any]:
        """Return the scene's nodes that can be chosen."""
        if self.scene is None or self.scene.IsBatchProcessing():
            return []
        found = [self.scene.GetNthNode(index) for index in range(self.scene.GetNumberOfNodes())]
        types = self.property("nodeTypes")
        return [node for node in found if any(map(node.IsA, types)) and self._fits(node)]

    def _fits(self, node: Any) -> bool:
        if any(node.IsA(kind) for kind in self.property("hideChildNodeTypes") if kind):
            return False
        if node.GetHideFromEditors():
            return False
        for kind, name, value in self.attributes:
            has = node.GetAttribute(name)
            if node.IsA(kind) and (has is None or (value is not None and has != str(value))):
                return False
        return True

    def refresh(self) -> None:
        """Show the nodes that are in the scene now, keeping the choice where it is still there."""
        nodes = self.nodes()
        self.box.blockSignals(True)
        self.box.clear()
        if self.property("noneEnabled"):
            self.box.addItem(self.property("noneDisplay"))
        for node in nodes:
            self.box.addItem(node.GetName() or "", node.GetID())
        self.box.blockSignals(False)
        if self.node not in nodes:
            self._choose(None if self.property("noneEnabled") or not nodes else nodes[0])
        self._show_choice()

    def _rebuild(self) -> None:
        """Show the nodes after a scene was loaded: Slicer builds the list anew and tells the choice again."""
        self.refresh()
        emit(self, "currentNodeChanged(vtkMRMLNode*)", self.node)

    def currentNode(self) -> Any:
        return self.node

    def setCurrentNode(self, node: Any) -> None:
        if isinstance(node, str):
            node = self.scene.GetNodeByID(node) if self.scene else None
        self._choose(node if node is not None and node in self.nodes() else None)

    setCurrentNodeID = setCurrentNode

    def read_currentNodeID(self) -> str:
        return self.node.GetID() if self.node is not None else ""

    def write_currentNodeID(self, node_id: str) -> None:
        self.setCurrentNode(node_id)

    def addAttribute(self, kind: str, name: str, value: Any = None) -> None:
        self.attributes.append((kind, name, value))
        self.refresh()

    def _refreshing(name: str) -> Any:
        def write(self: Any, value: Any) -> None:
            stored(self)[name] = list(value) if name.endswith("Types") else value
            self.refresh()

        return write

    write_nodeTypes, write_hideChildNodeTypes = _refreshing("nodeTypes"), _refreshing("hideChildNodeTypes")
    write_noneEnabled, write_noneDisplay = _refreshing("noneEnabled"), _refreshing("noneDisplay")

    def _activated(self, row: int) -> None:
        data = self.box.itemData(row)
        self._choose(self.scene.GetNodeByID(data) if data else None)
        emit(self, "nodeActivated(vtkMRMLNode*)", self.node)

    def _choose(self, node: Any) -> None:
        if node is self.node:
            return
        self.node = node
        self._show_choice()
        emit(self, "currentNodeChanged(vtkMRMLNode*)", node)
        emit(self, "currentNodeChanged(bool)", node is not None)
        emit(self, "currentNodeIDChanged(QString)", self.read_currentNodeID())

    def _show_choice(self) -> None:
        self.box.setCurrentIndex(
            self.box.findData(self.read_currentNodeID()) if self.node else self._row_of_none()
        )

    def _row_of_none(self) -> int:
        return 0 if self.property("noneEnabled") else -1
