"""What an ``Annotated`` type says besides the type: bounds, steps, decimals."""

from __future__ import annotations

import typing
from types import UnionType


class Decimals:
    """How many decimals a widget shows."""

    def __init__(self, value):
        self.value = value


class SingleStep:
    """The step of a widget."""

    def __init__(self, value):
        self.value = value


class WithinRange:
    """Refuses what is below the minimum or above the maximum."""

    def __init__(self, minimum, maximum):
        self.minimum, self.maximum = minimum, maximum

    def validate(self, value):
        """Raise outside the range."""
        if value is not None and not self.minimum <= value <= self.maximum:
            raise ValueError(f"Value must be within [{self.minimum}, {self.maximum}], it is {value}")


def splitAnnotations(kind):
    """Return a type and the list of what it is annotated with."""
    if typing.get_origin(kind) is typing.Annotated:
        return kind.__origin__, list(kind.__metadata__)
    return kind, []


def find(annotations, kind):
    """Return the first annotation of a kind, or None."""
    return next((each for each in annotations if isinstance(each, kind)), None)


def members(kind):
    """Return the types of a union, or the type alone."""
    return typing.get_args(kind) if typing.get_origin(kind) in (typing.Union, UnionType) else (kind,)
