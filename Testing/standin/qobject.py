"""Methods of every QObject that PythonQt offers in its own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from standin import facts, signals
from standin.values import to_python, to_qt

METHODS = {"connect", "disconnect", "findChild", "findChildren", "property", "setProperty"}

played = facts.Version()


def play(version: facts.Version) -> None:
    """Set the Slicer version whose ``findChildren`` is played."""
    global played  # noqa: PLW0603
    played = version


def bound(wrapper: Any, name: str) -> Callable[..., Any]:
    """Return one of the methods above for one object."""
    binding: QObject = wrapper._binding
    functions: dict[str, Callable[..., Any]] = {
        "connect": lambda *arguments: signals.connect(wrapper, *arguments),
        "disconnect": lambda *arguments: signals.disconnect(wrapper, *arguments),
        "findChild": lambda *arguments: next(iter(_find(binding, *arguments)), None),
        "findChildren": lambda *arguments: _find(binding, *arguments),
        "property": lambda name: to_python(binding.property(name)),
        "setProperty": lambda name, value: binding.setProperty(name, to_qt(value)),
    }
    return functions[name]


def _find(binding: QObject, kind: Any = None, name: str | None = None) -> tuple[Any, ...]:
    if kind is None or isinstance(kind, str) or not hasattr(kind, "_plain"):
        raise TypeError(
            f"findChild and findChildren need the type first: findChild(qt.QWidget, name); found {kind!r}"
        )
    wanted = kind._plain.__name__
    found: list[Any] = []
    waiting = [binding]
    while waiting:
        for child in waiting.pop(0).children():
            fits = name is None or child.objectName() == name
            if fits and child.inherits(wanted):
                found.append(to_python(child))
            # The PythonQt of 5.10 does not look below a child whose name differs.
            if fits or played.slicer != "5.10":
                waiting.append(child)
    return tuple(found)
