"""Where PythonQt looks for a name that is neither a property nor a signal."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from standin import dialogs, qobject
from standin.calls import call
from standin.ownership import keep_while_owned
from standin.values import to_python, to_qt

BINDING_ONLY = {"emit", "sender", "receivers", "tr", "isSignalConnected", "connectNotify", "disconnectNotify"}

_statics: dict[tuple[str, str], Callable[..., Any]] = {}


def replace_static(class_name: str, name: str, function: Callable[..., Any]) -> None:
    """Let a Python function stand for a static C++ one, as Slicer does for ``QTimer.singleShot``."""
    _statics[class_name, name] = function


def instance_method(wrapper: Any, name: str) -> Callable[..., Any] | None:
    """Return the slot or method of that name, ready to be called, or None."""
    binding, known = wrapper._binding, type(wrapper)._surface
    if isinstance(binding, QObject) and name in qobject.METHODS:
        return qobject.bound(wrapper, name)
    plain_name = name.rstrip("_") if name.endswith("_") else name
    if plain_name == "exec" and dialogs.is_modal(binding):
        return lambda *arguments: dialogs.run(wrapper, *arguments)
    if plain_name in known.callables:
        return _invoke(wrapper, binding, plain_name)
    if plain_name in known.hidden or plain_name in BINDING_ONLY:
        return None
    if inspect.isroutine(getattr(qt_class(type(wrapper)), plain_name, None)):
        return _invoke(wrapper, binding, plain_name)
    return None


def _invoke(wrapper: Any, binding: Any, name: str) -> Callable[..., Any]:
    def slot(*arguments: Any, **keywords: Any) -> Any:
        if not hasattr(binding, name):
            raise NotImplementedError(
                f"Slicer has {type(wrapper).__name__}.{name}, the stand-in does not play it"
            )
        dialogs.note_blocking(wrapper, name)
        result = call(getattr(binding, name), [to_qt(each) for each in arguments], keywords)
        for each in (wrapper, *arguments):
            if hasattr(type(each), "_plain"):
                keep_while_owned(each)
        return to_python(result)

    slot.__name__ = name
    return slot


def qt_class(cls: Any) -> Any:
    """Return the class of PySide6 itself that a wrapper class stands on."""
    mro = cls._binding_class.__mro__
    return next((each for each in mro if each.__module__.startswith("PySide6.")), cls._binding_class)


def class_member(cls: Any, name: str) -> Any:
    """Return what sits on the class: an enumeration value, a static function, an unbound method."""
    known = (cls._plain.__name__, name)
    found = _enumeration(cls, name)
    if found is not None:
        return found
    if known in _statics:
        return _statics[known]
    if dialogs.is_static_dialog(cls, name):
        return dialogs.static_dialog(cls, name)
    function = getattr(qt_class(cls), name, None)
    reachable = name not in cls._surface.hidden and name not in cls._surface.properties
    if inspect.isroutine(function) and reachable:
        return lambda *given, **keywords: to_python(call(function, [to_qt(each) for each in given], keywords))
    raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'")


def _enumeration(cls: Any, name: str) -> int | None:
    for values in cls._surface.enums.values():
        if name in values:
            return values[name]
    found = getattr(qt_class(cls), name, None)
    return int(found.value) if isinstance(found, enum.Enum) else None


def last_resort(wrapper: Any, name: str) -> int:
    """Return an enumeration value."""
    found = _enumeration(type(wrapper), name)
    if found is None:
        raise AttributeError(f"{type(wrapper).__name__} has no attribute named '{name}'")
    return found
