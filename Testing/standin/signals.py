"""Signals as PythonQt offers them: ``object.signal.connect(f)`` and ``object.connect('signal(Type)', f)``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SIGNAL, QObject

from standin.collected import collecting, keep
from standin.facts import normalised
from standin.values import to_python, to_qt

if TYPE_CHECKING:
    from standin.wrapper import PythonQtInstanceWrapper

CONNECTIONS = "_standin_connections"


@dataclass
class Connection:
    """A callable and the PySide6 function that was connected in its place."""

    signature: str
    callback: Callable[..., Any]
    relay: Callable[..., None]


class BoundSignal:
    """A signal of one object, as attribute: connects to the overload declared first, cannot be indexed."""

    def __init__(self, owner: PythonQtInstanceWrapper, signature: str) -> None:
        self._owner = owner
        self._signature = signature

    def connect(self, *receiver: Any) -> bool:
        """Connect a callable; it is kept alive until it is disconnected."""
        return connect(self._owner, self._signature, *receiver)

    def disconnect(self, *receiver: Any) -> bool:
        """Disconnect a callable; False when it was not connected."""
        return disconnect(self._owner, self._signature, *receiver)

    def emit(self, *arguments: Any) -> None:
        """Emit the signal."""
        emit(self._owner._binding, self._signature, *(to_qt(each) for each in arguments))

    __call__ = emit


def connect(owner: PythonQtInstanceWrapper, signature: str, *receiver: Any) -> bool:
    """Connect by signature; an unknown signal prints a message and returns False."""
    signature = normalised(signature)
    callback = _callback(receiver)
    if not _declared(owner, signature) or _emitter(owner._binding, signature) is None:
        return _refuse(owner, signature)
    limit = len(_arguments(signature))

    def relay(*arguments: Any) -> None:
        with collecting():
            values = [to_python(each) for each in arguments[:limit]]
            callback(*values[: _accepted(callback)])

    source, native = _emitter(owner._binding, signature)
    if native:
        QObject.connect(source, SIGNAL(native), relay)
    else:
        source.connect(relay)
    known = getattr(owner._binding, CONNECTIONS, [])
    setattr(owner._binding, CONNECTIONS, [*known, Connection(signature, callback, relay)])
    return True


def disconnect(owner: PythonQtInstanceWrapper, signature: str, *receiver: Any) -> bool:
    """Undo a connection; False when there is none such."""
    signature = normalised(signature)
    known: list[Connection] = getattr(owner._binding, CONNECTIONS, [])
    callback = _callback(receiver) if receiver else None
    found = [each for each in known if each.signature == signature and callback in (None, each.callback)]
    for each in found:
        source, native = _emitter(owner._binding, signature)
        if native:
            QObject.disconnect(source, SIGNAL(native), each.relay)
        else:
            source.disconnect(each.relay)
    setattr(owner._binding, CONNECTIONS, [each for each in known if each not in found])
    return bool(found)


def emit(binding: Any, signature: str, *arguments: Any) -> None:
    """Emit a signal of a PySide6 object, by its C++ signature."""
    own = getattr(type(binding), "signal_attributes", {})
    name = own.get(normalised(signature), signature.split("(", maxsplit=1)[0])
    getattr(binding, name).emit(*arguments)


def _declared(owner: PythonQtInstanceWrapper, signature: str) -> bool:
    name = signature.split("(", maxsplit=1)[0]
    known = type(owner)._surface.signals
    if known or name in known:
        return any(normalised(each) == signature for each in known.get(name, ()))
    return owner._binding.metaObject().indexOfSignal(signature) >= 0


def _emitter(binding: Any, signature: str) -> Any:
    """Return the PySide6 signal and no name, or the object and its signature; None without either."""
    own = getattr(type(binding), "signal_attributes", {})
    if signature in own:
        return getattr(binding, own[signature]), ""
    meta = binding.metaObject()
    if meta.indexOfSignal(signature) >= 0:
        return binding, signature
    return None


def _refuse(owner: PythonQtInstanceWrapper, signature: str) -> bool:
    message = f"QObject::connect: No such signal {type(owner).__name__}::{signature}"
    sys.stderr.write(message + "\n")
    keep(RuntimeError(message))
    return False


def _arguments(signature: str) -> list[str]:
    inside = signature.partition("(")[2].rstrip(")")
    return inside.split(",") if inside else []


def _callback(receiver: tuple[Any, ...]) -> Callable[..., Any]:
    if len(receiver) == 1 and callable(receiver[0]):
        return receiver[0]  # type: ignore[no-any-return]
    raise TypeError(f"a callable is wanted; found {receiver}")


def _accepted(callback: Callable[..., Any]) -> int | None:
    """Return how many arguments a Python function takes; None, all of them, for any other callable."""
    function = callback.__func__ if inspect.ismethod(callback) else callback
    if not inspect.isfunction(function):
        return None
    if function.__code__.co_flags & inspect.CO_VARARGS:
        return None
    return function.__code__.co_argcount - inspect.ismethod(callback)
