"""CTK's slider, and the one with a spin box."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from standin.signals import emit
from standin.widgets.builder import plays, stored


@plays("ctkDoubleSlider")
class DoubleSlider(QWidget):
    """A slider with floating-point values: one step of the handle is one ``singleStep``."""

    DEFAULTS: ClassVar = {
        "maximum": 99.0,
        "singleStep": 1.0,
        "pageStep": 10.0,
        "tracking": True,
        "orientation": 1,
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = 0.0
        self.handle = QSlider(Qt.Orientation.Horizontal, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.handle)
        self.handle.valueChanged.connect(self._handle_moved)
        self.handle.sliderPressed.connect(lambda: emit(self, "sliderPressed()"))
        self.handle.sliderReleased.connect(lambda: emit(self, "sliderReleased()"))
        self._scale_handle()

    def read_value(self) -> float:
        return self._value

    def write_value(self, value: float) -> None:
        value = min(max(value, self.property("minimum")), self.property("maximum"))
        changed = value != self._value
        self._value = value
        self._place_handle()
        if changed:
            emit(self, "valueChanged(double)", value)

    setValue = write_value

    def _write(name: str) -> Any:
        def write(self: Any, value: Any) -> None:
            stored(self)[name] = value
            self._scale_handle()

        return write

    write_minimum, write_maximum = _write("minimum"), _write("maximum")
    write_singleStep, write_tracking = _write("singleStep"), _write("tracking")

    def _scale_handle(self) -> None:
        low, high = self.property("minimum"), self.property("maximum")
        self.handle.blockSignals(True)
        self.handle.setRange(0, max(round((high - low) / self.property("singleStep")), 0))
        self.handle.setTracking(self.property("tracking"))
        self.handle.blockSignals(False)
        emit(self, "rangeChanged(double,double)", low, high)
        self.write_value(self._value)

    def _place_handle(self) -> None:
        self.handle.blockSignals(True)
        self.handle.setValue(round((self._value - self.property("minimum")) / self.property("singleStep")))
        self.handle.blockSignals(False)

    def _handle_moved(self, steps: int) -> None:
        self._value = min(
            self.property("minimum") + steps * self.property("singleStep"), self.property("maximum")
        )
        emit(self, "sliderMoved(double)", self._value)
        emit(self, "valueChanged(double)", self._value)


@plays("ctkSliderWidget")
class SliderWidget(QWidget):
    """A slider and a spin box that show the same number."""

    DEFAULTS: ClassVar = {"tracking": True, "spinBoxVisible": True, "pageStep": 10.0}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider, self.box = DoubleSlider(self), QDoubleSpinBox(self)
        self.box.setMaximum(99.0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.box)
        self.box.valueChanged.connect(self.slider.write_value)
        getattr(self.slider, self.slider.signal_attributes["valueChanged(double)"]).connect(self._changed)

    def read_value(self) -> float:
        return float(self.slider.property("value"))

    def write_value(self, value: float) -> None:
        self.slider.write_value(value)

    setValue = write_value

    def _bounds(name: str) -> Any:
        def write(self: Any, value: Any) -> None:
            self.box.setProperty(name, value)
            self.slider.setProperty(name, value)

        return lambda self: self.slider.property(name), write

    read_minimum, write_minimum = _bounds("minimum")
    read_maximum, write_maximum = _bounds("maximum")
    read_singleStep, write_singleStep = _bounds("singleStep")

    def _of_box(name: str) -> Any:
        return lambda self: self.box.property(name), lambda self, value: self.box.setProperty(name, value)

    read_prefix, write_prefix = _of_box("prefix")
    read_suffix, write_suffix = _of_box("suffix")
    read_decimals, write_decimals = _of_box("decimals")

    def _changed(self, value: float) -> None:
        if self.box.value() != value:  # rewriting the same number would disturb somebody who types
            self.box.blockSignals(True)
            self.box.setValue(value)
            self.box.blockSignals(False)
        emit(self, "valueChanged(double)", value)
