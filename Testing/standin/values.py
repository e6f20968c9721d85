"""Values on their way between Python and Qt: wrappers on one side, PySide6 objects on the other."""

from __future__ import annotations

import enum
import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

WRAPPER_ATTRIBUTE = "_standin_wrapper"

_wrapper_class_of: Callable[[Any], type] | None = None


def set_wrapper_classes(find: Callable[[Any], type] | None) -> None:
    """Set how the wrapper class of a PySide6 object is found."""
    global _wrapper_class_of  # noqa: PLW0603
    _wrapper_class_of = find


def to_python(value: Any) -> Any:
    """Return what Python sees of a Qt value: enumerations as integers, lists as tuples, objects wrapped."""
    if isinstance(value, enum.Enum):
        return int(value.value)
    if isinstance(value, (list, tuple)):
        return tuple(to_python(each) for each in value)
    if isinstance(value, dict):
        return {key: to_python(each) for key, each in value.items()}
    if isinstance(value, QObject) or type(value).__module__.startswith("PySide6."):
        return wrapped(value)
    return value


def wrapped(binding: Any) -> Any:
    """Return the wrapper of a PySide6 object: the same one as long as Python holds it."""
    known = getattr(binding, WRAPPER_ATTRIBUTE, None)
    wrapper = known() if known is not None else None
    if wrapper is None:
        assert _wrapper_class_of is not None, "the stand-in is not installed"
        cls = _wrapper_class_of(binding)
        wrapper = cls.__new__(cls)
        adopt(wrapper, binding)
    return wrapper


def adopt(wrapper: Any, binding: Any) -> None:
    """Tie a wrapper to its PySide6 object."""
    object.__setattr__(wrapper, "_binding", binding)
    if hasattr(binding, "__dict__"):
        setattr(binding, WRAPPER_ATTRIBUTE, weakref.ref(wrapper))


def to_qt(value: Any) -> Any:
    """Return what Qt gets of a value from Python."""
    if isinstance(value, (list, tuple)):
        return type(value)(to_qt(each) for each in value)
    if isinstance(value, dict):
        return {key: to_qt(each) for key, each in value.items()}
    binding = getattr(type(value), "_binding_class", None)
    if binding is not None:
        return value._binding
    if isinstance(value, type) and getattr(value, "_binding_class", None) is not None:
        return value._binding_class
    return value
