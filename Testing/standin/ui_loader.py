"""Load Qt Designer files with CTK and Slicer widgets in them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from PySide6 import QtCore, QtGui, QtUiTools, QtWidgets
from PySide6.QtCore import QBuffer, QByteArray, QIODevice

from standin import signals
from standin.facts import FACTS
from standin.values import wrapped
from standin.widgets.builder import CLASSES


class UiLoader(QtUiTools.QUiLoader):
    """Qt's loader, which also makes the stand-in's widgets and connects them as the file says."""

    def load(self, device: QIODevice, parent: QtWidgets.QWidget | None = None) -> QtWidgets.QWidget | None:  # type: ignore[override]
        if not device.isOpen() and not device.open(QIODevice.OpenModeFlag.ReadOnly):
            return None
        tree = ElementTree.fromstring(bytes(device.readAll().data()))
        connections = _take_connections(tree)
        for widget in tree.iter("widget"):
            if widget.get("class") in CLASSES:
                _numbers_for_enumerations(widget)
        buffer = QBuffer()
        buffer.setData(QByteArray(ElementTree.tostring(tree)))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        top = super().load(buffer, parent)
        for sender, signal, receiver, slot in connections:
            _connect(top, sender, signal, receiver, slot)
        return top

    def createWidget(self, class_name: str, parent: QtWidgets.QWidget | None = None, name: str = "") -> Any:
        if class_name not in CLASSES:
            if class_name not in self.availableWidgets():
                raise LookupError(f"the .ui file asks for {class_name}, which the stand-in does not have")
            return super().createWidget(class_name, parent, name)
        widget = CLASSES[class_name](parent)
        widget.setObjectName(name)
        return widget


def _take_connections(tree: ElementTree.Element) -> list[tuple[str, str, str, str]]:
    """Remove the connections from the file: PySide6 knows the signals by other argument types."""
    section = tree.find("connections")
    if section is None:
        return []
    tree.remove(section)
    keys = ("sender", "signal", "receiver", "slot")
    return [tuple(each.findtext(key, "") for key in keys) for each in section]  # type: ignore[misc]


def _connect(top: QtWidgets.QWidget, sender: str, signal: str, receiver: str, slot: str) -> None:
    found = [
        top if top.objectName() == name else top.findChild(QtCore.QObject, name)
        for name in (sender, receiver)
    ]
    if None in found:
        signals.keep(
            RuntimeError(f"the .ui file connects {sender} to {receiver}, and one of them is not in it")
        )
        return
    signals.connect(wrapped(found[0]), signal, wrapped(found[1]), slot)


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
