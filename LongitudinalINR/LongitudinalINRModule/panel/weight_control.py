"""A weight on a logarithmic slider beside a field to type it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.settings.parameters import LARGEST_WEIGHT

if TYPE_CHECKING:
    import ctk
    import qt

# At its left end the slider means 0: off.
OFF = -6.0


class WeightControl:
    """Keeps slider, field and stored weight in step.

    Parameters
    ----------
    slider : ctk.ctkDoubleSlider
        Shows the logarithm to base 10.
    field : qt.QLineEdit
        Shows the weight.
    store : callable
        Takes a weight that the person chose.
    """

    def __init__(self, slider: ctk.ctkDoubleSlider, field: qt.QLineEdit, store: Callable[[float], None]):
        self._slider, self._field, self._store = slider, field, store
        self._weight = 0.0
        self._showing = False
        slider.minimum, slider.maximum = OFF, math.log10(LARGEST_WEIGHT)
        self._connections = Connections()
        self._connections.connect(slider.valueChanged, self._dragged)
        self._connections.connect(field.editingFinished, self._typed)

    def show(self, weight: float) -> None:
        """Show a weight."""
        self._weight = weight
        self._showing = True
        try:
            self._slider.value = math.log10(weight) if weight > 10**OFF else OFF
            self._field.text = _text(weight)
        finally:
            self._showing = False

    def enable(self, enabled: bool) -> None:
        """Let the weight be changed, or not."""
        self._slider.enabled = self._field.enabled = enabled

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _dragged(self, exponent: float) -> None:
        if not self._showing:
            self._store(float(f"{10**exponent:.2g}") if exponent > OFF else 0.0)

    def _typed(self) -> None:
        text = self._field.text.strip().replace(",", ".")
        try:
            weight = 0.0 if text == "off" else float(text)
        except ValueError:
            weight = -1.0
        if 0 <= weight <= LARGEST_WEIGHT and text != _text(self._weight):
            self._store(weight)
        else:
            self.show(self._weight)


def _text(weight: float) -> str:
    """Write a weight with three digits that count."""
    return f"{float(f'{weight:.3g}'):g}" if weight > 0 else "off"
