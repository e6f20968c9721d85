"""The curve of the point under the crosshair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import qt
import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.display.probe import plot_probe
from LongitudinalINRModule.panel.chart_view import ChartView
from LongitudinalINRModule.panel.connections import Connections

if TYPE_CHECKING:
    from LongitudinalINRModule.result.result import SceneResult

# The curve follows the crosshair this often, however fast the mouse is.
UPDATE_MS = 60


class ProbeControl:
    """Follows the crosshair while it is switched on.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    on_point : callable
        Takes the point whose course is drawn, in RAS mm, or None when none is.
    """

    def __init__(self, ui: Any, on_point: Callable[[Sequence[float] | None], None]):
        self._ui, self._on_point = ui, on_point
        self._result: SceneResult | None = None
        self._charts = (
            ChartView(ui.probeChangePlot, "probe change"),
            ChartView(ui.probeRatePlot, "probe rate"),
        )
        self._crosshair = Connections()
        self._connections = Connections()
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(UPDATE_MS)
        self._connections.connect(self._timer.timeout, self._draw)
        self._connections.connect(ui.probeCheckBox.toggled, self._toggled)
        ui.probeMessageLabel.visible = False

    def open(self, result: SceneResult | None) -> None:
        """Probe a result; None for none."""
        self._result = result
        self._ui.probeCheckBox.checked = False
        self._hide()

    def close(self) -> None:
        """Let everything go."""
        self._timer.stop()
        self._crosshair.close()
        self._connections.close()

    def _toggled(self, on: bool) -> None:
        self._crosshair.close()
        crosshair = slicer.mrmlScene.GetSingletonNode("default", "vtkMRMLCrosshairNode")
        if not on or self._result is None or crosshair is None:
            self._hide()
            return
        self._crosshair.observe(crosshair, "ModifiedEvent", self._crosshair_moved)
        self._draw()

    def _crosshair_moved(self, *_: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _draw(self) -> None:
        crosshair = slicer.mrmlScene.GetSingletonNode("default", "vtkMRMLCrosshairNode")
        if self._result is None or self._result.scene is None or crosshair is None:
            return
        point = crosshair.GetCrosshairRAS()
        try:
            charts = plot_probe(self._result, point)
        except InputError as error:
            self._hide()
            self._ui.probeMessageLabel.text = f"⚠ {error.message} {error.advice}"
            self._ui.probeMessageLabel.visible = True
            return
        self._ui.probeMessageLabel.visible = False
        for view, chart in zip(self._charts, [*charts, None][: len(self._charts)], strict=True):
            view.show(chart)
        self._on_point(point)

    def _hide(self) -> None:
        for view in self._charts:
            view.show(None)
        self._ui.probeMessageLabel.visible = False
        self._on_point(None)
