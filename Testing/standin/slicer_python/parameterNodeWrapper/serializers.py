"""How each type of parameter is kept in a ``vtkMRMLScriptedModuleNode``."""

from __future__ import annotations

import enum
import pathlib
import typing

import slicer
from slicer.parameterNodeWrapper.annotations import members
from slicer.parameterNodeWrapper.packs import isParameterPack

_MUTATING = (
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "sort",
    "reverse",
    "__setitem__",
    "__delitem__",
)


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
    kinds = members(kind)
    if len(kinds) == 2 and kinds[1] is type(None):
        return None
    kind = kinds[0]
    origin = typing.get_origin(kind)
    if is_node(kind):
        return None
    if origin is tuple:
        return tuple(default(each) for each in typing.get_args(kind))
    if origin in (list, dict):
        return origin()
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    return kind()


def check(kind, value):
    """Raise TypeError for a value of another type; an int is taken as float."""
    if any(_is_of(each, value) for each in members(kind)):
        return
    raise TypeError(f"Value {value!r} of type {type(value).__name__} is not a {kind}")


def _is_of(kind, value):
    if kind is None or kind is type(None):
        return value is None
    if is_node(kind):
        return value is None or isinstance(value, kind)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, typing.get_origin(kind) or kind)


def write(node, name, kind, value):
    """Store a value."""
    if value is None and not is_node(kind):
        node.SetParameter(name, "None")
        return
    kinds = [each for each in members(kind) if each is not type(None)]
    kind = next((each for each in kinds if _is_of(each, value)), kinds[0])
    origin = typing.get_origin(kind)
    if is_node(kind):
        node.SetNodeReferenceID(name, value.GetID() if value is not None else None)
        node.SetParameter(name, "")
    elif origin is dict:
        write(node, name, list[tuple[typing.get_args(kind)]], list(value.items()))
    elif origin in (list, tuple):
        kinds = typing.get_args(kind) * len(value) if origin is list else typing.get_args(kind)
        for index, (each, item) in enumerate(zip(kinds, value, strict=False)):
            write(node, f"{name}_{index}", each, item)
        node.SetParameter(f"{name}_len", str(len(value)))
    elif isParameterPack(kind):
        for key, each in kind.allParameters.items():
            write(node, f"{name}.{key}", each, getattr(value, key))
    else:
        node.SetParameter(name, value.name if isinstance(value, enum.Enum) else str(value))


def stored(node, name, kind):
    """Say whether a value was stored."""
    if isParameterPack(kind):
        return any(stored(node, f"{name}.{key}", each) for key, each in kind.allParameters.items())
    names = node.GetParameterNames()
    return name in names or f"{name}_len" in names or node.GetNodeReferenceID(name) is not None


def read(node, name, kind):
    """Return the value stored."""
    kinds = members(kind)
    text = node.GetParameter(name)
    if type(None) in kinds and text == "None":
        return None
    if is_node(kind):
        return node.GetNodeReference(name)
    return _read_value(node, name, kinds[0])


def _read_value(node, name, kind):
    origin = typing.get_origin(kind)
    if origin is dict:
        return dict(read(node, name, list[tuple[typing.get_args(kind)]]))
    if origin in (list, tuple):
        count = int(node.GetParameter(f"{name}_len") or 0)
        kinds = typing.get_args(kind) * count if origin is list else typing.get_args(kind)
        return origin(read(node, f"{name}_{index}", each) for index, each in enumerate(kinds[:count]))
    if isParameterPack(kind):
        return kind(**{key: read(node, f"{name}.{key}", each) for key, each in kind.allParameters.items()})
    text = node.GetParameter(name)
    if issubclass(kind, enum.Enum):
        return kind[text]
    return text == "True" if kind is bool else kind(text)


SUPPORTED = (int, float, str, bool, pathlib.PurePath)


def supported(kind):
    """Say whether a type can be a parameter."""
    if is_node(kind) or isParameterPack(kind) or kind is type(None):
        return True
    if len(members(kind)) > 1:
        return all(supported(each) for each in members(kind))
    if typing.get_origin(kind) in (list, tuple, dict):
        return all(supported(each) for each in typing.get_args(kind))
    return isinstance(kind, type) and issubclass(kind, (*SUPPORTED, enum.Enum))
