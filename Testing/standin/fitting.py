"""Which texts of a panel are cut off, measured in Qt."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)


def clipped(top: QWidget) -> list[str]:
    """Return what does not show all of its text, or reaches beyond what holds it."""
    return [
        f"{each.objectName()}: {each.text()!r} needs {needed}, has {each.width()} x {each.height()}"
        for kind in (QLabel, QPushButton, QToolButton, QCheckBox)
        for each in top.findChildren(kind)
        if each.isVisible() and each.text() and (needed := _needed(each, top))
    ] + [
        f"{each.objectName()}: {each.itemText(index)!r} does not fit into {_text_width(each)}"
        for each in top.findChildren(QComboBox)
        if each.isVisible() and each.objectName()  # those of Slicer's selectors elide names of nodes
        for index in range(each.count())
        if each.fontMetrics().horizontalAdvance(each.itemText(index)) > _text_width(each)
    ]


def _text_width(box: QComboBox) -> int:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()


def _needed(widget: QLabel | QAbstractButton, top: QWidget) -> str:
    """Return what a widget lacks; empty where all of it can be read."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        widest_word = max(widget.fontMetrics().horizontalAdvance(word) for word in widget.text().split())
        height = widget.heightForWidth(widget.width())
        if widest_word > widget.contentsRect().width() or height > widget.height():
            return f"{widest_word} x {height}"
    elif widget.sizeHint().width() > widget.width() or widget.sizeHint().height() > widget.height():
        return f"{widget.sizeHint().width()} x {widget.sizeHint().height()}"
    return _outside(widget, top)


def _outside(widget: QWidget, top: QWidget) -> str:
    """Return which ancestor a widget reaches beyond: there it is cut off."""
    parent = widget.parentWidget()
    while parent is not None and parent is not top.parentWidget():
        corner = widget.mapTo(parent, widget.rect().bottomRight())
        if not parent.rect().contains(corner):
            holds = f"{parent.objectName()} of {parent.width()} x {parent.height()}"
            return f"{corner.x() + 1} x {corner.y() + 1} in {holds}"
        parent = parent.parentWidget()
    return ""
