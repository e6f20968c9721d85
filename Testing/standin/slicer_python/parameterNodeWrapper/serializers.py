"""How each type of parameter is kept in a ``vtkMRMLScriptedModuleNode``."""

from __future__ import annotations

import enum
import pathlib
import typing

import slicer
from slicer.parameterNodeWrapper.annotations import members

SUPPORTED = (int, float, str, bool, pathlib.PurePath, enum.Enum)
_MUTATING = ("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse",
             "__setitem__", "__delitem__")  # fmt: skip


class ObservedList(list):
    """A list that is written back when it is changed."""

    def __init__(self, values, changed):
        super().__init__(values)
        self._changed = changed


def _written_back(name):
    def change(self, *arguments, **keywords):
        result = getattr(list, name)(self, *arguments, **keywords)
        self._changed(list(self))
        return result

    return change


for _name in _MUTATING:
    setattr(ObservedList, _name, _written_back(_name))


def is_node(kind):
    """Say whether a type is a node class, or a union of them."""
    kinds = [each for each in members(kind) if each is not type(None)]
    return bool(kinds) and all(
        isinstance(each, type) and issubclass(each, slicer.vtkMRMLNode) for each in kinds
    )


def default(kind):
    """Return the value of a parameter nobody has set."""
    if is_node(kind):
        return None
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    return (typing.get_origin(kind) or kind)()


def check(kind, value):
    """Raise TypeError for a value of another type; an int is taken as float."""
    if not any(_is_of(each, value) for each in members(kind)):
        raise TypeError(f"Value {value!r} of type {type(value).__name__} is not a {kind}")


def _is_of(kind, value):
    if is_node(kind) or kind is type(None):
        return value is None or isinstance(value, kind)
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    return isinstance(value, typing.get_origin(kind) or kind)


def write(node, name, kind, value):
    """Store a value."""
    if is_node(kind):
        node.SetNodeReferenceID(name, value.GetID() if value is not None else None)
        node.SetParameter(name, "")
    elif typing.get_origin(kind) is list:
        for index, item in enumerate(value):
            write(node, f"{name}_{index}", *typing.get_args(kind), item)
        node.SetParameter(f"{name}_len", str(len(value)))
    else:
        node.SetParameter(name, value.name if isinstance(value, enum.Enum) else str(value))


def stored(node, name):
    """Say whether a value was stored."""
    names = node.GetParameterNames()
    return name in names or f"{name}_len" in names or node.GetNodeReferenceID(name) is not None


def read(node, name, kind):
    """Return the value stored."""
    if is_node(kind):
        return node.GetNodeReference(name)
    if typing.get_origin(kind) is list:
        count = int(node.GetParameter(f"{name}_len") or 0)
        return [read(node, f"{name}_{index}", *typing.get_args(kind)) for index in range(count)]
    text = node.GetParameter(name)
    if issubclass(kind, enum.Enum):
        return kind[text]
    return text == "True" if kind is bool else kind(text)


def supported(kind):
    """Say whether a type can be a parameter here."""
    if typing.get_origin(kind) is list:
        return all(supported(each) for each in typing.get_args(kind))
    return is_node(kind) or (isinstance(kind, type) and issubclass(kind, SUPPORTED))
