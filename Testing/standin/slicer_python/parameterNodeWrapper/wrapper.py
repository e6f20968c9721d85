"""The class decorator that gives a parameter node typed members."""

from __future__ import annotations

import itertools
import typing
import weakref

import vtk
from slicer.parameterNodeWrapper import connectors, serializers
from slicer.parameterNodeWrapper.annotations import WithinRange, find, splitAnnotations
from standin.collected import collecting


class ParameterNodeWrapper:
    """What every wrapped class offers."""

    allParameters: typing.ClassVar[dict]
    _annotations: typing.ClassVar[dict]
    _defaults: typing.ClassVar[dict]

    def __init__(self, parameterNode):
        object.__setattr__(self, "parameterNode", parameterNode)
        object.__setattr__(self, "_connections", {})
        object.__setattr__(self, "_tags", itertools.count())
        object.__setattr__(self, "_cache", {})
        self._read_again()
        own = weakref.ref(self)
        parameterNode.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: own() and own()._read_again())

    def __getattr__(self, name):
        if name in type(self).allParameters:
            return self.getValue(name)
        raise AttributeError(name)

    def __setattr__(self, name, value):
        if name not in self.allParameters:
            raise AttributeError(f"{type(self).__name__} has no parameter {name}")
        self.setValue(name, value)

    def _read_again(self):
        """Only the node's ModifiedEvent has it read again: what is read may be older than the node."""
        for name, kind in self.allParameters.items():
            if not serializers.stored(self.parameterNode, name):
                value = self._defaults[name] if name in self._defaults else serializers.default(kind)
                serializers.write(self.parameterNode, name, kind, value)
            self._cache[name] = serializers.read(self.parameterNode, name, kind)

    def getValue(self, name):
        """Return a value."""
        value = self._cache[name]
        if isinstance(value, list):
            return serializers.ObservedList(value, lambda changed: self.setValue(name, changed))
        return value

    def setValue(self, name, value):
        """Store a value, after checking its type and range."""
        kind = self.allParameters[name]
        serializers.check(kind, value)
        within = find(self._annotations[name], WithinRange)
        if within is not None:
            within.validate(value)
        before = self.parameterNode.StartModify()
        serializers.write(self.parameterNode, name, kind, value)
        self._cache[name] = serializers.read(self.parameterNode, name, kind)
        self.parameterNode.EndModify(before)

    def connectParametersToGui(self, mapping):
        """Connect parameters to widgets; return a tag."""
        made = [
            connectors.connect(self, name, widget, self.allParameters[name], self._annotations[name])
            for name, widget in mapping.items()
        ]

        def update(*_):
            with collecting():
                for each in made:
                    each.show(self.getValue(each.name))

        update()
        observer = self.parameterNode.AddObserver(vtk.vtkCommand.ModifiedEvent, update)
        tag = next(self._tags)
        self._connections[tag] = (made, observer)
        return tag

    def disconnectGui(self, tag):
        """Undo a connection."""
        made, observer = self._connections.pop(tag)
        self.parameterNode.RemoveObserver(observer)
        for each in made:
            each.disconnect()


_RESERVED = {"allParameters", "default", "isCached", "dataType", "getValue", "setValue", "connectGui",
             "connectParametersToGui", "disconnectGui", "StartModify", "EndModify", "AddObserver",
             "RemoveObserver", "Modified"}  # fmt: skip


def parameterNodeWrapper(classtype):
    """Decorate a class whose annotations are parameters."""
    kinds, notes, defaults = {}, {}, {}
    for name, annotated in typing.get_type_hints(classtype, include_extras=True).items():
        if name in _RESERVED:
            raise ValueError(f"{name} cannot be the name of a parameter")
        kinds[name], notes[name] = splitAnnotations(annotated)
        if not serializers.supported(kinds[name]):
            raise ValueError(f"No serializer for the type of {name}: {kinds[name]}")
        if name in vars(classtype):
            defaults[name] = vars(classtype)[name]
    body = {
        key: value
        for key, value in vars(classtype).items()
        if key not in ("__dict__", "__weakref__", *defaults)
    }
    body |= {"allParameters": kinds, "_annotations": notes, "_defaults": defaults}
    return type(classtype.__name__, (ParameterNodeWrapper, *classtype.__bases__), body)
