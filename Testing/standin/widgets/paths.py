"""CTK's fields for a file and for a folder."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from standin.signals import emit
from standin.widgets.builder import plays


@plays("ctkPathLineEdit")
class PathLineEdit(QWidget):
    """A path that is typed, browsed for, or taken from the history."""

    DEFAULTS: ClassVar = {"showBrowseButton": True, "showHistoryButton": True, "filters": 0x6004}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box, self.button = QComboBox(self), QToolButton(self)
        self.box.setEditable(True)
        self.button.setText("...")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.button)
        self.valid = False
        self.box.editTextChanged.connect(self.tell)
        self.button.clicked.connect(self.browse)

    def read_currentPath(self) -> str:
        return self.box.currentText()

    def write_currentPath(self, path: str) -> None:
        self.box.setEditText(path)

    def tell(self, path: str) -> None:
        """Tell of paths, and whether there is one: CTK does not say that a path has become none."""
        before, self.valid = self.valid, bool(path)
        if self.valid:
            emit(self, "currentPathChanged(QString)", path)
        if self.valid != before:
            emit(self, "validInputChanged(bool)", self.valid)

    def addCurrentPathToHistory(self) -> None:
        if self.box.findText(self.box.currentText()) < 0:
            self.box.addItem(self.box.currentText())

    def browse(self, *_: object) -> None:
        raise AssertionError("browsing opens a dialog that waits for the user: type the path instead")
