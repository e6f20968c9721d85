"""Two months, or two results, side by side; and the way back to what the views showed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import slicer

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.display.comparison_layout import LAYOUT_ID, SIDES, show_layout
from LongitudinalINRModule.display.result_layout import USUAL
from LongitudinalINRModule.display.side_by_side import Side, SideBySide
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.result.result import OBSERVED_ATTRIBUTE, SceneResult
from LongitudinalINRModule.result.result_check import check_result


class CompareControl:
    """Compares the result that is explored, at one month, with itself or another one at another month.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    opacity : callable
        Returns how strongly maps cover their baselines, 0 to 1.
    """

    def __init__(self, ui: Any, opacity: Callable[[], float]):
        self._ui, self._opacity = ui, opacity
        self._result: SceneResult | None = None
        self._shown: SideBySide | None = None
        self._layout_before: int | None = None
        ui.compareSelector.addAttribute("vtkMRMLSequenceBrowserNode", OBSERVED_ATTRIBUTE)
        ui.compareSelector.setMRMLScene(slicer.mrmlScene)
        self._connections = Connections()
        for signal, act in (
            (ui.compareButton.clicked, self.show),
            (ui.compareBackButton.clicked, self.put_back),
            (ui.compareSelector.currentNodeChanged, self._other_chosen),
            (ui.compareMonthSpinBox.valueChanged, self._months_changed),
            (ui.compareOtherMonthSpinBox.valueChanged, self._months_changed),
            (ui.rangeSlider.valueChanged, self._months_changed),
            (ui.neutralSlider.valueChanged, self._months_changed),
        ):
            self._connections.connect(signal, act)
        self.open(None)

    def open(self, result: SceneResult | None) -> None:
        """Offer the comparison of a result with itself first; None for none."""
        self.put_back()
        self._result = result
        self._ui.compareGroup.visible = result is not None
        if result is None:
            return
        self._ui.compareSelector.setCurrentNode(result.browser)
        _limit(self._ui.compareMonthSpinBox, result, result.observed_months[1])
        self._other_chosen()

    def show(self) -> None:
        """Show both sides in a layout of their own."""
        layout = slicer.app.layoutManager()
        if self._result is None or layout is None:
            return
        try:
            sides = self._sides(self._result)
            before = show_layout(layout.layoutLogic().GetLayoutNode())
            if before != LAYOUT_ID:
                self._layout_before = before
            logics = [[layout.sliceWidget(name).sliceLogic() for name in names] for names in SIDES]
            self._shown = self._shown or SideBySide(logics)
            self._shown.show(sides, "jacobian", self._opacity())
        except LongitudinalError as error:
            self._give_up(error)
            return
        self._tell(sides)
        self._ui.compareBackButton.enabled = True

    def put_back(self) -> None:
        """Choose the layout that was there before, and let the maps of the comparison go.

        A comparison that came with a bundle goes too, since its maps are not saved.
        """
        layout = slicer.app.layoutManager()
        if layout is not None and layout.layout == LAYOUT_ID:  # else the person has chosen another one
            layout.setLayout(USUAL if self._layout_before is None else self._layout_before)
        if self._shown is not None:
            self._shown.remove()
        self._shown = self._layout_before = None
        self._ui.compareBackButton.enabled = False
        self._say("")

    def close(self) -> None:
        """Let everything go."""
        self.put_back()
        self._connections.close()

    def _sides(self, result: SceneResult) -> list[Side]:
        node = self._ui.compareSelector.currentNode()
        other = result if node is None or node is result.browser else SceneResult(node)
        if other is not result:
            check_result(other)
        return [
            Side(result, self._ui.compareMonthSpinBox.value),
            Side(other, self._ui.compareOtherMonthSpinBox.value),
        ]

    def _other_chosen(self, *_: object) -> None:
        if self._result is None:
            return
        try:
            other = self._sides(self._result)[1].result
            _limit(self._ui.compareOtherMonthSpinBox, other, other.observed_months[-1])
        except LongitudinalError as error:
            self._say(f"⚠ {error.message} {error.advice}")
            return
        if self._shown is not None:
            self.show()

    def _months_changed(self, *_: object) -> None:
        if self._shown is None or self._result is None:
            return
        try:
            sides = self._sides(self._result)
            self._shown.update(sides, "jacobian")
        except LongitudinalError as error:
            self._give_up(error)
            return
        self._tell(sides)

    def _give_up(self, error: LongitudinalError) -> None:
        self.put_back()
        self._say(f"⚠ {error.message} {error.advice}")

    def _tell(self, sides: list[Side]) -> None:
        self._say("Above: {}. Below: {}. The views move together.".format(*map(_told, sides)))

    def _say(self, text: str) -> None:
        self._ui.compareLabel.text = text
        self._ui.compareLabel.visible = bool(text)


def _limit(spin_box: Any, result: SceneResult, months: float) -> None:
    spin_box.minimum, spin_box.maximum = result.months[0], result.months[-1]
    spin_box.value = months


def _told(side: Side) -> str:
    name = side.result.require_baseline().GetName()
    return f"{name} at month {side.months:.1f}, {side.result.kind(side.months)}"
