"""What Python sees of each Qt, CTK and Slicer class, in the Slicer and Qt version that is played."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FACTS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("facts.json").read_text())


@dataclass(frozen=True)
class Version:
    """The Slicer release and the major version of Qt that are played."""

    slicer: str = "5.12"
    qt: int = 5


@dataclass(frozen=True)
class Surface:
    """The names that Python reaches on one class, its bases included.

    Parameters
    ----------
    name
        Class name in C++.
    properties
        C++ type of each property; a leading ``!`` marks those that can only be read.
    signals
        Signatures of each signal name, the one that connecting by attribute takes first.
    callables
        Slots and invokable methods of a CTK or Slicer class; plain Qt methods are looked up on PySide6.
    hidden
        Methods that PySide6 has and the Qt or Slicer version played has not.
    enums
        Values of each enumeration of a CTK or Slicer class.
    """

    name: str
    properties: dict[str, str] = field(default_factory=dict)
    signals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    callables: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    enums: dict[str, dict[str, int]] = field(default_factory=dict)

    def writable(self, name: str) -> bool:
        """Say whether a property can be assigned."""
        return not self.properties[name].startswith("!")


def normalised(signature: str) -> str:
    """Return a signal's signature as Qt compares it: no blanks, no ``const`` and ``&``."""
    name, _, arguments = signature.partition("(")
    parts = [
        part.replace("const ", "").replace("&", "").strip() for part in arguments.rstrip(") ").split(",")
    ]
    return f"{name.strip()}({','.join(parts)})"


@cache
def surface(name: str, version: Version) -> Surface:
    """Return what Python sees of a class; an empty surface for a plain Qt class without entry."""
    entry = FACTS["slicer"].get(name)
    return _slicer_surface(name, entry, version) if entry else _qt_surface(name, version)


def qt_base(name: str) -> str:
    """Return the plain Qt class below a CTK or Slicer class."""
    base: str = FACTS["slicer"][name]["inherits"][-1]
    return base if base in FACTS["qt"] else "QWidget"  # the VTK widget needs a graphics card


def _slicer_surface(name: str, entry: dict[str, Any], version: Version) -> Surface:
    below = surface(qt_base(name), version)
    new = set(entry["new_in_5.12"]) if version.slicer == "5.10" else set()
    new_names = {signature.split("(")[0] for signature in new}
    return Surface(
        name,
        below.properties | {key: kind for key, kind in entry["properties"].items() if key not in new_names},
        below.signals | _by_name([each for each in entry["signals"] if each not in new]),
        frozenset(entry["callables"]) - new_names,
        below.hidden | new_names,
        entry["enums"],
    )


def _qt_surface(name: str, version: Version) -> Surface:
    if name not in FACTS["qt"]:
        return Surface(name)
    entry = FACTS["qt"][name]
    below = surface(entry["base"], version) if entry["base"] else Surface("")
    absent = set(entry["only_qt5"] if version.qt == 6 else entry["only_qt6"])
    properties = {key: kind for key, kind in entry["properties"].items() if key not in absent}
    if version.qt == 6:
        properties |= dict.fromkeys(entry["only_qt6"], "QVariant")
    return Surface(
        name,
        below.properties | properties,
        below.signals | _by_name(entry[f"signals_qt{version.qt}"]),
        hidden=below.hidden | frozenset(entry["methods_new_in_qt6"] if version.qt == 5 else ()),
    )


def _by_name(signatures: list[str]) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(signature.split("(")[0] for signature in signatures)
    return {name: tuple(each for each in signatures if each.split("(")[0] == name) for name in names}
