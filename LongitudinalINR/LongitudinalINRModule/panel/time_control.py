"""The time slider: drag it, type a month, play."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import qt
import slicer

from LongitudinalINRLib.horizon import WARNED_SPANS, spans_beyond
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.time_ruler import TimeRuler
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from LongitudinalINRModule.result.result import SceneResult
from LongitudinalINRModule.result.stored_maps import describe_stored
from LongitudinalINRModule.settings.time_points import FAR

PLAY_MS = 40
# Slider and field move in tenths of a month: a scan this near is the one that is meant.
NEAR_MONTHS = 0.05
_KINDS = {
    "observed": "A scan was made at this month.",
    "interpolated": "Between scans: interpolated.",
    "extrapolated": "⚠ Beyond the last scan: predicted, not measured.",
}


class TimeControl:
    """Moves the maps of a result through time, and follows when Slicer's own browser does.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    on_months : callable
        Takes the month that is shown, after the maps.
    """

    def __init__(self, ui: Any, on_months: Callable[[float], None]):
        self._ui, self._on_months = ui, on_months
        self._result: SceneResult | None = None
        self._time: ContinuousTime | None = None
        self._showing = False
        self._ruler = TimeRuler(ui.rulerLabel)
        self._timer = qt.QTimer()
        self._timer.setInterval(PLAY_MS)
        self._ticked = 0.0
        self._connections = Connections()
        self._connections.connect(ui.timeSlider.valueChanged, self._moved)
        self._connections.connect(ui.monthSpinBox.valueChanged, self._moved)
        self._connections.connect(ui.playButton.toggled, self._play)
        self._connections.connect(self._timer.timeout, self._tick)

    @property
    def time(self) -> ContinuousTime | None:
        """What moves the maps; None without a result."""
        return self._time

    def open(self, result: SceneResult | None, months: float = 0.0) -> None:
        """Show a result at a month; None for none."""
        self._ui.playButton.checked = False
        if self._time is not None:
            self._time.close()
        self._result, self._time = result, None
        if result is None:
            return
        self._time = ContinuousTime(result, slicer.modules.sequences.logic(), self._browsed)
        last = result.months[-1]
        self._showing = True
        for widget in (self._ui.timeSlider, self._ui.monthSpinBox):
            widget.minimum, widget.maximum = result.months[0], last
        self._showing = False
        self._ruler.show(result.observed_months, last)
        self.show(months)

    def show(self, months: float) -> None:
        """Show a month."""
        if self._time is None:
            return
        self._time.show(months)
        self._tell(self._time.months)

    def close(self) -> None:
        """Let everything go."""
        self.open(None)
        self._connections.close()
        self._ruler.close()

    def _moved(self, months: float) -> None:
        if not self._showing and self._result is not None:
            self.show(_meant(months, self._result.observed_months))

    def _browsed(self, months: float) -> None:
        self._ui.playButton.checked = False
        self._tell(months)

    def _tell(self, months: float) -> None:
        result = self._result
        if result is None:
            return
        self._showing = True
        try:
            self._ui.timeSlider.value = months
            self._ui.monthSpinBox.value = months
            self._ui.kindLabel.text = _kind_text(result, months)
            stored = describe_stored(result, months)
            self._ui.storedLabel.text = stored
            self._ui.storedLabel.visible = bool(stored)
        finally:
            self._showing = False
        self._on_months(months)

    def _play(self, on: bool) -> None:
        self._ui.playButton.text = "❚❚" if on else "▶"
        if not on or self._time is None or self._result is None:
            self._timer.stop()
            return
        if self._time.months >= self._result.months[-1]:
            self.show(self._result.months[0])
        self._ticked = time.monotonic()
        self._timer.start()

    def _tick(self) -> None:
        if self._time is None or self._result is None:
            return
        now = time.monotonic()
        months = self._time.months + self._ui.speedSpinBox.value * (now - self._ticked)
        self._ticked = now
        first, last = self._result.months[0], self._result.months[-1]
        if months > last and self._ui.loopCheckBox.checked:
            months = first
        self.show(months)
        if months >= last:
            self._ui.playButton.checked = False


def _meant(months: float, observed_months: Sequence[float]) -> float:
    nearest = min(observed_months, key=lambda seen: abs(seen - months))
    return nearest if abs(nearest - months) <= NEAR_MONTHS + 1e-9 else months


def _kind_text(result: SceneResult, months: float) -> str:
    if spans_beyond(months, result.observed_months[-1]) > WARNED_SPANS:
        return FAR
    return _KINDS[result.kind(months)]
