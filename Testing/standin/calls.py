"""Call PySide6 the way PythonQt calls Qt: enumerations are plain integers, keywords are refused."""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Callable, Sequence
from types import UnionType
from typing import Any

from shibokensupport.signature import get_signature


def call(
    function: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any] | None = None
) -> Any:
    """Call a PySide6 function; integers become the enumeration members that its signature asks for.

    Raises
    ------
    ValueError
        When no overload takes these arguments, as PythonQt raises.
    TypeError
        When there are keyword arguments: PythonQt ignores them silently.
    """
    if keywords:
        raise TypeError(f"PythonQt ignores keyword arguments of C++ functions: {sorted(keywords)}")
    try:
        return function(*arguments)
    except TypeError as error:
        for converted in _with_enums(function, arguments):
            try:
                return function(*converted)
            except TypeError:
                continue
        name = getattr(function, "__qualname__", function)
        raise ValueError(f"Called {name} with wrong arguments {tuple(arguments)}: {error}") from error


def _with_enums(function: Callable[..., Any], arguments: Sequence[Any]) -> list[list[Any]]:
    """Return the arguments once for each overload that wants enumerations where integers were given."""
    described, bound = _described(function)
    found = get_signature(described) or []
    candidates = []
    for signature in found if isinstance(found, list) else [found]:
        parameters = [
            each for each in signature.parameters.values() if each.kind is not inspect.Parameter.KEYWORD_ONLY
        ]
        wanted = [each.annotation for each in parameters]
        if bound and parameters and parameters[0].name == "self":
            wanted.pop(0)
        if len(arguments) <= len(wanted):
            converted = [_as_enum(value, kind) for value, kind in zip(arguments, wanted, strict=False)]
            if any(new is not old for new, old in zip(converted, arguments, strict=True)):
                candidates.append(converted)
    return candidates


def _described(function: Callable[..., Any]) -> tuple[Any, bool]:
    """Return what PySide6 has a signature for, and whether that names one argument more than is given."""
    if isinstance(function, type):
        return next(each for each in function.__mro__ if each.__module__.startswith("PySide6.")), True
    owner = getattr(function, "__self__", None)
    if owner is None or isinstance(owner, type):
        return function, False
    for cls in type(owner).__mro__:
        if cls.__module__.startswith("PySide6.") and function.__name__ in vars(cls):
            return vars(cls)[function.__name__], True
    return function, False


def _as_enum(value: Any, wanted: Any) -> Any:
    if type(value) is not int and not isinstance(value, bool):
        return value
    choices = typing.get_args(wanted) if typing.get_origin(wanted) in {typing.Union, UnionType} else (wanted,)
    for kind in choices:
        if isinstance(kind, type) and issubclass(kind, enum.Enum) and not isinstance(value, bool):
            return kind(value)
    return value
