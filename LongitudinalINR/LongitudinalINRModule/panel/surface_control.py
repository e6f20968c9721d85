"""The brain's surface in the 3D view: made when it is wanted, and moved with the slider."""

from __future__ import annotations

from functools import partial
from typing import Any

import slicer

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.background.stepper import Stepper
from LongitudinalINRModule.display.map_display import MapDisplay
from LongitudinalINRModule.display.surface import BrainSurface, making_surface
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.result.result import SceneResult

_MAKING = "Making the surface…"
_NO_VIEW = "⚠ This layout has no 3D view: choose one that has, such as Four-Up."


class SurfaceControl:
    """Shows and hides the surface of the result that is shown.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    """

    def __init__(self, ui: Any):
        self._ui = ui
        self._stepper = Stepper()
        self._result: SceneResult | None = None
        self._surface: BrainSurface | None = None
        self._now: tuple[str, float, MapDisplay, bool] | None = None
        self._connections, self._of_colours = Connections(), Connections()
        self._connections.connect(ui.surfaceCheckBox.toggled, self._toggled)

    def open(self, result: SceneResult | None) -> None:
        """Show the surface of another result, if one is shown; None for none."""
        self._stepper.stop()
        self._of_colours.close()
        self._remove()
        self._result, self._now = result, None
        self._ui.surfaceCheckBox.enabled = result is not None
        self._say("")
        if result is None:
            self._ui.surfaceCheckBox.checked = False
        elif self._ui.surfaceCheckBox.checked:
            self._make()

    def show(self, map_name: str, months: float, display: MapDisplay | None, fades: bool) -> None:
        """Colour it by a map at a month, as slice views are; other colours of the map colour it anew."""
        if display is None:
            return
        if self._now is None or self._now[2] is not display:
            self._of_colours.close()
            self._of_colours.observe(display.colours, "ModifiedEvent", lambda *_: self._paint())
        self._now = (map_name, months, display, fades)
        self._paint()

    def close(self) -> None:
        """Let everything go."""
        self.open(None)
        self._stepper.close()
        self._connections.close()

    def _toggled(self, on: bool) -> None:
        if on:
            self._make()
        else:
            self._stepper.stop()
            self._remove()
            self._say("")

    def _make(self) -> None:
        result = self._result
        if result is None:
            return
        self._say(_MAKING)
        self._stepper.start(making_surface(result), partial(self._made, result), self._failed)

    def _made(self, result: SceneResult, surface: BrainSurface | None) -> None:
        if surface is None:
            return
        if result is not self._result or not self._ui.surfaceCheckBox.checked:
            surface.remove()
            return
        self._surface = surface
        self._paint()
        self._say("" if _look_at_it() else _NO_VIEW)

    def _failed(self, error: LongitudinalError) -> None:
        self._ui.surfaceCheckBox.checked = False
        self._say(f"⚠ {error.message} Found: {error.found}. {error.advice}")

    def _paint(self) -> None:
        if self._surface is None or self._now is None:
            return
        if self._surface.node.GetScene() is None:  # somebody has removed it
            self._surface = None
            self._ui.surfaceCheckBox.checked = False
            return
        self._surface.paint(*self._now)

    def _remove(self) -> None:
        if self._surface is not None:
            self._surface.remove()
        self._surface = None

    def _say(self, text: str) -> None:
        self._ui.surfaceMessageLabel.text = text
        self._ui.surfaceMessageLabel.visible = bool(text)


def _look_at_it() -> bool:
    """Let the first 3D view of the layout show all of it; False where there is none."""
    layout = slicer.app.layoutManager()
    if layout is None or layout.threeDViewCount == 0:
        return False
    view = layout.threeDWidget(0).threeDView()
    view.resetFocalPoint()
    view.resetCamera()
    return True
