"""PythonQt wrapper objects: properties are attributes, unknown names are refused, no inheritance."""

from __future__ import annotations

from typing import Any

import shiboken6
from PySide6.QtCore import QObject

from standin import signals
from standin.calls import call
from standin.facts import Surface
from standin.lookup import class_member, instance_method, last_resort
from standin.ownership import keep_while_owned, python_classes, shell_for
from standin.properties import read, write
from standin.values import adopt, to_python, to_qt


class WrapperType(type):
    """Type of all wrapper classes: enumerations, static functions and unbound methods sit on the class."""

    _binding_class: Any
    _surface: Surface
    _plain: type

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return class_member(cls, name)


class PythonQtInstanceWrapper(metaclass=WrapperType):
    """What Python holds of a Qt object. Every wrapped class derives from this one directly."""

    _binding_class: Any = None
    _surface = Surface("")
    _plain: type
    _constructible = True
    _binding: Any

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        cls = type(self)
        if cls._binding_class is None or not cls._constructible:
            raise TypeError(f"{cls.__name__} cannot be constructed")
        given = [to_qt(each) for each in arguments]
        adopt(self, call(shell_for(self), given, keywords))
        keep_while_owned(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        binding = alive(self)
        known = type(self)._surface
        if name == "name" and isinstance(binding, QObject):
            name = "objectName"
        if name in known.properties:
            return to_python(read(binding, name))
        if name in known.signals:
            return signals.BoundSignal(self, known.signals[name][0])
        found = instance_method(self, name)
        if found is not None:
            return found
        return last_resort(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        cls = type(self)
        in_python = cls is not cls._plain
        if name.startswith("_") or (in_python and any(name in vars(each) for each in python_classes(cls))):
            object.__setattr__(self, name, value)
            return
        if "_binding" not in self.__dict__:
            raise RuntimeError(
                f"{cls.__name__}: call the constructor of the Qt class before assigning {name}"
            )
        binding = alive(self)
        target = "objectName" if name == "name" and isinstance(binding, QObject) else name
        if target in cls._surface.properties:
            write(binding, cls._surface, target, to_qt(value))
        elif name in cls._surface.signals or instance_method(self, name) is not None:
            raise AttributeError(f"Slot or signal '{name}' of {cls.__name__} can not be overwritten")
        elif in_python:
            object.__setattr__(self, name, value)
        else:
            raise AttributeError(
                f"'{name}' does not exist on {cls.__name__} and creating new attributes is not allowed"
            )

    def __bool__(self) -> bool:
        return shiboken6.isValid(self._binding)

    def className(self) -> str:
        """Return the name of the C++ class."""
        return type(self)._plain.__name__

    def delete(self) -> None:
        """Destroy the C++ object now."""
        shiboken6.delete(alive(self))


def alive(wrapper: PythonQtInstanceWrapper) -> Any:
    """Return the PySide6 object of a wrapper, refusing one that C++ has destroyed."""
    binding = wrapper.__dict__.get("_binding")
    if binding is None:
        raise RuntimeError(f"{type(wrapper).__name__}: the constructor of the Qt class was not called")
    if not shiboken6.isValid(binding):
        raise ValueError(f"Trying to access a destroyed {type(wrapper).__name__} object")
    return binding


def make_wrapper_class(name: str, binding_class: Any, known: Surface | None = None) -> type:
    """Return the wrapper class of a PySide6 class."""
    namespace = {
        "_binding_class": binding_class,
        "_surface": known or Surface(name),
        "__module__": "PythonQt",
    }
    cls = WrapperType(name, (PythonQtInstanceWrapper,), namespace)
    cls._plain = cls
    return cls
