"""Widgets kept in step with parameters; the type of a widget has to be exactly one of those known."""

from __future__ import annotations

import enum
import logging
import pathlib
import typing
from types import UnionType

import ctk
import qt
import slicer
from slicer.parameterNodeWrapper.annotations import (
    Choice,
    Decimals,
    SingleStep,
    bounds,
    find,
    members,
)
from slicer.parameterNodeWrapper.serializers import is_node

SlicerParameterNamePropertyName = "SlicerParameterName"
SlicerPackParameterNamePropertyName = "SlicerPackParameterName"

_INT_32 = 2**31 - 1
_NUMBER_WIDGETS = (qt.QDoubleSpinBox, ctk.ctkSliderWidget, slicer.qMRMLSliderWidget, ctk.ctkDoubleSlider,
                   ctk.ctkDoubleSpinBox)  # fmt: skip


class Connector:
    """A parameter and its widget: ``signal`` tells of changes, ``property`` holds the value."""

    def __init__(self, wrapper, name, widget, signal, property_name):
        self.name, self.widget, self._property = name, widget, property_name
        self._wrapper, self._signal = wrapper, signal
        if signal:
            getattr(widget, signal).connect(self._changed)

    def show(self, value):
        """Write the parameter's value into the widget."""
        if self.read() != value:
            self.write(value)

    def read(self):
        """Return what the widget holds."""
        return getattr(self.widget, self._property)

    def write(self, value):
        """Let the widget hold a value."""
        setattr(self.widget, self._property, value)

    def disconnect(self):
        """Stop following the widget."""
        if self._signal:
            getattr(self.widget, self._signal).disconnect(self._changed)

    def _changed(self, *_):
        self._wrapper.setValue(self.name, self.read())


class NumberConnector(Connector):
    """A number: bounds, step and decimals come from the annotations."""

    def __init__(self, wrapper, name, widget, kind, annotations):
        low, high = bounds(annotations)
        bounded = low is not None and high is not None
        if type(widget) in (qt.QSlider, ctk.ctkSliderWidget, slicer.qMRMLSliderWidget) and not bounded:
            raise RuntimeError(
                f"{name}: a {widget.className()} needs a minimum and a maximum, as WithinRange gives"
            )
        limit = _INT_32 if kind is int else 1e300
        widget.minimum = -limit if low is None else low
        widget.maximum = limit if high is None else high
        decimals, step = find(annotations, Decimals), find(annotations, SingleStep)
        if hasattr(widget, "decimals") and (decimals or kind is int):
            widget.decimals = 0 if kind is int else decimals.value
        if step:
            widget.singleStep = step.value
        self._kind = kind
        super().__init__(wrapper, name, widget, "valueChanged", "value")

    def read(self):
        """Return the number in the parameter's type."""
        return self._kind(self.widget.value)


class ChoiceConnector(Connector):
    """One of several values, by its place in the list."""

    def __init__(self, wrapper, name, widget, values, labels):
        self._values = values
        widget.clear()
        for label in labels:
            widget.addItem(str(label))
        super().__init__(wrapper, name, widget, "currentIndexChanged", "currentIndex")

    def read(self):
        """Return the value chosen."""
        return self._values[self.widget.currentIndex] if self.widget.currentIndex >= 0 else None

    def write(self, value):
        """Choose a value."""
        self.widget.currentIndex = self._values.index(value)


class NodeConnector(Connector):
    """A node."""

    def __init__(self, wrapper, name, widget, kind, _annotations):
        widget.nodeTypes = [each.__name__ for each in members(kind) if each is not type(None)]
        super().__init__(wrapper, name, widget, "currentNodeChanged", "")

    def read(self):
        """Return the node chosen."""
        return self.widget.currentNode()

    def write(self, value):
        """Choose a node."""
        self.widget.setCurrentNode(value)


