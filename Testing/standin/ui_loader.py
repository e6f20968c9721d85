"""Load Qt Designer files with CTK and Slicer widgets in them."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.etree import ElementTree

from PySide6 import QtCore, QtGui, QtUiTools, QtWidgets
from PySide6.QtCore import QBuffer, QByteArray, QIODevice

from standin.facts import FACTS
from standin.widgets.builder import CLASSES


class UiLoader(QtUiTools.QUiLoader):
    """Qt's loader, which also makes the stand-in's widgets."""

    def load(self, device: QIODevice, parent: QtWidgets.QWidget | None = None) -> QtWidgets.QWidget | None:  # type: ignore[override]
        if not device.isOpen() and not device.open(QIODevice.OpenModeFlag.ReadOnly):
            return None
        buffer = QBuffer()
        buffer.setData(QByteArray(_loadable(bytes(device.readAll().data()))))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        return super().load(buffer, parent)

    def createWidget(self, class_name: str, parent: QtWidgets.QWidget | None = None, name: str = "") -> Any:
        if class_name not in CLASSES:
            if class_name not in self.availableWidgets():
                raise LookupError(f"the .ui file asks for {class_name}, which the stand-in does not have")
            return super().createWidget(class_name, parent, name)
        widget = CLASSES[class_name](parent)
        widget.setObjectName(name)
        return widget


@cache
def _loadable(ui_file: bytes) -> bytes:
    """Return a .ui file as Qt's own loader understands it."""
    tree = ElementTree.fromstring(ui_file)
    if tree.find("connections/connection") is not None:
        raise NotImplementedError("the stand-in does not play connections that a .ui file makes")
    for widget in tree.iter("widget"):
        if widget.get("class") in CLASSES:
            _numbers_for_enumerations(widget)
    return ElementTree.tostring(tree)


def _numbers_for_enumerations(widget: ElementTree.Element) -> None:
    enums = FACTS["slicer"][widget.get("class", "")]["enums"].values()
    own = {key: value for values in enums for key, value in values.items()}
    for entry in widget.findall("property"):
        value = entry.find("enum") if entry.find("enum") is not None else entry.find("set")
        declared = FACTS["slicer"][widget.get("class", "")]["properties"]
        if value is not None and entry.get("name") in declared:
            number = 0
            for key in (value.text or "").split("|"):
                number |= _number(key, own)
            value.tag, value.text = "number", str(number)


def _number(key: str, own: dict[str, int]) -> int:
    *scope, name = key.split("::")
    if name in own:
        return own[name]
    owner = next(
        (getattr(part, scope[0]) for part in (QtCore, QtGui, QtWidgets) if hasattr(part, scope[0])), None
    )
    return int(getattr(owner, name).value)
