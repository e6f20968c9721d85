"""Who keeps an object alive, and how Python subclasses override C++ event handlers."""

from __future__ import annotations

import weakref
from typing import Any

import shiboken6
from PySide6.QtCore import QObject

from standin.collected import collecting, keep
from standin.values import WRAPPER_ATTRIBUTE, to_python, to_qt

_KEPT = "_standin_kept"
_MUST_RETURN_BOOL = {"event", "eventFilter"}


def python_classes(cls: type) -> tuple[type, ...]:
    """Return the classes written in Python above a wrapped class, the most derived first."""
    plain = getattr(cls, "_plain", cls)
    mro = cls.__mro__
    return tuple(each for each in mro[: mro.index(plain)])


def shell_for(wrapper: Any) -> Any:
    """Return the PySide6 class to construct: for a Python subclass one that forwards to its overrides."""
    cls = type(wrapper)
    return cls._binding_class if cls is cls._plain else _shell_class(cls)


def _shell_class(cls: Any) -> type:
    if "_shell" not in vars(cls):  # kept on the class, so that it goes with it
        cls._shell = _make_shell_class(cls)
    return cls._shell  # type: ignore[no-any-return]


def _make_shell_class(cls: Any) -> type:
    base = cls._binding_class
    names = {name for each in python_classes(cls) for name in vars(each) if not name.startswith("_")}
    overrides = {name: _forward(base, name) for name in names if callable(getattr(base, name, None))}
    return type(base.__name__, (base,), overrides)


def _forward(base: Any, name: str) -> Any:
    def forward(shell: Any, *arguments: Any) -> Any:
        reference: weakref.ref[Any] | None = getattr(shell, WRAPPER_ATTRIBUTE, None)
        wrapper = reference() if reference else None
        if wrapper is None:
            return getattr(base, name)(shell, *arguments)
        with collecting():
            result = to_qt(getattr(wrapper, name)(*(to_python(each) for each in arguments)))
            if name in _MUST_RETURN_BOOL and not isinstance(result, bool):
                keep(TypeError(f"{type(wrapper).__name__}.{name} must return a bool, it returned {result!r}"))
                return False
            return result
        return getattr(base, name)(shell, *arguments)

    return forward


def keep_while_owned(wrapper: Any) -> None:
    """Let C++ hold a Python subclass's object as long as it has a parent; else Python's references decide."""
    cls, binding = type(wrapper), wrapper.__dict__.get("_binding")
    if cls is cls._plain or not isinstance(binding, QObject) or not shiboken6.isValid(binding):
        return
    if binding.parent() is not None:
        setattr(binding, _KEPT, wrapper)
    elif hasattr(binding, _KEPT):
        delattr(binding, _KEPT)
