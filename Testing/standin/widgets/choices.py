"""CTK's buttons, boxes and fields that add a little to a plain Qt widget."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QMessageBox, QPushButton, QWidget

from standin.signals import emit
from standin.widgets.builder import plays, stored


@plays("ctkCheckBox")
class CheckBox(QCheckBox):
    """A check box that can carry an icon."""


@plays("ctkPushButton")
class PushButton(QPushButton):
    """A push button that elides its text."""


@plays("ctkCheckablePushButton")
class CheckablePushButton(PushButton):
    """A push button with a check box of its own."""


@plays("ctkMenuButton")
class MenuButton(QPushButton):
    """A push button with an arrow that opens a menu."""


@plays("ctkSearchBox")
class SearchBox(QLineEdit):
    """A line with a clear button."""

    DEFAULTS: ClassVar = {"showSearchIcon": True}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)


@plays("ctkComboBox")
class ComboBox(QComboBox):
    """A combo box with a text for no choice."""

    def write_defaultText(self, text: str) -> None:
        stored(self)["defaultText"] = text
        self.setPlaceholderText(text)

    def read_currentUserDataAsString(self) -> str:
        return str(self.currentData() or "")

    def write_currentUserDataAsString(self, data: str) -> None:
        self.setCurrentIndex(self.findData(data))


@plays("ctkCheckableComboBox")
class CheckableComboBox(QComboBox):
    """A combo box whose entries have check marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follow(self.model())

    def _follow(self, model: Any) -> None:
        model.rowsInserted.connect(lambda _parent, first, last: self._make_checkable(first, last))
        model.dataChanged.connect(lambda *_: emit(self, "checkedIndexesChanged()"))

    def _make_checkable(self, first: int, last: int) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(first, last + 1):
            model.item(row).setFlags(model.item(row).flags() | Qt.ItemFlag.ItemIsUserCheckable)
            model.item(row).setData(Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)

    def checkableModel(self) -> Any:
        return self.model()

    def checkState(self, index: QModelIndex) -> int:
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        return int(getattr(state, "value", state) or 0)

    def setCheckState(self, index: QModelIndex, state: int) -> None:
        self.model().setData(index, getattr(state, "value", state), Qt.ItemDataRole.CheckStateRole)

    def checkedIndexes(self) -> list[QModelIndex]:
        rows = [self.model().index(row, 0) for row in range(self.count())]
        return [each for each in rows if self.checkState(each) == Qt.CheckState.Checked.value]

    def allChecked(self) -> bool:
        return len(self.checkedIndexes()) == self.count()

    def noneChecked(self) -> bool:
        return not self.checkedIndexes()


@plays("ctkMessageBox")
class MessageBox(QMessageBox):
    """A message box that can be told not to come again."""

    def onFinished(self, _result: int) -> None:
        self.dialog_finished = True


@plays("ctkColorPickerButton")
class ColorPickerButton(QPushButton):
    """A button that shows a colour and lets another be chosen."""

    DEFAULTS: ClassVar = {"displayColorName": True}

    def read_color(self) -> QColor:
        return stored(self).get("color", QColor(0, 0, 0))  # type: ignore[no-any-return]

    def write_color(self, color: QColor) -> None:
        if color != self.read_color():
            stored(self)["color"] = color
            self.setText(color.name() if self.property("displayColorName") else "")
            emit(self, "colorChanged(QColor)", color)
