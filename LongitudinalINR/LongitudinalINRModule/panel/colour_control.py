"""How the map is coloured: range, neutral band, opacity and legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from LongitudinalINRModule.display.map_display import MapDisplay, legend_of, neutral_beside
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.result.quantities import QUANTITIES, Quantity

if TYPE_CHECKING:
    import slicer

    from LongitudinalINRModule.display.slice_views import OverlayViews


class ColourControl:
    """Binds the sliders to the display of the map.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    views : OverlayViews
        Where the map covers the baseline.
    """

    def __init__(self, ui: Any, views: OverlayViews):
        self._ui, self._views = ui, views
        self._display: MapDisplay | None = None
        self._of_tissue: float | None = None
        self._quantity: Quantity = QUANTITIES["jacobian"]
        self._showing = False
        self._connections = Connections()
        self._connections.connect(ui.rangeSlider.valueChanged, self._range_changed)
        self._connections.connect(ui.neutralSlider.valueChanged, self._range_changed)
        self._connections.connect(ui.opacitySlider.valueChanged, self._opacity_changed)
        self._connections.connect(ui.legendCheckBox.toggled, self._legend_toggled)
        self._connections.connect(ui.tissueRangeButton.clicked, self._take_range_of_tissue)

    @property
    def opacity(self) -> float:
        """How strongly the map covers the baseline, 0 to 1."""
        return self._ui.opacitySlider.value / 100.0

    @property
    def display(self) -> MapDisplay | None:
        """How the map is coloured; None where there is none."""
        return self._display

    def open(
        self,
        volume: slicer.vtkMRMLScalarVolumeNode | None,
        map_name: str,
        of_tissue: float | None = None,
    ) -> None:
        """Show how a map is coloured, and which half range its tissue asks for; None for none."""
        self._of_tissue = of_tissue
        self._ui.tissueRangeButton.enabled = of_tissue is not None
        self._display = None
        if volume is None:
            return
        self._quantity = QUANTITIES[map_name]
        display = MapDisplay(volume, self._quantity)
        if legend_of(volume) is None:
            display.show_legend(True)
        legend = legend_of(volume)
        self._show_range(display)
        self._showing = True
        try:
            unit = " % per year" if map_name == "rate" else " %"
            for slider in (self._ui.rangeSlider, self._ui.neutralSlider):
                slider.suffix = unit
            self._ui.neutralSlider.enabled = not self._quantity.one_sided
            self._ui.legendCheckBox.checked = legend is not None and bool(legend.GetVisibility())
        finally:
            self._showing = False
        self._display = display

    def _show_range(self, display: MapDisplay) -> None:
        self._showing = True
        try:
            self._ui.rangeSlider.value = self._percent(display.half_range)
            self._ui.neutralSlider.value = self._percent(display.neutral_half_width)
        finally:
            self._showing = False

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _percent(self, distance: float) -> float:
        return self._quantity.percent(self._quantity.centre + distance)

    def _range_changed(self, *_: object) -> None:
        if self._showing or self._display is None:
            return
        half_range = self._quantity.distance(self._ui.rangeSlider.value)
        neutral = min(self._quantity.distance(self._ui.neutralSlider.value), 0.95 * half_range)
        self._display.set_range(half_range, neutral)

    def _take_range_of_tissue(self) -> None:
        if self._display is not None and self._of_tissue is not None:
            self._display.set_range(self._of_tissue, neutral_beside(self._quantity, self._of_tissue))
            self._show_range(self._display)

    def _opacity_changed(self, percent: float) -> None:
        if self._display is not None:
            self._views.set_opacity(percent / 100.0)

    def _legend_toggled(self, shown: bool) -> None:
        if not self._showing and self._display is not None:
            self._display.show_legend(shown)
