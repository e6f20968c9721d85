"""CTK's range slider and range widget: two values between two bounds."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from standin.signals import emit
from standin.widgets.builder import plays, stored


class TwoValues(QWidget):
    """The values, their bounds, and what happens when they change."""

    DEFAULTS: ClassVar = {
        "maximum": 99.0,
        "singleStep": 1.0,
        "tracking": True,
        "orientation": 1,
        "decimals": 2,
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.low, self.high = 0.0, 99.0

    def read_minimumValue(self) -> float:
        return self.low

    def read_maximumValue(self) -> float:
        return self.high

    def write_minimumValue(self, value: float) -> None:
        self.setValues(
            value, self._mirrored(value) if self.property("symmetricMoves") else max(value, self.high)
        )

    def write_maximumValue(self, value: float) -> None:
        self.setValues(
            self._mirrored(value) if self.property("symmetricMoves") else min(value, self.low), value
        )

    def write_minimum(self, value: float) -> None:
        self.setRange(value, max(value, self.property("maximum")))

    def write_maximum(self, value: float) -> None:
        self.setRange(min(value, self.property("minimum")), value)

    def setRange(self, low: float, high: float) -> None:
        stored(self).update(minimum=float(low), maximum=float(high))
        self.refresh()
        emit(self, "rangeChanged(double,double)", low, high)
        self.setValues(self.low, self.high)

    def setValues(self, low: float, high: float) -> None:
        lowest, highest = self.property("minimum"), self.property("maximum")
        low, high = (min(max(each, lowest), highest) for each in sorted((low, high)))
        low_changed, high_changed = low != self.low, high != self.high
        self.low, self.high = low, high
        self.refresh()
        if low_changed:
            emit(self, "minimumValueChanged(double)", low)
        if high_changed:
            emit(self, "maximumValueChanged(double)", high)
        if low_changed or high_changed:
            emit(self, "valuesChanged(double,double)", low, high)

    def refresh(self) -> None:
        """Show the values."""
        self.update()

    def _mirrored(self, value: float) -> float:
        return float(self.property("minimum") + self.property("maximum") - value)


@plays("ctkDoubleRangeSlider")
class DoubleRangeSlider(TwoValues):
    """A groove with two handles that can be dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(80, 22)
        self.dragged = ""

    read_minimumPosition, read_maximumPosition = TwoValues.read_minimumValue, TwoValues.read_maximumValue

    def handle_rect(self, which: str) -> QRect:
        """Return where a handle, ``low`` or ``high``, is drawn."""
        span = max(self.property("maximum") - self.property("minimum"), 1e-12)
        share = (getattr(self, which) - self.property("minimum")) / span
        return QRect(round(share * (self.width() - 10)), self.height() // 2 - 8, 10, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        low, high = self.handle_rect("low"), self.handle_rect("high")
        painter.fillRect(QRect(5, self.height() // 2 - 2, self.width() - 10, 4), self.palette().mid())
        between = QRect(low.center().x(), self.height() // 2 - 2, high.center().x() - low.center().x(), 4)
        painter.fillRect(between, self.palette().highlight())
        painter.setBrush(self.palette().button())
        painter.drawRoundedRect(low, 3, 3)
        painter.drawRoundedRect(high, 3, 3)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where: QPoint = event.position().toPoint()
        self.dragged = next((each for each in ("high", "low") if self.handle_rect(each).contains(where)), "")
        if self.dragged:
            emit(self, "sliderPressed()")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.dragged or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        lowest, highest = self.property("minimum"), self.property("maximum")
        value = lowest + (highest - lowest) * (event.position().x() - 5) / max(self.width() - 10, 1)
        step = self.property("singleStep")
        value = lowest + round((value - lowest) / step) * step
        self.setProperty("minimumValue" if self.dragged == "low" else "maximumValue", value)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self.dragged:
            emit(self, "sliderReleased()")
        self.dragged = ""


@plays("ctkRangeWidget")
class RangeWidget(TwoValues):
    """A range slider between two spin boxes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = DoubleRangeSlider(self)
        self.boxes = QDoubleSpinBox(self), QDoubleSpinBox(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in (self.boxes[0], self.slider, self.boxes[1]):
            layout.addWidget(each, 1 if each is self.slider else 0)
        self.boxes[0].valueChanged.connect(lambda value: self.setProperty("minimumValue", value))
        self.boxes[1].valueChanged.connect(lambda value: self.setProperty("maximumValue", value))
        getattr(self.slider, self.slider.signal_attributes["valuesChanged(double,double)"]).connect(
            self.setValues
        )
        self.refresh()

    def refresh(self) -> None:
        """Write the values into the parts without being told of it."""
        parts: tuple[Any, ...] = (*self.boxes, self.slider)
        for each in parts:
            each.blockSignals(True)
        self.slider.setRange(self.property("minimum"), self.property("maximum"))
        stored(self.slider).update({key: self.property(key) for key in ("singleStep", "symmetricMoves")})
        self.slider.setValues(self.low, self.high)
        for box, value in zip(self.boxes, (self.low, self.high), strict=True):
            box.setDecimals(self.property("decimals"))
            box.setRange(self.property("minimum"), self.property("maximum"))
            box.setSingleStep(self.property("singleStep"))
            box.setPrefix(self.property("prefix"))
            box.setSuffix(self.property("suffix"))
            box.setValue(value)
        for each in parts:
            each.blockSignals(False)

    def _refreshing(name: str) -> Any:
        def write(self: Any, value: Any) -> None:
            stored(self)[name] = value
            self.refresh()

        return write

    write_singleStep, write_decimals = _refreshing("singleStep"), _refreshing("decimals")
    write_prefix, write_suffix = _refreshing("prefix"), _refreshing("suffix")
    write_symmetricMoves = _refreshing("symmetricMoves")

    def reset(self) -> None:
        self.setValues(self.property("minimum"), self.property("maximum"))
