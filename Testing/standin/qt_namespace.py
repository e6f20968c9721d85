"""The flat ``qt`` module: core, gui, widgets, network and uitools in one namespace."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from PySide6 import QtCore, QtGui, QtNetwork, QtUiTools, QtWidgets

from standin.collected import collecting
from standin.facts import Surface, Version, surface
from standin.lookup import replace_static
from standin.wrapper import make_wrapper_class

_PARTS = (QtCore, QtGui, QtWidgets, QtNetwork, QtUiTools)


class QtNamespace(ModuleType):
    """Wrapper classes of plain Qt, made when they are first asked for."""

    def __init__(self, version: Version, replacements: dict[str, type]) -> None:
        super().__init__("qt")
        self._version = version
        self._replacements = replacements
        self.__all__: list[str] = []
        replace_static("QTimer", "singleShot", single_shot)

    def __getattr__(self, name: str) -> Any:
        found = next((getattr(part, name) for part in _PARTS if hasattr(part, name)), None)
        if name.startswith("_") or not name.startswith("Q") or not isinstance(found, type):
            raise AttributeError(f"module 'qt' has no attribute '{name}'")
        cls = make_wrapper_class(
            name, self._replacements.get(name, found), qt_surface(name, found, self._version)
        )
        setattr(self, name, cls)
        return cls


def qt_surface(name: str, found: Any, version: Version) -> Surface:
    """Return what Python sees of a Qt class; without an entry in the facts, what its meta-object declares."""
    known = surface(name, version)
    meta = getattr(found, "staticMetaObject", None)
    if known.properties or meta is None:
        return known
    count = range(meta.propertyCount())
    properties = {meta.property(i).name(): "" if meta.property(i).isWritable() else "!" for i in count}
    signatures = [
        bytes(meta.method(i).methodSignature().data()).decode()
        for i in range(meta.methodCount())
        if meta.method(i).methodType() == QtCore.QMetaMethod.MethodType.Signal
    ]
    names = {each.split("(")[0] for each in signatures}
    return Surface(
        name,
        properties,
        {key: tuple(each for each in signatures if each.split("(")[0] == key) for key in names},
    )


def single_shot(msec: int, receiver: Any, member: str | None = None) -> None:
    """Call a function once, later; with a member's signature, that slot of the receiver."""
    callback = getattr(receiver, member.split("(")[0]) if member else receiver

    def later() -> None:
        with collecting():
            callback()

    QtCore.QTimer.singleShot(int(msec), later)
