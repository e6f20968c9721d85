"""Condense Slicer's class facts to those the module can need: ``facts.json`` beside this script.

Usage: ``python generate_facts.py widgets.json QtCore.pyi QtGui.pyi QtWidgets.pyi``. The first file lists
the properties, signals and slots of Slicer, CTK and Qt; the others are Qt 5.15 interface descriptions, read
only for the names of methods, so that the stand-in can hide what Qt 6 added.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from pathlib import Path
from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

SLICER_CLASSES = [
    "ctkCollapsibleButton",
    "ctkCollapsibleGroupBox",
    "ctkDoubleSlider",
    "ctkDoubleSpinBox",
    "ctkMessageBox",
    "ctkPathLineEdit",
    "ctkSliderWidget",
    "qMRMLNodeComboBox",
    "qMRMLPlotView",
    "qMRMLPlotWidget",
    "qMRMLSequenceBrowserToolBar",
    "qMRMLSliceControllerWidget",
    "qMRMLSliceView",
    "qMRMLSliceWidget",
    "qMRMLSliderWidget",
    "qMRMLTableView",
    "qMRMLThreeDView",
    "qMRMLThreeDWidget",
    "qMRMLWidget",
    "qSlicerApplication",
    "qSlicerCoreCommandOptions",
    "qSlicerIOManager",
    "qSlicerLayoutManager",
    "qSlicerMainWindow",
    "qSlicerModuleManager",
    "qSlicerModuleSelectorToolBar",
    "qSlicerScriptedLoadableModule",
    "qSlicerScriptedLoadableModuleWidget",
    "qSlicerWidget",
]


def slicer_class(entry: dict[str, Any], classes: dict[str, Any]) -> dict[str, Any]:
    """Return what Python sees of one Slicer or CTK class, without what its plain Qt base brings."""
    surface = entry["python_surface"]
    own = [entry, *(classes[name] for name in entry["inheritance"] if name in classes)]
    new = [name for each in own for name in added_in(each, "5.10->5.12")]
    return {
        "module": entry["python_name"].split(".")[0],
        "inherits": entry["inheritance"],
        "constructible": entry["constructor"].startswith("("),
        "properties": {name: described(entry["properties"].get(name)) for name in surface["attributes"]},
        "signals": [signal["signature"] for signal in entry["signals"]],
        "slots": [slot["signature"] for slot in entry["slots"]],
        "callables": surface["callables"],
        "hidden": entry["not_visible_cpp_methods"],
        "enums": {name: enum["values"] for name, enum in entry["enums"].items()},
        "new_in_5.12": new,
    }


def described(entry: dict[str, Any] | None) -> str:
    """Return the C++ type of a property, with ``!`` before it when it can only be read."""
    if entry is None:
        return "QVariant"
    return entry["type"] if entry["writable"] else "!" + entry["type"]


def added_in(entry: dict[str, Any], step: str) -> list[str]:
    """Return the members, signatures for signals and slots, that a step between versions added."""
    changes = (entry.get("version_differences") or {}).get(step, {})
    return [change.split(" ", 1)[1] for change in changes.get("added", [])]


def plain_class(
    name: str, entry: dict[str, Any], qt5: dict[str, tuple[list[str], set[str]]]
) -> dict[str, Any]:
    """Return the own level of one plain Qt class, for Qt 5 and Qt 6."""
    return {
        "base": entry["base"],
        "properties": {
            key: "QVariant" if how == "rw" else "!QVariant" for key, how in entry["properties"].items()
        },
        "only_qt6": [key for key in entry.get("properties_added_in_qt6", []) if has_property(name, key)],
        "only_qt5": entry.get("properties_removed_in_qt6", []),
        "signals_qt5": entry["signals_qt5"],
        "signals_qt6": entry.get("signals_qt6", entry["signals_qt5"]),
        "methods_new_in_qt6": methods_new_in_qt6(name, qt5),
    }


def qt6_class(name: str) -> Any:
    """Return the class of the Qt 6 that runs, the oldest that Slicer builds with; None where it has none."""
    return next(
        (getattr(module, name) for module in (QtCore, QtGui, QtWidgets) if hasattr(module, name)), None
    )


def has_property(name: str, key: str) -> bool:
    """Say whether a class of the Qt 6 that runs has a property."""
    found = qt6_class(name)
    return found is not None and found.staticMetaObject.indexOfProperty(key) >= 0


def methods_new_in_qt6(name: str, qt5: dict[str, tuple[list[str], set[str]]]) -> list[str]:
    """Return the methods that a Qt 6 class has and the Qt 5.15 class, with its bases, has not."""
    found = qt6_class(name)
    if found is None or name not in qt5:
        return []
    known, waiting = set(), [name]
    while waiting:
        bases, methods = qt5.get(waiting.pop(), ([], set()))
        known |= methods
        waiting += bases
    binding_only = {"emit", "sender", "receivers", "connect", "disconnect", "tr", "exec_"}
    return sorted(
        key
        for key, member in vars(found).items()
        if inspect.isroutine(member)
        and not isinstance(member, QtCore.Signal)
        and not key.startswith("_")
        and key not in known | binding_only
    )


def qt5_methods(paths: list[Path]) -> dict[str, tuple[list[str], set[str]]]:
    """Return, for each class of the Qt 5 interface files, its bases and the names of its methods."""
    found = {}
    for path in paths:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                bases = [ast.unparse(base).split(".")[-1] for base in node.bases]
                names = {each.name for each in ast.walk(node) if isinstance(each, ast.FunctionDef)}
                found[node.name] = (bases, names)
    return found


def main() -> None:
    """Write ``facts.json``: one class a line."""
    widgets = json.loads(Path(sys.argv[1]).read_text())
    qt5 = qt5_methods([Path(name) for name in sys.argv[2:]])
    facts = {
        "slicer": {
            name: slicer_class(widgets["classes"][name], widgets["classes"]) for name in SLICER_CLASSES
        },
        "qt": {name: plain_class(name, entry, qt5) for name, entry in widgets["plain_qt"].items()},
    }
    sections = []
    for section, classes in facts.items():
        lines = [
            f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}"
            for name, entry in classes.items()
        ]
        sections.append(f"{json.dumps(section)}: {{\n" + ",\n".join(lines) + "\n}")
    Path(__file__).with_name("facts.json").write_text("{\n" + ",\n".join(sections) + "\n}\n")


if __name__ == "__main__":
    main()
