"""What an ``Annotated`` type says besides the type: default, bounds, steps, choices."""

from __future__ import annotations

import typing
from types import UnionType


class Default:
    """The value before anything was stored, given or made by a function."""

    def __init__(self, value=None, *, generator=None):
        self.value, self.generator = value, generator

    def make(self):
        """Return the default value."""
        return self.generator() if self.generator else self.value


class Decimals:
    """How many decimals a widget shows."""

    def __init__(self, value):
        self.value = value


class SingleStep:
    """The step of a widget."""

    def __init__(self, value):
        self.value = value


class Label:
    """The text beside a generated widget."""

    def __init__(self, label):
        self.label = label


class Validator:
    """Refuses values that a parameter must not take."""

    def validate(self, value):
        """Raise ValueError for a value that is refused."""
        raise NotImplementedError


class NotNone(Validator):
    """Refuses None."""

    def validate(self, value):
        """Raise for None."""
        if value is None:
            raise ValueError("Value must not be None")


class IsInstance(Validator):
    """Refuses other types."""

    def __init__(self, classtype):
        self.classtype = classtype

    def validate(self, value):
        """Raise for another type."""
        if value is not None and not isinstance(value, self.classtype):
            raise ValueError(f"Value must be a {self.classtype}, it is a {type(value)}")


class WithinRange(Validator):
    """Refuses what is below the minimum or above the maximum."""

    def __init__(self, minimum, maximum):
        self.minimum, self.maximum = minimum, maximum

    def validate(self, value):
        """Raise outside the range."""
        if value is not None and not self.minimum <= value <= self.maximum:
            raise ValueError(f"Value must be within [{self.minimum}, {self.maximum}], it is {value}")


class Minimum(Validator):
    """Refuses what is below."""

    def __init__(self, minimum):
        self.minimum = minimum

    def validate(self, value):
        """Raise below the minimum."""
        if value is not None and value < self.minimum:
            raise ValueError(f"Value must be at least {self.minimum}, it is {value}")


class Maximum(Validator):
    """Refuses what is above."""

    def __init__(self, maximum):
        self.maximum = maximum

    def validate(self, value):
        """Raise above the maximum."""
        if value is not None and value > self.maximum:
            raise ValueError(f"Value must be at most {self.maximum}, it is {value}")


class Choice(Validator):
    """Refuses everything but the choices."""

    def __init__(self, choices):
        self.choices = list(choices)

    def validate(self, value):
        """Raise for what is no choice."""
        if value not in self.choices:
            raise ValueError(f"Value must be one of {self.choices}, it is {value!r}")


class Exclude(Validator):
    """Refuses some values."""

    def __init__(self, excludedValues):
        self.excludedValues = excludedValues

    def validate(self, value):
        """Raise for an excluded value."""
        if value in self.excludedValues:
            raise ValueError(f"Value must not be one of {self.excludedValues}")


class RangeBounds(Validator):
    """Refuses ranges that reach beyond the bounds."""

    def __init__(self, minimum, maximum):
        self.minimum, self.maximum = minimum, maximum

    def validate(self, value):
        """Raise for a range outside the bounds."""
        if value.minimum < self.minimum or value.maximum > self.maximum:
            raise ValueError(f"Range must be within [{self.minimum}, {self.maximum}]")


def splitAnnotations(kind):
    """Return a type and the list of what it is annotated with."""
    if typing.get_origin(kind) is typing.Annotated:
        return kind.__origin__, list(kind.__metadata__)
    return kind, []


def find(annotations, kind):
    """Return the first annotation of a kind, or None."""
    return next((each for each in annotations if isinstance(each, kind)), None)


def bounds(annotations):
    """Return the minimum and maximum that the annotations give, None where there is none."""
    within = find(annotations, WithinRange)
    if within:
        return within.minimum, within.maximum
    low, high = find(annotations, Minimum), find(annotations, Maximum)
    return low.minimum if low else None, high.maximum if high else None


def members(kind):
    """Return the types of a union, or the type alone."""
    return typing.get_args(kind) if typing.get_origin(kind) in (typing.Union, UnionType) else (kind,)
