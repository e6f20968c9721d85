"""The class decorator that gives a parameter node typed members."""

from __future__ import annotations

import itertools
import typing
import weakref

import vtk
from slicer.parameterNodeWrapper import connectors, serializers
from slicer.parameterNodeWrapper.annotations import Default, Validator, find, splitAnnotations
from slicer.parameterNodeWrapper.packs import isParameterPack
from standin.collected import collecting

_RESERVED = {
    "allParameters",
    "default",
    "isCached",
    "dataType",
    "getValue",
    "setValue",
    "connectGui",
    "connectParametersToGui",
    "disconnectGui",
    "StartModify",
    "EndModify",
    "AddObserver",
    "RemoveObserver",
    "Modified",
}


class ParameterNodeWrapper:
    """What every wrapped class offers."""

    allParameters: typing.ClassVar[dict]
    _annotations: typing.ClassVar[dict]
    _defaults: typing.ClassVar[dict]

    def __init__(self, parameterNode, prefix=None):
        object.__setattr__(self, "parameterNode", parameterNode)
        object.__setattr__(self, "_prefix", f"{prefix}." if prefix else "")
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

    def default(self, paramName):
        """Return the default of a parameter."""
        given = self._defaults.get(paramName)
        return given.make() if given else serializers.default(self.allParameters[paramName])

    def isCached(self, paramName):
        """Say whether what is read may be older than the node: only its ModifiedEvent has it read again."""
        return True

    def _read_again(self):
        for name, kind in self.allParameters.items():
            if not serializers.stored(self.parameterNode, self._prefix + name, kind):
                serializers.write(self.parameterNode, self._prefix + name, kind, self.default(name))
            self._cache[name] = serializers.read(self.parameterNode, self._prefix + name, kind)

    @classmethod
    def dataType(cls, memberName):
        """Return the type of a member."""
        return cls.allParameters[memberName]

    def getValue(self, name):
        """Return a value; ``pack.member`` reaches into a pack."""
        name, _, rest = name.partition(".")
        value = self._cache[name]
        if rest:
            return getattr(value, rest)
        if isinstance(value, list):
            return serializers.ObservedList(value, lambda changed: self.setValue(name, changed))
        if isParameterPack(type(value)):
            value._changed = lambda changed: self.setValue(name, changed)
        return value

    def setValue(self, name, value):
        """Store a value, after checking type and validators."""
        name, _, rest = name.partition(".")
        if rest:
            setattr(self.getValue(name), rest, value)
            return
        kind = self.allParameters[name]
        serializers.check(kind, value)
        for each in self._annotations[name]:
            if isinstance(each, Validator):
                each.validate(value)
        before = self.parameterNode.StartModify()
        serializers.write(self.parameterNode, self._prefix + name, kind, value)
        self._cache[name] = serializers.read(self.parameterNode, self._prefix + name, kind)
        self.parameterNode.EndModify(before)

    def connectGui(self, gui):
        """Connect the widgets that carry the name of a parameter; return a tag."""
        return self.connectParametersToGui(connectors.named_widgets(gui, self))

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

    def StartModify(self):
        """Hold back events."""
        return self.parameterNode.StartModify()

    def EndModify(self, wasModified):
        """Send the events held back."""
        return self.parameterNode.EndModify(wasModified)

    def AddObserver(self, event, callback, priority=0.0):
        """Observe the parameter node."""
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag):
        """Stop observing the parameter node."""
        self.parameterNode.RemoveObserver(tag)

    def Modified(self):
        """Tell the observers of a change."""
        self.parameterNode.Modified()


def parameterNodeWrapper(classtype=None):
    """Decorate a class whose annotations are parameters."""
    if classtype is None:
        return parameterNodeWrapper
    kinds, notes, defaults = {}, {}, {}
    for name, annotated in typing.get_type_hints(classtype, include_extras=True).items():
        if name in _RESERVED:
            raise ValueError(f"{name} cannot be the name of a parameter")
        kinds[name], notes[name] = splitAnnotations(annotated)
        if not serializers.supported(kinds[name]):
            raise ValueError(f"No serializer for the type of {name}: {kinds[name]}")
        given = find(notes[name], Default)
        if name in vars(classtype):
            given = Default(vars(classtype)[name])
            delattr(classtype, name)
        if given:
            defaults[name] = given
    body = {key: value for key, value in vars(classtype).items() if key not in ("__dict__", "__weakref__")}
    body |= {"allParameters": kinds, "_annotations": notes, "_defaults": defaults}
    return type(classtype.__name__, (ParameterNodeWrapper, *classtype.__bases__), body)


def isParameterNodeWrapper(value):
    """Say whether a class or an object is a wrapped parameter node."""
    return issubclass(value if isinstance(value, type) else type(value), ParameterNodeWrapper)