class PathConnector(Connector):
    """A path, which the widget holds as text."""

    def __init__(self, wrapper, name, widget, kind, signal, property_name):
        self._kind = kind
        super().__init__(wrapper, name, widget, signal, property_name)

    def read(self):
        """Return the path."""
        return self._kind(getattr(self.widget, self._property))

    def write(self, value):
        """Show a path."""
        setattr(self.widget, self._property, str(value))


class TextConnector(Connector):
    """Text of several lines."""

    def read(self):
        """Return the text."""
        return self.widget.toPlainText()

    def write(self, value):
        """Show a text."""
        self.widget.setPlainText(value)


def connect(wrapper, name, widget, kind, annotations):
    """Return the connector of a parameter and a widget; raise where Slicer has none."""
    # Slicer looks for typing.Union alone: before Python 3.12 a type written A | B stays what it is.
    kinds = members(kind) if typing.get_origin(kind) is not UnionType else (kind,)
    plain = next((each for each in kinds if each is not type(None)), kind)
    for fits, make in _CONNECTORS:
        if fits(plain, type(widget)):
            return make(wrapper, name, widget, plain if fits is not _fits_node else kind, annotations)
    raise RuntimeError(f"Unable to create GUI connector: {name}, of {kind}, and {widget.className()}")


def _choice(wrapper, name, widget, kind, annotations):
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        labels = [each.label() if hasattr(each, "label") else each.name for each in kind]
        return ChoiceConnector(wrapper, name, widget, list(kind), labels)
    choice = find(annotations, Choice)
    if choice is None:
        raise RuntimeError(f"{name}: a combo box needs a Choice annotation")
    return ChoiceConnector(wrapper, name, widget, choice.choices, choice.choices)


def _path(wrapper, name, widget, kind, _annotations):
    return PathConnector(wrapper, name, widget, kind, "currentPathChanged", "currentPath")


def _button(wrapper, name, widget, _kind, _annotations):
    if not widget.checkable:
        logging.warning(f"{name}: the button is made checkable")
        widget.checkable = True
    return Connector(wrapper, name, widget, "toggled", "checked")


def _with(signal, property_name, connector=Connector):
    return lambda wrapper, name, widget, *_: connector(wrapper, name, widget, signal, property_name)


def _is(*kinds):
    return lambda *widgets: lambda kind, widget: kind in kinds and widget in widgets


def _fits_path(kind, widget):
    fits = isinstance(kind, type) and issubclass(kind, pathlib.PurePath)
    return fits and widget is ctk.ctkPathLineEdit


def _fits_node(kind, widget):
    return typing.get_origin(kind) is not UnionType and is_node(kind) and widget is slicer.qMRMLNodeComboBox


_CONNECTORS = [
    (lambda _kind, widget: widget is qt.QComboBox, _choice),
    (_is(bool)(qt.QCheckBox), _with("stateChanged", "checked")),
    (_is(bool)(qt.QPushButton), _button),
    (_is(int)(qt.QSlider, qt.QSpinBox), NumberConnector),
    (_is(int, float)(*_NUMBER_WIDGETS), NumberConnector),
    (_is(str)(qt.QLineEdit), _with("textChanged", "text")),
    (_is(str)(qt.QLabel), _with(None, "text")),
    (_is(str)(qt.QTextEdit), _with("textChanged", "", TextConnector)),
    (_fits_path, _path),
    (_fits_node, NodeConnector),
]


def named_widgets(gui, wrapper):
    """Return the widgets of a panel by the parameter that their dynamic property names."""
    if callable(getattr(gui, "isWidgetType", None)) and gui.isWidgetType():
        widgets = gui.findChildren(qt.QWidget)
    else:
        widgets = vars(gui).values()
    found = {}
    for widget in widgets:
        name = widget.property(SlicerParameterNamePropertyName)
        if name:
            if name not in wrapper.allParameters:
                raise ValueError(f"the panel names a parameter that does not exist: {name}")
            found[name] = widget
    return found
