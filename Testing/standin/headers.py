"""Read what Python sees of a class from its C++ header, by the rules of Qt's meta-objects and of PythonQt."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from PySide6 import QtCore, QtGui, QtWidgets

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:.*\\\n)*.*$", re.MULTILINE)
_PROPERTY = re.compile(r"Q_PROPERTY\s*\(\s*([\w:<>,\s]+?[\s*&])(\w+)\s+((?:READ|MEMBER)\b[^()]*)\)")
_DECLARED_ENUM = re.compile(r"\bQ_(?:ENUMS?|FLAGS?)\s*\(([^)]*)\)")
_ENUM = re.compile(r"\benum\s+(?:class\s+)?(\w+)\s*(?::\s*\w+\s*)?\{([^{}]*)\}")
_FLAGS = re.compile(r"\bQ_DECLARE_FLAGS\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)")
_MACRO = re.compile(
    r"\b(?:Q_|QVTK_|CTK_)(?!INVOKABLE|SLOTS|SIGNALS)[A-Z_]+\b(?:\s*\((?:[^()]|\([^()]*\))*\))?;?"
)
_ACCESS = re.compile(r"\b(?:(public|protected|private)(?:\s+(slots|Q_SLOTS))?|(signals|Q_SIGNALS))\s*:(?!:)")
_BODY = re.compile(r"(\)[^;{}()]*(?::[^;{}]*)?)\{(?:[^{}]|\{[^{}]*\})*\}")
_NOT_METHODS = re.compile(r"^(?:template|friend|using|typedef|enum|class|struct)\b|\boperator\b")
_BARE_TYPES = {"int", "long", "short", "char", "double"}


@dataclass
class Declared:
    """What one header declares of a class, without its bases.

    Parameters
    ----------
    bases
        The classes it derives from.
    properties
        C++ type of each, with ``!`` before it where there is nothing to write it with.
    signals
        Signatures, in the order of the header.
    callables, others
        Names of public slots and invokable methods; of other public methods.
    constructors
        Types of the arguments of each public constructor.
    enums
        Values of the enumerations that the meta-object knows; None where a value is not known here.
    """

    bases: list[str]
    properties: dict[str, str] = field(default_factory=dict)
    signals: list[str] = field(default_factory=list)
    callables: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    constructors: list[list[str]] = field(default_factory=list)
    enums: dict[str, dict[str, int | None]] = field(default_factory=dict)


def read_class(header: str, name: str) -> Declared | None:
    """Return what a header declares of a class; None where the class is not in it."""
    text = _DIRECTIVE.sub("", _COMMENT.sub("", header))
    start = re.search(rf"\bclass\s+(?:\w+\s+)?{name}\s*(?:final\s*)?(?::([^{{;]*))?\{{", text)
    if start is None:
        return None
    body = _inside(text[start.end() :])
    found = Declared([re.split(r"[\s:]+", base.strip())[-1] for base in _split(start[1] or "")])
    found.enums = _known_enums(body)
    for kind, key, how in _PROPERTY.findall(body):
        found.properties[key] = ("" if re.search(r"\b(WRITE|MEMBER)\b", how) else "!") + re.sub(
            r"\s", "", kind
        )
    for section, statement in _statements(_BODY.sub(r"\1;", _MACRO.sub("", _ENUM.sub("", body)))):
        _add_method(found, name, section, statement)
    return found


def _inside(text: str) -> str:
    """Return the text up to the brace that closes the class."""
    depth = 0
    for place, each in enumerate(text):
        depth += (each == "{") - (each == "}")
        if depth < 0:
            return text[:place]
    return text


def _statements(body: str) -> list[tuple[str, str]]:
    """Return each declaration with its section: ``public``, ``public slots``, ``signals``, ``private``..."""
    ends = [*_ACCESS.finditer(body), None]
    found = []
    for access, after in itertools.pairwise(ends):
        assert access is not None
        section = "signals" if access[3] else f"{access[1]} slots" if access[2] else access[1]
        text = body[access.end() : after.start() if after else None]
        found += [(section, " ".join(each.split())) for each in text.split(";") if each.strip()]
    return found


def _add_method(found: Declared, class_name: str, section: str, statement: str) -> None:
    method = re.search(r"(~?\w+)\s*\((.*)\)", statement)
    if method is None or _NOT_METHODS.search(statement):
        return
    name, arguments = method[1], _split(method[2].split(") :")[0])
    if name == class_name and section == "public":
        found.constructors.append([_type_of(each) for each in arguments])
    elif section == "signals":
        optional = sum("=" in each for each in arguments)
        types = [_type_of(each) for each in arguments]
        counts = range(len(types), len(types) - optional - 1, -1)
        found.signals += [f"{name}({','.join(types[:count])})" for count in counts]
    elif section == "public slots" or (section == "public" and "Q_INVOKABLE" in statement):
        found.callables.add(name)
    elif section == "public" and name[0] != "~" and name != class_name:
        found.others.add(name)


def _type_of(argument: str) -> str:
    """Return the type of an argument as Qt normalises it."""
    argument = " ".join(argument.partition("=")[0].split())
    named = re.fullmatch(r"(.*[\s*&>])(\w+)", argument)
    kind = named[1] if named and named[2] not in _BARE_TYPES and named[1].strip() != "const" else argument
    kind = re.sub(r"\bconst\b\s*|[&\s](?!\w)|(?<!\w)\s", "", kind).strip()
    return re.sub(r"\bunsigned (int|long|short|char)\b", r"u\1", kind)


def _split(text: str) -> list[str]:
    """Split at commas outside of brackets."""
    parts, depth = [""], 0
    for each in text:
        depth += (each in "<(") - (each in ">)")
        if each == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += each
    return [part.strip() for part in parts if part.strip()]


def _known_enums(body: str) -> dict[str, dict[str, int | None]]:
    known = {name for names in _DECLARED_ENUM.findall(body) for name in names.split()}
    enums = {name: _values(inside) for name, inside in _ENUM.findall(body)}
    flags = {name: enums[of] for name, of in _FLAGS.findall(body) if of in enums}
    return {name: values for name, values in (enums | flags).items() if name in known}


def _values(inside: str) -> dict[str, int | None]:
    values: dict[str, int | None] = {}
    following: int | None = 0
    for entry in filter(str.strip, inside.split(",")):
        name, _, given = (part.strip() for part in entry.partition("="))
        values[name] = _number(given, values) if given else following
        number = values[name]
        following = None if number is None else number + 1
    return values


def _number(text: str, known: dict[str, int | None]) -> int | None:
    """Return a value written as number, as a name told before or of Qt's, or several joined by ``|``."""
    total = 0
    for part in text.split("|"):
        number = _single(part.strip(" ()"), known)
        if number is None:
            return None
        total |= number
    return total


def _single(text: str, known: dict[str, int | None]) -> int | None:
    shifted = re.fullmatch(r"(\d+)\s*<<\s*(\d+)", text)
    if shifted:
        return int(shifted[1]) << int(shifted[2])
    if re.fullmatch(r"-?(0[xX][\da-fA-F]+|\d+)", text):
        return int(text, 0)
    *scope, name = text.split("::")
    for part in (QtCore, QtGui, QtWidgets):
        owner = getattr(part, scope[0], None) if scope else None
        if hasattr(owner, name):
            return int(getattr(owner, name).value)
    return known.get(name)
