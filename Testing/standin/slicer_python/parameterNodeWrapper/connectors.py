"""Widgets kept in step with parameters; the type of a widget has to be exactly one of those known."""

from __future__ import annotations

import enum
import typing
from types import UnionType

import qt
import slicer
from slicer.parameterNodeWrapper.annotations import Decimals, SingleStep, WithinRange, find, members
from slicer.parameterNodeWrapper.serializers import is_node


class Connector:
    """A parameter and its widget: ``signal`` tells of changes, ``property`` holds the value."""

    signal, property = "stateChanged", "checked"

    def __init__(self, wrapper, name, widget, kind):
        self.name, self.widget, self._wrapper, self._kind = name, widget, wrapper, kind
        getattr(widget, self.signal).connect(self._changed)

    def show(self, value):
        """Write the parameter's value into the widget."""
        if self.read() != value:
            self.write(value)

    def read(self):
        """Return what the widget holds, in the parameter's type."""
        return self._kind(getattr(self.widget, self.property))

    def write(self, value):
        """Let the widget hold a value."""
        setattr(self.widget, self.property, value)

    def disconnect(self):
        """Stop following the widget."""
        getattr(self.widget, self.signal).disconnect(self._changed)

    def _changed(self, *_):
        self._wrapper.setValue(self.name, self.read())


class NumberConnector(Connector):
    """A number."""

    signal, property = "valueChanged", "value"


class ChoiceConnector(Connector):
    """One of several values, by its place in the list."""

    signal = "currentIndexChanged"

    def __init__(self, wrapper, name, widget, kind):
        self._values = list(kind)
        widget.clear()
        for each in kind:
            widget.addItem(each.label() if hasattr(each, "label") else each.name)
        super().__init__(wrapper, name, widget, kind)

    def read(self):
        """Return the value chosen."""
        return self._values[self.widget.currentIndex] if self.widget.currentIndex >= 0 else None

    def write(self, value):
        """Choose a value."""
        self.widget.currentIndex = self._values.index(value)


class NodeConnector(Connector):
    """A node."""

    signal = "currentNodeChanged"

    def __init__(self, wrapper, name, widget, kind):
        widget.nodeTypes = [each.__name__ for each in members(kind) if each is not type(None)]
        super().__init__(wrapper, name, widget, kind)

    def read(self):
        """Return the node chosen."""
        return self.widget.currentNode()

    def write(self, value):
        """Choose a node."""
        self.widget.setCurrentNode(value)


def connect(wrapper, name, widget, kind, annotations):
    """Return the connector of a parameter and a widget; raise where Slicer, or the stand-in, has none."""
    is_class = isinstance(kind, type)
    known = {
        qt.QCheckBox: (Connector, kind is bool),
        qt.QComboBox: (ChoiceConnector, is_class and issubclass(kind, enum.Enum)),
        qt.QSpinBox: (NumberConnector, kind is int),
        qt.QDoubleSpinBox: (NumberConnector, kind in (int, float)),
        # Slicer looks for typing.Union alone: before Python 3.12 a type written A | B stays what it is.
        slicer.qMRMLNodeComboBox: (NodeConnector, typing.get_origin(kind) is not UnionType and is_node(kind)),
    }
    connector, fits = known.get(type(widget), (None, False))
    if not fits:
        raise RuntimeError(f"Unable to create GUI connector: {name}, of {kind}, and {widget.className()}")
    if connector is NumberConnector:
        _limit(widget, kind, annotations)
    return connector(wrapper, name, widget, kind)


def _limit(widget, kind, annotations):
    """Set bounds, step and decimals as the annotations say, whatever the panel's file says."""
    within, decimals, step = (find(annotations, each) for each in (WithinRange, Decimals, SingleStep))
    limit = 2**31 - 1 if kind is int else 1e300
    widget.minimum, widget.maximum = (within.minimum, within.maximum) if within else (-limit, limit)
    if decimals:
        widget.decimals = decimals.value
    if step:
        widget.singleStep = step.value
