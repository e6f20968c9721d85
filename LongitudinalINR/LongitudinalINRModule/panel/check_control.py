"""Check before you trust: what there was to explain, what is left of it, and both scans in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qt
import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import SAME_MONTH, MapOfScan
from LongitudinalINRModule.background.stepper import Stepper
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.display.difference import showing_difference
from LongitudinalINRModule.display.flicker import Flicker
from LongitudinalINRModule.display.shown_map import show_map
from LongitudinalINRModule.display.wipe import Wipe
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.result.result import SceneResult

if TYPE_CHECKING:
    from LongitudinalINRModule.display.slice_views import OverlayViews

CHECKED_ATTRIBUTE = "LongitudinalINR.Checked"
FLICKER_KEY = "k"
_STAGES: dict[MapOfScan, str] = {"aligned": "before", "warped": "after"}
_ASK = (
    "Check before you trust the map. Shown: the last follow-up minus the baseline, {stage} the deformation. "
    "Anatomy should be visible before and gone after. With Flicker, nothing should jump."
)


class CheckControl:
    """Shows differences, flickers and wipes; the map comes when the person asks for it.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    views : OverlayViews
        Where things are shown.
    stepper : Stepper
        Works out the differences.
    on_map : callable
        Called when the person asks for the map.
    """

    def __init__(self, ui: Any, views: OverlayViews, stepper: Stepper, on_map: Callable[[], None]):
        self._ui, self._views, self._stepper, self._on_map = ui, views, stepper, on_map
        self._wanted: object | None = None
        self._result: SceneResult | None = None
        self._flicker: Flicker | None = None
        self._wipe: Wipe | None = None
        self._wiped_month = 0.0
        self._key: qt.QShortcut | None = None
        self._connections = Connections()
        for button, act in (
            (ui.differenceBeforeButton, lambda: self.show_difference("aligned")),
            (ui.differenceAfterButton, lambda: self.show_difference("warped")),
            (ui.flickerButton, self.flicker),
            (ui.showMapButton, self._show_map),
            (ui.wipeButton, self.wipe),
        ):
            self._connections.connect(button.clicked, act)
        self._connections.connect(ui.wipeSlider.valueChanged, self._divider_moved)

    def open(self, result: SceneResult | None) -> None:
        """Offer the checks of a result; None for none."""
        self.stop()
        self._result, self._flicker, self._wipe = result, None, None
        self._say("")
        maps = () if result is None or result.baseline is None else result.maps
        possible = "aligned" in maps
        self._ui.differenceBeforeButton.enabled = self._ui.flickerButton.enabled = possible
        self._ui.wipeButton.enabled = possible
        self._ui.wipeButton.visible = result is not None
        self._ui.differenceAfterButton.enabled = possible and "warped" in maps

    @property
    def wanted_first(self) -> bool:
        """Whether the differences have to be shown before the map."""
        if self._result is None or not self._ui.differenceBeforeButton.enabled:
            return False
        return self._result.browser.GetAttribute(CHECKED_ATTRIBUTE) is None

    def show_difference(self, stage: MapOfScan, then: Callable[[], None] = lambda: None) -> None:
        """Show the last follow-up minus the baseline, without the map; `then` is called once it is there."""
        self.stop()
        if self._result is None:
            return
        wanted = self._wanted = object()
        self._stepper.start(
            self._showing(self._result, stage, wanted),
            lambda _: then(),
            lambda error: self._say(f"⚠ {error.message} {error.advice}"),
        )

    def _showing(self, result: SceneResult, stage: MapOfScan, wanted: object) -> Steps[None]:
        node = yield from showing_difference(result, result.observed_months[-1], stage)
        if node is None or self._wanted is not wanted:
            return  # the result was removed, or the person has gone on to something else
        self._wanted = None
        yield None
        yield from self._views.showing(result.baseline, result.proxy("jacobian"), 0.0)
        self._views.set_background(node)
        self._say(_ASK.format(stage=_STAGES[stage]))

    def put_off(self) -> bool:
        """Show nothing that is still being worked out; tell whether something was."""
        wanted, self._wanted = self._wanted, None
        return wanted is not None

    def flicker(self) -> None:
        """Show the other of baseline and aligned follow-up."""
        if self._result is None or not self._ui.flickerButton.enabled:
            return
        self._end_wipe()
        pair = self._pair(self._result)
        if pair is None:
            return
        baseline, follow_up, month = pair
        if self._flicker is None:
            self._flicker = Flicker(self._views, baseline, follow_up)
        shown = self._flicker.toggle()
        which = "baseline" if shown is baseline else f"follow-up of month {month:.4g}"
        self._say(f"Shown: the {which}. Nothing should jump but what has changed.")

    def wipe(self) -> None:
        """Show baseline and aligned follow-up on either side of a divider, or the baseline again."""
        wanted = self._ui.wipeButton.checked
        self.stop()
        if wanted and self._result is not None:
            self._begin_wipe(self._result)

    def follow(self) -> None:
        """Wipe with the follow-up of another month where the slider has come to one."""
        result = self._result
        if self._wipe is not None and result is not None and self._wiped_month != _latest_scan(result):
            self._end_wipe()
            self._begin_wipe(result)

    def _begin_wipe(self, result: SceneResult) -> None:
        pair = self._pair(result)
        if pair is None:
            return
        baseline, follow_up, self._wiped_month = pair
        self._wipe = Wipe(self._views, baseline, follow_up)
        self._ui.wipeButton.checked = self._ui.wipeSlider.visible = True
        self._wipe.show(self._ui.wipeSlider.value / 100.0)
        month = f"{self._wiped_month:.4g}"
        self._say(f"Left of the line: the baseline. Right of it: the follow-up of month {month}, aligned.")

    def _pair(self, result: SceneResult) -> tuple[Any, Any, float] | None:
        """Return baseline and aligned follow-up with its month; where there is none, say why."""
        try:
            baseline = result.require_baseline()
        except InputError as error:
            self._say(f"⚠ {error.message} {error.advice}")
            return None
        month = _latest_scan(result)
        if month == 0:
            self.stop()
            first = result.observed_months[1]
            self._say(
                f"⚠ Before the first follow-up there is none to show: go to month {first:.4g} or later."
            )
            return None
        show_map(result, "aligned")
        return baseline, result.proxy("aligned"), month

    def _divider_moved(self, percent: int) -> None:
        if self._wipe is not None:
            self._wipe.show(percent / 100.0)

    def _end_wipe(self) -> None:
        if self._wipe is not None:
            self._wipe.stop()
        self._wipe = None
        self._ui.wipeButton.checked = self._ui.wipeSlider.visible = False

    def stop(self) -> None:
        """Leave flickering and wiping, and what was going to be shown."""
        self._wanted = None
        self._end_wipe()
        if self._flicker is not None:
            self._flicker.stop()

    def listen(self, on: bool) -> None:
        """Let the key flicker, or not: only while the module is open."""
        window = slicer.util.mainWindow()
        if on and self._key is None and window is not None:
            self._key = qt.QShortcut(window)
            self._key.setKey(qt.QKeySequence(FLICKER_KEY))
            self._connections.connect(self._key.activated, self.flicker)
        if self._key is not None:
            self._key.enabled = on

    def close(self) -> None:
        """Let everything go."""
        self.listen(False)
        self._connections.close()
        if self._key is not None:
            # It belongs to the main window: left there, a reloaded module's key would be ambiguous.
            self._key.deleteLater()
            self._key = None

    def _show_map(self) -> None:
        self.stop()
        if self._result is not None:
            self._result.browser.SetAttribute(CHECKED_ATTRIBUTE, "yes")
        self._say("")
        self._on_map()

    def _say(self, text: str) -> None:
        self._ui.checkLabel.text = text
        self._ui.checkLabel.visible = bool(text)


def _latest_scan(result: SceneResult) -> float:
    """Return the month of the scan that the browser shows: the last one made by then."""
    shown = result.months[max(result.browser.GetSelectedItemNumber(), 0)]
    return max(month for month in result.observed_months if month <= shown + SAME_MONTH)
