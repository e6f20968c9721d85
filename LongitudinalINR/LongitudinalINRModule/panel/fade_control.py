"""Whether changes that lie within their intervals are seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from LongitudinalINRModule.display.shown_map import show_map
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.result.result import SceneResult

if TYPE_CHECKING:
    from LongitudinalINRModule.display.slice_views import OverlayViews

# An interval is known of the change, not of its rate.
FADING_MAPS = ("jacobian", "log-jacobian")
_KNOWN = "What lies within its interval may as well be no change"
_UNKNOWN = "This result holds no intervals: they are known for the settings of a preset"


class FadeControl:
    """Lets them fade out of the views, by default wherever the intervals are known.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    views : OverlayViews
        Where the map covers the baseline.
    on_changed : callable
        Called when the person has chosen otherwise.
    """

    def __init__(self, ui: Any, views: OverlayViews, on_changed: Callable[[], None]):
        self._ui, self._views, self._on_changed = ui, views, on_changed
        self._result: SceneResult | None = None
        self._opening = False
        self._connections = Connections()
        self._connections.connect(ui.fadeCheckBox.toggled, self._toggled)

    def open(self, result: SceneResult | None) -> None:
        """Show whether the intervals of a result are known; None for none."""
        self._result = result
        known = result is not None and "interval" in result.maps
        self._opening = True
        self._ui.fadeCheckBox.enabled = self._ui.fadeCheckBox.checked = known
        self._ui.fadeCheckBox.toolTip = _KNOWN if known else _UNKNOWN
        self._opening = False
        if result is None:
            self._views.fade(None)

    def fades(self, map_name: str) -> bool:
        """Return whether changes of a map fade out."""
        return bool(self._ui.fadeCheckBox.checked) and map_name in FADING_MAPS

    def show(self, map_name: str) -> None:
        """Let what lies within the intervals fade out of a map, or not; they follow the slider then."""
        if self._result is None or "interval" not in self._result.maps:
            self._views.fade(None)
            return
        fades = self.fades(map_name)
        show_map(self._result, "interval", fades or map_name == "interval")
        self._views.fade(self._result.proxy("interval") if fades else None, map_name == "log-jacobian")

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _toggled(self, _on: bool) -> None:
        if not self._opening and self._result is not None:
            self._on_changed()
