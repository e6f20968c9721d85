"""CTK's containers that fold."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGroupBox,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionFocusRect,
    QWidget,
)

from standin.signals import emit
from standin.widgets.builder import plays


def show_children(container: QWidget, visible: bool) -> None:
    """Show or hide what is in a container, leaving alone what was hidden on purpose."""
    for child in container.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if not child.isWindow() and (not visible or child.property("folded_away")):
            if visible:
                child.setProperty("folded_away", False)
                child.setVisible(True)
            elif not child.isHidden():
                child.setProperty("folded_away", True)
                child.setVisible(False)


def hide_in_folded(container: QAbstractButton | QGroupBox, event: QEvent) -> None:
    """Hide what comes into a container that is folded."""
    if event.added() and not container.isChecked() and isinstance(event.child(), QWidget):
        event.child().setProperty("folded_away", True)
        event.child().setVisible(False)


@plays("ctkCollapsibleButton")
class CollapsibleButton(QAbstractButton):
    """A header that folds what is below it."""

    HEADER_PX = 24

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self.setContentsMargins(0, self.HEADER_PX, 0, 0)
        self.toggled.connect(self._toggled)

    def read_collapsed(self) -> bool:
        return not self.isChecked()

    def write_collapsed(self, collapsed: bool) -> None:
        self.setChecked(not collapsed)

    def _toggled(self, open_: bool) -> None:
        show_children(self, open_)
        self.setMaximumHeight(16777215 if open_ else self.HEADER_PX)
        self.updateGeometry()
        emit(self, "contentsCollapsed(bool)", not open_)

    def childEvent(self, event: QEvent) -> None:
        super().childEvent(event)
        hide_in_folded(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionButton()
        option.initFrom(self)
        option.rect = QRect(0, 0, self.width(), self.HEADER_PX)
        option.state |= QStyle.StateFlag.State_Raised
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        arrow = QStyleOptionFocusRect()
        arrow.initFrom(self)
        arrow.rect = QRect(6, 6, 12, 12)
        kind = QStyle.PrimitiveElement
        shape = kind.PE_IndicatorArrowDown if self.isChecked() else kind.PE_IndicatorArrowRight
        self.style().drawPrimitive(shape, arrow, painter, self)
        painter.drawText(
            QRect(24, 0, self.width() - 28, self.HEADER_PX), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        painter.end()

    def hitButton(self, position: object) -> bool:
        return QRect(0, 0, self.width(), self.HEADER_PX).contains(position)

    def minimumSizeHint(self) -> QSize:
        inner = self.layout().totalMinimumSize() if self.layout() and self.isChecked() else QSize(0, 0)
        text = self.fontMetrics().horizontalAdvance(self.text()) + 32
        return QSize(max(text, inner.width()), max(self.HEADER_PX, inner.height()))

    def sizeHint(self) -> QSize:
        inner = self.layout().totalSizeHint() if self.layout() and self.isChecked() else QSize(0, 0)
        return self.minimumSizeHint().expandedTo(inner)


@plays("ctkCollapsibleGroupBox")
class CollapsibleGroupBox(QGroupBox):
    """A group box whose check mark folds it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.toggled.connect(lambda open_: show_children(self, open_))

    def read_collapsed(self) -> bool:
        return not self.isChecked()

    def write_collapsed(self, collapsed: bool) -> None:
        self.setChecked(not collapsed)

    def childEvent(self, event: QEvent) -> None:
        super().childEvent(event)
        hide_in_folded(self, event)
