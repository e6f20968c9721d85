"""The node selector whose entries have check marks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from standin.signals import emit
from standin.widgets.builder import plays
from standin.widgets.node_combo_box import NodeComboBox


@plays("qMRMLCheckableNodeComboBox")
class CheckableNodeComboBox(NodeComboBox):
    """Nodes of some types, each checked or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.checked: set[str] = set()
        super().__init__(parent)

    def checkedNodes(self) -> list[Any]:
        return [node for node in self.nodes() if node.GetID() in self.checked]

    def uncheckedNodes(self) -> list[Any]:
        return [node for node in self.nodes() if node.GetID() not in self.checked]

    def checkState(self, node: Any) -> int:
        return (Qt.CheckState.Checked if node.GetID() in self.checked else Qt.CheckState.Unchecked).value

    def setCheckState(self, node: Any, state: int) -> None:
        before = set(self.checked)
        (self.checked.add if state else self.checked.discard)(node.GetID())
        if before != self.checked:
            emit(self, "checkedNodesChanged()")

    def check(self, node: Any) -> None:
        self.setCheckState(node, Qt.CheckState.Checked.value)

    def uncheck(self, node: Any) -> None:
        self.setCheckState(node, Qt.CheckState.Unchecked.value)

    def allChecked(self) -> bool:
        return not self.uncheckedNodes()

    def noneChecked(self) -> bool:
        return not self.checkedNodes()
