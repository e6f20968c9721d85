"""Looking at a result: the checks first, then the map through time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qt
import slicer

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.display.shown_map import show_map
from LongitudinalINRModule.display.slice_views import OverlayViews, slice_logics
from LongitudinalINRModule.jobs.loading import add_log_jacobian
from LongitudinalINRModule.panel.attention import bring_up
from LongitudinalINRModule.panel.check_control import CheckControl
from LongitudinalINRModule.panel.colour_control import ColourControl
from LongitudinalINRModule.panel.compare_control import CompareControl
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.fade_control import FadeControl
from LongitudinalINRModule.panel.probe_control import ProbeControl
from LongitudinalINRModule.panel.surface_control import SurfaceControl
from LongitudinalINRModule.panel.time_control import TimeControl
from LongitudinalINRModule.result.answer import answer_of
from LongitudinalINRModule.result.quantities import QUANTITIES
from LongitudinalINRModule.result.result import OBSERVED_ATTRIBUTE, SceneResult, results_in
from LongitudinalINRModule.result.result_check import check_result
from LongitudinalINRModule.result.tissue_range import kept_half_range

if TYPE_CHECKING:
    from LongitudinalINRModule.display.result_layout import ResultLayout
    from LongitudinalINRModule.jobs.service import JobService

MAPS = {
    "jacobian": "Volume change, |J|",
    "log-jacobian": "Logarithm of |J|",
    "rate": "Rate per year",
    "interval": "Half-width of interval",
}
_MISSING = {
    "rate": "⚠ This result holds no rates.",
    "interval": "⚠ This result holds no intervals: they are known for the settings of a preset.",
}


class ExploreSection:
    """Shows one result of the scene.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    service : JobService
        Says when a result has come.
    on_shown : callable
        Takes the result, or None, and the month, whenever they change.
    on_probed : callable
        Takes the point that is probed, in RAS mm, or None.
    layout : ResultLayout
        Arranges slices, 3D view and curves.
    """

    def __init__(
        self,
        ui: Any,
        service: JobService,
        on_shown: Callable[[SceneResult | None, float], None],
        on_probed: Callable[[Sequence[float] | None], None],
        layout: ResultLayout,
    ):
        self._ui, self._service, self._on_shown, self._layout = ui, service, on_shown, layout
        self._result: SceneResult | None = None
        self._map = "jacobian"
        self._here = self._unseen = False
        self.views = OverlayViews(slice_logics())
        self.time = TimeControl(ui, self._month_changed)
        self.colours = ColourControl(ui, self.views)
        self.surface = SurfaceControl(ui)
        self.fade = FadeControl(ui, self.views, self._map_changed)
        self.probe = ProbeControl(ui, on_probed)
        self.compare = CompareControl(ui, lambda: self.colours.opacity)
        self.check = CheckControl(ui, self.views, service.arriving, self._show_map)
        for title in MAPS.values():
            ui.mapComboBox.addItem(title)
        ui.resultSelector.addAttribute("vtkMRMLSequenceBrowserNode", OBSERVED_ATTRIBUTE)
        ui.resultSelector.setMRMLScene(slicer.mrmlScene)
        self._connections = Connections()
        for signal, act in (
            (ui.resultSelector.currentNodeChanged, self._result_chosen),
            (ui.openFolderButton.clicked, self._open_folder),
            (ui.mapComboBox.activated, self._map_chosen),
            (ui.setUpViewsButton.clicked, self._show_map),
            (ui.putBackViewsButton.clicked, self._put_back),
            # What these show is in the views that a comparison hides.
            (ui.differenceBeforeButton.clicked, self.compare.put_back),
            (ui.differenceAfterButton.clicked, self.compare.put_back),
            (ui.flickerButton.clicked, self.compare.put_back),
            (ui.wipeButton.clicked, self.compare.put_back),
            (service.loaded, self._loaded),
        ):
            self._connections.connect(signal, act)
        self._result_chosen()

    @property
    def result(self) -> SceneResult | None:
        """The result that is shown."""
        return self._result

    @property
    def map_name(self) -> str:
        """The map that is shown."""
        return self._map

    def look(self) -> None:
        """Choose the newest result of the scene where none is chosen, as after loading a bundle."""
        found = [result for result in results_in(slicer.mrmlScene) if _has_maps(result)]
        if self._result is None and found:
            self._ui.resultSelector.setCurrentNode(found[-1].browser)

    def enter(self) -> None:
        """Show what has arrived while the person was elsewhere."""
        self._here = True
        if self._unseen:
            self._present()

    def leave(self) -> None:
        """Leave the views alone: the person is elsewhere."""
        self._here = False
        self._unseen = self.check.put_off() or self._unseen

    def refresh(self) -> None:
        """Leave a result whose maps were removed from the scene."""
        if self._result is not None and not _has_maps(self._result):
            self._ui.resultSelector.setCurrentNode(None)
            self._say("⚠ The maps of the result were removed from the scene.")

    def close(self) -> None:
        """Let everything go."""
        shown = (self.surface, self.time, self.colours, self.fade, self.probe, self.check, self.compare)
        for each in shown:
            each.close()
        self._connections.close()

    def _loaded(self, result: SceneResult) -> None:
        self._ui.inputsButton.collapsed = self._ui.settingsButton.collapsed = True
        self._ui.exploreButton.collapsed = False
        another = self._result is not None
        self._ui.resultSelector.setCurrentNode(result.browser)
        if not another:
            self._present()

    def _present(self) -> None:
        """Show the checks, or the map where they were made, once the person is here."""
        self._unseen = not self._here
        if not self._here or self._result is None:
            return
        if self.check.wanted_first:
            self.compare.put_back()
            self._layout.show()
            self.views.include(slice_logics())
            self.check.show_difference("aligned", then=lambda: bring_up(self._ui.exploreButton))
        else:
            self._show_map()
            bring_up(self._ui.exploreButton)

    def _result_chosen(self, *_: object) -> None:
        node = self._ui.resultSelector.currentNode()
        another = self._result is not None
        self._result, problem = _usable(node)
        result = self._result
        self._map = "jacobian"
        self._ui.mapComboBox.currentIndex = 0
        self._say("" if result else problem)
        self._answer(result)
        self._ui.checkFrame.visible = self._ui.mapFrame.visible = result is not None
        self.check.open(result)
        self.probe.open(result)
        self.compare.open(result)
        self.fade.open(result)
        self.surface.open(result)
        if result is None:
            self.time.open(None)
            self.colours.open(None, "jacobian")
            self._on_shown(None, 0.0)
            return
        show_map(result, "jacobian")
        self._open_colours()
        self.fade.show("jacobian")
        self.time.open(result, result.observed_months[-1])
        self._ui.mapFrame.visible = not self.check.wanted_first
        if another:
            self._present()  # else the views would go on showing the other one

    def _show_map(self) -> None:
        self.check.stop()
        result = self._result
        if result is None:
            return
        self._ui.mapFrame.visible = True
        baseline = result.baseline
        if baseline is None:
            self._say(
                "⚠ The baseline of this result was removed from the scene: there is nothing to draw it on."
            )
            return
        self.compare.put_back()
        self._layout.show()
        self.views.include(slice_logics())
        self.views.show(baseline, result.proxy(self._map), self.colours.opacity)

    def _put_back(self) -> None:
        self.check.stop()
        self.compare.put_back()
        self.views.restore()
        self._layout.restore()

    def _map_chosen(self, index: int) -> None:
        wanted = list(MAPS)[index]
        result = self._result
        if result is None or self.time.time is None:
            return
        if wanted in _MISSING and wanted not in result.maps:
            self._say(_MISSING[wanted])
            self._ui.mapComboBox.currentIndex = list(MAPS).index(self._map)
            return
        if wanted == "log-jacobian":
            add_log_jacobian(result)
        if self._map not in (wanted, "jacobian"):
            show_map(result, self._map, False)
        show_map(result, wanted)
        self._map = wanted
        self._open_colours()
        self._map_changed()
        self._show_map()

    def _open_colours(self) -> None:
        if self._result is not None:
            half_range = kept_half_range(self._result, QUANTITIES[self._map])
            self.colours.open(self._result.proxy(self._map), self._map, half_range)

    def _map_changed(self) -> None:
        """Show another map, or more or less of it, at the same month."""
        self.fade.show(self._map)
        if self.time.time is not None:
            self.time.show(self.time.time.months)

    def _month_changed(self, months: float) -> None:
        self.check.follow()
        self.surface.show(self._map, months, self.colours.display, self.fade.fades(self._map))
        self._on_shown(self._result, months)

    def _open_folder(self) -> None:
        chosen = qt.QFileDialog.getExistingDirectory(
            slicer.util.mainWindow(), "Open a result of LongitudinalINR"
        )
        if not chosen:
            return
        self._say("Loading the result…")
        self._service.arriving.start(
            self._service.loading_folder(Path(chosen)),
            lambda _: None,
            lambda error: self._say(_told(error)),
        )

    def _answer(self, result: SceneResult | None) -> None:
        """Say on top what the result says first."""
        try:
            text = "" if result is None else answer_of(result)
        except LongitudinalError as error:
            text = _told(error)
        self._ui.answerLabel.text = text
        self._ui.answerLabel.visible = bool(text)

    def _say(self, text: str) -> None:
        self._ui.exploreMessageLabel.text = text
        self._ui.exploreMessageLabel.visible = bool(text)


def _usable(node: slicer.vtkMRMLNode) -> tuple[SceneResult | None, str]:
    """Return the result of a browser node, or why there is none."""
    nothing = "There is no result in this scene yet. Run a job, or open a result folder."
    result = SceneResult(node) if node is not None else None
    if result is None or not _has_maps(result):
        return None, nothing
    try:
        check_result(result)
    except LongitudinalError as error:
        return None, _told(error)
    return result, ""


def _has_maps(result: SceneResult) -> bool:
    return "jacobian" in result.maps


def _told(error: LongitudinalError) -> str:
    found = f" Found: {error.found}." if error.found else ""
    return f"⚠ {error.message}{found} {error.advice}"
