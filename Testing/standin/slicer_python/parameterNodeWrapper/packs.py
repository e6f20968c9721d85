"""Groups of parameters."""

from __future__ import annotations

import typing

from slicer.parameterNodeWrapper.annotations import Default, find, splitAnnotations


def parameterPack(classtype=None):
    """Make a class a group of parameters: constructed from its members, compared by them."""
    if classtype is None:
        return parameterPack
    kinds, defaults = {}, {}
    for name, kind in typing.get_type_hints(classtype, include_extras=True).items():
        kinds[name], annotations = splitAnnotations(kind)
        given = find(annotations, Default)
        defaults[name] = given.make() if given else getattr(classtype, name, kinds[name]())

    def __init__(self, *arguments, **keywords):
        values = defaults | dict(zip(kinds, arguments, strict=False)) | keywords
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name, value):
        if name not in kinds and not name.startswith("_"):
            raise AttributeError(f"{classtype.__name__} has no parameter {name}")
        object.__setattr__(self, name, value)
        if "_changed" in self.__dict__ and not name.startswith("_"):
            self._changed(self)

    def __eq__(self, other):
        return type(other) is type(self) and all(
            getattr(self, name) == getattr(other, name) for name in kinds
        )

    classtype.__init__, classtype.__setattr__, classtype.__eq__ = __init__, __setattr__, __eq__
    classtype.__hash__ = None
    classtype.allParameters = kinds
    classtype._isParameterPack = True
    return classtype


def isParameterPack(classtype):
    """Say whether a class is a group of parameters."""
    return getattr(classtype, "_isParameterPack", False)


@parameterPack
class FloatRange:
    """A range of numbers."""

    minimum: float
    maximum: float
