"""Qt properties read and written with PythonQt's checks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from standin.facts import Surface

_ACCEPTED: dict[str, tuple[type, ...]] = {
    "bool": (bool, int),
    "int": (int, float),
    "uint": (int, float),
    "double": (int, float),
    "float": (int, float),
    "QString": (str,),
    "QStringList": (list, tuple),
}


def read(binding: QObject, name: str) -> Any:
    """Return a property's value."""
    if binding.metaObject().indexOfProperty(name) < 0:
        raise AttributeError(f"{name}: a property of Qt 5 that Qt 6 has not; use what both have")
    return binding.property(name)


def write(binding: QObject, known: Surface, name: str, value: Any) -> None:
    """Assign a property.

    Raises
    ------
    AttributeError
        When the property can only be read or the value has a wrong type, as PythonQt raises.
    """
    if not known.writable(name):
        raise AttributeError(f"Property '{name}' of {known.name} is not writable")
    index = binding.metaObject().indexOfProperty(name)
    if index < 0:
        raise AttributeError(f"{name}: a property of Qt 5 that Qt 6 has not; use what both have")
    kind = binding.metaObject().property(index)
    accepted = _ACCEPTED.get(kind.typeName())
    wrong = accepted is not None and not isinstance(value, accepted)
    if wrong or not kind.write(binding, value):
        raise AttributeError(
            f"Property '{name}' of type '{kind.typeName()}' of {known.name} does not accept {value!r}"
            f" of type {type(value).__name__}"
        )
