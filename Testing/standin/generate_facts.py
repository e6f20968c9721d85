"""Renew ``facts.json`` from the sources of Slicer: ``python generate_facts.py --slicer PATH [--older PATH]``.

PATH is a checkout of Slicer with, somewhere below it, one of CTK, as a build of Slicer has; ``--older`` names
one of the Slicer before, to tell what is new. A class that a header is missing for keeps what is known of it,
and so does plain Qt, whose members do not depend on Slicer.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from standin.headers import Declared, read_class

FACTS = Path(__file__).with_name("facts.json")
_SCRIPTED = {
    "slicer.ScriptedLoadableModule": ("Base/Python/slicer/ScriptedLoadableModule.py",),
    "slicer.i18n": ("Base/Python/slicer/i18n.py",),
    "slicer.packaging": ("Base/Python/slicer/packaging.py", "Base/Python/slicer/packaging/*.py"),
    "slicer.parameterNodeWrapper": ("Base/Python/slicer/parameterNodeWrapper/*.py",),
    "SampleData": ("Modules/Scripted/SampleData/SampleData.py",),
}


class Headers:
    """The headers below a folder, and what they declare.

    Parameters
    ----------
    folder
        A checkout of Slicer.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = {path.stem: path for path in sorted(folder.rglob("*.h"), reverse=True)}
        self._read: dict[str, Declared | None] = {}
        self._decorated: dict[str, set[str]] = {}
        for name in [each for each in self._paths if each.endswith("PythonQtDecorators")]:
            for line in self._paths[name].read_text(errors="replace").splitlines():
                _, _, call = line.strip().partition(" ")
                method, _, argument = call.strip(" *&").partition("(")
                if method.isidentifier() and "*" in argument and not method.startswith(("new_", "delete_")):
                    self._decorated.setdefault(argument.split("*")[0].split()[-1], set()).add(method)

    def declared(self, name: str) -> Declared | None:
        """Return what the header of a class declares, with what Slicer adds to it for Python."""
        if name not in self._read:
            path = self._paths.get(name)
            found = read_class(path.read_text(errors="replace"), name) if path else None
            if found is not None:
                found.callables |= self._decorated.get(name, set())
            self._read[name] = found
        return self._read[name]

    def lineage(self, name: str) -> list[str]:
        """Return the bases of a class, as far up as there are headers."""
        declared = self.declared(name)
        above = [base for base in (declared.bases if declared else []) if not base.startswith("vtk")]
        found = [each for base in above for each in (base, *self.lineage(base))]
        return sorted(dict.fromkeys(found), key=lambda each: self.declared(each) is None)

    def missing(self, name: str) -> list[str]:
        """Return which of a class and its bases, those of plain Qt apart, have no header here."""
        return [each for each in (name, *self.lineage(name)) if each[0] != "Q" and not self.declared(each)]


def slicer_class(name: str, headers: Headers, older: Headers | None, known: dict[str, Any]) -> dict[str, Any]:
    """Return what Python sees of one Slicer or CTK class, without what its plain Qt base brings."""
    inherits = headers.lineage(name)
    levels = [level for each in (name, *inherits) if (level := headers.declared(each))]
    entry: dict[str, Any] = {"module": "ctk" if name.startswith("ctk") else "slicer", "inherits": inherits}
    entry["constructible"] = any(
        len(types) == 1 and types[0] in ("QWidget*", "QObject*") for types in levels[0].constructors
    )
    properties = {key: kind for level in reversed(levels) for key, kind in level.properties.items()}
    signals = list(dict.fromkeys(each for level in levels for each in level.signals))
    callables = {each for level in levels for each in level.callables} - set(properties)
    seen = {*properties, *callables, *(each.split("(")[0] for each in signals)}
    entry["properties"] = dict(sorted(properties.items()))
    entry["signals"] = signals
    entry["callables"] = sorted(callables)
    entry["hidden"] = sorted({each for level in levels for each in level.others} - seen)
    entry["enums"] = {key: values for level in reversed(levels) for key, values in level.enums.items()}
    members = [*properties, *callables, *signals]
    entry["new_in_5.12"] = [each for each in known.get("new_in_5.12", []) if each in members]
    if older is not None and not older.missing(name):
        before = slicer_class(name, older, None, {})
        earlier = {*before["properties"], *before["callables"], *before["signals"]}
        entry["new_in_5.12"] = [each for each in members if each not in earlier]
    return entry


def scripted_module(files: list[Path]) -> dict[str, list[str]]:
    """Return the arguments of each public function and method in some Python files."""
    found = {}
    for file in files:
        for node in ast.parse(file.read_text()).body:
            scope = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for each in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(each, ast.FunctionDef) and (each.name == "__init__" or each.name[0] != "_"):
                    given = each.args
                    names = [*given.posonlyargs, *given.args, *given.kwonlyargs]
                    found[scope + each.name] = [argument.arg for argument in names]
    return found


def renewed(known: dict[str, Any], slicer: Path, older: Path | None) -> tuple[dict[str, Any], list[str]]:
    """Return the facts after some sources, and what was not found there and stays as it was."""
    headers, before = Headers(slicer), Headers(older) if older else None
    facts, kept = {"slicer": dict(known["slicer"]), "qt": known["qt"], "python": dict(known["python"])}, []
    for name, entry in known["slicer"].items():
        missing = headers.missing(name)
        if missing:
            kept.append(f"{name} (no header of {', '.join(missing)})")
        else:
            facts["slicer"][name] = slicer_class(name, headers, before, entry)
    for name, patterns in _SCRIPTED.items():
        files = [path for pattern in patterns for path in sorted(slicer.glob(pattern))]
        if files:
            facts["python"][name] = scripted_module(files)
        else:
            kept.append(f"{name} (no file {patterns[0]})")
    return facts, kept


def as_text(facts: dict[str, Any]) -> str:
    """Return facts as JSON: one class a line."""
    sections = []
    for section, classes in facts.items():
        lines = [
            f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}"
            for name, entry in classes.items()
        ]
        sections.append(f"{json.dumps(section)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def main(arguments: list[str] | None = None) -> int:
    """Renew the facts; without sources, say what is missing."""
    parser = argparse.ArgumentParser(description="Renew the facts about Slicer's classes.")
    parser.add_argument("--slicer", type=Path, help="a checkout of Slicer, with CTK below it")
    parser.add_argument("--older", type=Path, help="a checkout of the Slicer before")
    parser.add_argument("--facts", type=Path, default=FACTS, help="the file to renew")
    given = parser.parse_args(arguments)
    if given.slicer is None or not given.slicer.is_dir():
        where = f"{given.slicer} is no folder." if given.slicer else "No sources of Slicer are given."
        sys.stderr.write(f"{where} Name a checkout of Slicer with --slicer; the facts stay as they are.\n")
        return 2
    facts, kept = renewed(json.loads(given.facts.read_text()), given.slicer, given.older)
    given.facts.write_text(as_text(facts))
    for name in kept:
        sys.stdout.write(f"kept as it was: {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
