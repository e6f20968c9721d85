"""Which maps of a result the browser shows."""

from __future__ import annotations

from LongitudinalINRModule.display.map_display import MapDisplay
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.result.quantities import QUANTITIES
from LongitudinalINRModule.result.result import SceneResult
from LongitudinalINRModule.result.tissue_range import kept_half_range


def show_map(result: SceneResult, map_name: str, shown: bool = True) -> None:
    """Let the browser make and update the proxy of a map, or leave it as it is."""
    result.browser.SetPlayback(result.sequence(map_name), shown)
    proxy = result.proxy(map_name)
    if not shown or proxy is None:
        return
    place_beside(result.scene, proxy, result.browser)
    if map_name in QUANTITIES:
        quantity = QUANTITIES[map_name]
        MapDisplay(proxy, quantity, kept_half_range(result, quantity))
