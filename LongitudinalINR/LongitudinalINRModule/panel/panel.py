"""The whole panel: its sections, the scene they show, and what happens when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qt
import slicer

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.background.stepper import Stepper
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.dependencies.installation import can_be_cancelled, installing, outlook, question
from LongitudinalINRModule.dependencies.requirements import missing
from LongitudinalINRModule.display.result_layout import ResultLayout
from LongitudinalINRModule.jobs.job import BackgroundJob
from LongitudinalINRModule.panel.cohort_section import CohortSection
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.dicom_section import DicomSection
from LongitudinalINRModule.panel.explore_section import ExploreSection
from LongitudinalINRModule.panel.export_section import ExportSection
from LongitudinalINRModule.panel.found_section import FoundSection
from LongitudinalINRModule.panel.inputs_section import InputsSection
from LongitudinalINRModule.panel.keyboard import reach_by_keyboard
from LongitudinalINRModule.panel.regions_section import RegionsSection
from LongitudinalINRModule.panel.run_section import RunSection
from LongitudinalINRModule.panel.settings_section import SettingsSection
from LongitudinalINRModule.settings.fit_settings import job_settings

if TYPE_CHECKING:
    from LongitudinalINRModule.logic import LongitudinalINRLogic
    from LongitudinalINRModule.settings.parameters import Parameters


class Panel:
    """Binds the widgets to the logic.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    logic : LongitudinalINRLogic
        Does the work.
    """

    def __init__(self, ui: Any, logic: LongitudinalINRLogic):
        self._ui, self._logic = ui, logic
        self._parameters: Parameters | None = None
        self._of_scene, self._of_node = Connections(), Connections()
        self._buttons = Connections()
        for widget in vars(ui).values():
            if widget.inherits("qMRMLNodeComboBox"):
                reach_by_keyboard(widget)
        self.run_section = RunSection(ui, logic.service, self._run)
        self.inputs_section = InputsSection(ui, self._inputs_changed)
        self.settings_section = SettingsSection(ui)
        self.found_section = FoundSection(ui, logic.service, self.run_section)
        layout = self._layout = ResultLayout(slicer.app.layoutManager())
        regions = self.regions_section = RegionsSection(ui, layout)
        self.explore_section = ExploreSection(ui, logic.service, regions.show, regions.probe, layout)
        self.cohort_section = CohortSection(ui, logic.service, self.explore_section)
        self.export_section = ExportSection(ui, self.explore_section)
        self.dicom_section = DicomSection(ui, self.explore_section, logic.service.folder_of)
        for section in (self.export_section, self.dicom_section):
            self._buttons.connect(ui.resultSelector.currentNodeChanged, section.refresh)
            self._buttons.connect(logic.service.loaded, section.refresh)
        self._installing = Stepper()
        self._install_text = ui.installButton.text
        self._buttons.connect(ui.installButton.clicked, self._install_or_cancel)
        self._buttons.connect(self._installing.changed, self._look_for_packages)
        scene = slicer.mrmlScene
        for going in (scene.StartCloseEvent, scene.StartImportEvent):
            self._of_scene.observe(scene, going, lambda *_: self._show(None))
        self._of_scene.observe(scene, scene.EndCloseEvent, lambda *_: self._scene_replaced())
        self._of_scene.observe(scene, scene.EndImportEvent, lambda *_: self._scene_replaced())
        self._of_scene.observe(scene, scene.EndBatchProcessEvent, lambda *_: self._look_later())
        self._of_scene.observe(scene, scene.NodeRemovedEvent, lambda *_: self._node_removed())
        self._entered = self._replaced = False

    def enter(self) -> None:
        """Show the scene's parameters: the person has opened the module."""
        self._entered = True
        self.open()
        self._look_for_packages()
        self.found_section.look()
        self.explore_section.enter()
        self.explore_section.check.listen(True)
        self.regions_section.listen(True)

    def leave(self) -> None:
        """Stop following the scene: the person has gone to another module."""
        self._entered = False
        self.explore_section.leave()
        self.explore_section.check.listen(False)
        self.regions_section.listen(False)

    def open(self) -> None:
        """Show the parameters of the scene as it is now; of one that is being loaded, once it is there."""
        if self._entered and not slicer.mrmlScene.IsBatchProcessing():
            self._show(self._logic.getParameterNode())
            self.explore_section.look()

    def close(self) -> None:
        """Let everything go."""
        self._entered = False
        self._show(None)
        self._installing.close()
        self._of_scene.close()
        self._buttons.close()
        self.run_section.close()
        self.inputs_section.close()
        self.settings_section.close()
        self.found_section.close()
        self.cohort_section.close()
        self.export_section.close()
        self.dicom_section.close()
        self.explore_section.close()
        self.regions_section.close()
        if slicer.app.layoutManager() is not None:  # it goes first where Slicer itself is closed
            self._layout.restore()

    def _scene_replaced(self) -> None:
        self._replaced = True
        self.open()

    def _look_later(self) -> None:
        """Show the scene again once the node selectors know what came into it."""
        qt.QTimer.singleShot(0, self._look)

    def _look(self) -> None:
        if slicer.mrmlScene.IsBatchProcessing():
            return  # its end comes here again
        if self._replaced:
            self._replaced = False
            self.open()
        elif self._entered:
            # The same parameters: binding them anew leaves an observer behind each time in Slicer 5.10.
            self.inputs_section.look()
            self.explore_section.look()

    def _show(self, parameters: Parameters | None) -> None:
        self._of_node.close()
        self._parameters = parameters
        self.settings_section.show(parameters)
        self.inputs_section.show(parameters)
        if parameters is not None:
            node = parameters.parameterNode
            self._of_node.observe(node, "ModifiedEvent", lambda *_: self._parameters_changed())

    def _parameters_changed(self) -> None:
        self.settings_section.refresh()
        self.inputs_section.refresh()

    def _node_removed(self) -> None:
        if self._parameters is not None and not slicer.mrmlScene.IsBatchProcessing():
            self.inputs_section.refresh()
            self.explore_section.refresh()

    def _inputs_changed(self) -> None:
        problem = self.inputs_section.problem()
        scans = [] if problem else self.inputs_section.scans()
        months = [months for _, months in scans]
        self.settings_section.show_scan_months(months)
        self.run_section.say(problem or self.settings_section.problem(months))

    def _run(self) -> Steps[BackgroundJob] | None:
        """Return the steps that begin a job; where packages are missing, install them first and press Run."""
        if missing():
            self._install(then=self.run_section.press)
            return None
        parameters = self._parameters
        if parameters is None:
            return None
        scans = self.inputs_section.scans()
        return self._logic.running(
            [volume for volume, _ in scans],
            [months for _, months in scans],
            parameters.segmentation,
            mask=parameters.mask,
            exclude=parameters.exclude,
            settings=job_settings(parameters),
        )

    def _install_or_cancel(self) -> None:
        if self._installing.busy:
            self._installing.stop()
        else:
            self._install()

    def _install(self, then: Callable[[], None] = lambda: None) -> None:
        """Ask, install what is missing while the window answers, and go on if everything is there."""
        wanted = missing()
        if self._installing.busy or not wanted:
            return
        if not slicer.util.confirmOkCancelDisplay(question(wanted), "LongitudinalINR"):
            return

        def done(_: None) -> None:
            self.settings_section.forget_devices()
            if not missing():
                then()

        def failed(error: LongitudinalError) -> None:
            self.settings_section.forget_devices()
            self.run_section.fail(error.message, error.advice, error.found)

        self._installing.start(installing(wanted), done, failed)

    def _look_for_packages(self) -> None:
        busy = self._installing.busy
        self._ui.installButton.text = "Cancel" if busy and can_be_cancelled() else self._install_text
        self._ui.installButton.enabled = not busy or can_be_cancelled()
        if busy:
            self._ui.dependenciesLabel.text = "Installing… Slicer stays usable meanwhile."
            return
        wanted = missing()
        self._ui.dependenciesFrame.visible = bool(wanted)
        names = ", ".join(each.name for each in wanted)
        self._ui.dependenciesLabel.text = " ".join([f"Not installed yet: {names}.", outlook(wanted)]).strip()
        if wanted:
            self._ui.deviceMessageLabel.text = "Devices are looked for once PyTorch is installed."
        else:
            self.settings_section.look_for_devices()
