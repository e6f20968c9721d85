"""Give an implementation the Qt properties and signals that Slicer's class of the same name declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Property, Signal

from standin.collected import collecting
from standin.facts import FACTS, normalised

CLASSES: dict[str, type] = {}

_TYPES: dict[str, Any] = {"double": float, "float": float, "int": int, "bool": bool, "QString": str}
_DEFAULTS: dict[Any, Any] = {float: 0.0, int: 0, bool: False, str: "", "QStringList": []}
_QT_TYPES = {"QStringList", "QColor", "QIcon", "QVariantMap", "QMargins", "QLocale", "QImage"}

Implementation = TypeVar("Implementation", bound=type)


def plays(name: str) -> Callable[[type], type]:
    """Register an implementation as the class of that name, completed from the facts.

    A property ``decimals`` is read by the implementation's ``read_decimals`` and assigned by its
    ``write_decimals``; without these it just holds a value. A slot ``setDecimals`` without implementation
    assigns the property. The decorated class is replaced by the completed one.
    """

    def complete(implementation: type) -> type:
        entry = FACTS["slicer"][name]
        inherited = next((CLASSES[each] for each in entry["inherits"] if each in CLASSES), None)
        known = set(FACTS["slicer"][inherited.__name__]["properties"]) if inherited else set()
        base_signals: dict[str, str] = getattr(implementation, "signal_attributes", {})
        members: dict[str, Any] = {
            key: _property(key, kind, implementation)
            for key, kind in entry["properties"].items()
            if key not in known
        }
        attributes = {}
        for index, signature in enumerate(map(normalised, entry["signals"])):
            if signature not in base_signals:
                attributes[signature] = f"{signature.split('(')[0]}_{index}"
                members[attributes[signature]] = Signal(
                    *_signal_types(signature), name=signature.split("(")[0]
                )
        for slot in entry["callables"]:
            target = slot[3:4].lower() + slot[4:]
            if slot.startswith("set") and target in entry["properties"] and not hasattr(implementation, slot):
                members[slot] = _setter(target)
        for handler in [each for each in vars(implementation) if each.endswith("Event")]:
            members[handler] = _safe(getattr(implementation, handler))
        members["signal_attributes"] = base_signals | attributes
        members["__module__"] = implementation.__module__
        CLASSES[name] = type(name, (implementation,), members)
        return CLASSES[name]

    return complete


def stored(binding: Any) -> dict[str, Any]:
    """Return the values of the properties that just hold one."""
    values: dict[str, Any] = binding.__dict__.setdefault("_stored", {})
    return values


def _safe(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return an event handler whose errors are kept: PySide6 cannot always pass them on without crashing."""

    def handle(binding: Any, event: Any) -> Any:
        with collecting():
            return handler(binding, event)
        return None

    return handle


def _property(name: str, kind: str, implementation: type) -> Any:
    kind = kind.lstrip("!")
    wanted: Any = _TYPES.get(kind, kind if kind in _QT_TYPES else "QVariant" if kind == "QVariant" else int)
    reader = getattr(implementation, f"read_{name}", None)
    writer = getattr(implementation, f"write_{name}", None)
    default = getattr(implementation, "DEFAULTS", {}).get(name, _DEFAULTS.get(wanted))
    return Property(
        wanted,
        reader or (lambda binding: stored(binding).get(name, default)),
        writer or (lambda binding, value: stored(binding).update({name: value})),
    )


def _setter(name: str) -> Callable[[Any, Any], None]:
    def assign(binding: Any, value: Any) -> None:
        binding.setProperty(name, value)

    return assign


def _signal_types(signature: str) -> list[Any]:
    inside = signature.partition("(")[2].rstrip(")")
    return [_TYPES.get(each, object) for each in inside.split(",")] if inside else []
