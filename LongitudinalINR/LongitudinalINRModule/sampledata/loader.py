"""From the button in Sample Data to the subject in the scene, without waiting for anything."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import qt
import slicer

from LongitudinalINRLib.errors import InputError, LongitudinalError
from LongitudinalINRModule.background.python_process import slicer_python
from LongitudinalINRModule.background.signal import Signal
from LongitudinalINRModule.dependencies.installation import install, question
from LongitudinalINRModule.dependencies.requirements import DEMO, REQUIREMENTS, missing
from LongitudinalINRModule.sampledata.nodes import add_subject
from LongitudinalINRModule.sampledata.process import SimulationProcess

POLL_MS = 100
TITLE = "LongitudinalINR"


def _start_process() -> SimulationProcess:
    command = [slicer_python(), "-m", "LongitudinalINRModule.sampledata.simulation"]
    return SimulationProcess(command, Path(slicer.app.temporaryPath))


class SubjectLoader:
    """Simulates the subject in a child process and brings it into the scene.

    Attributes
    ----------
    loaded : Signal
        Emitted with the nodes that came into the scene.
    nodes : list
        Those nodes; empty until then.

    Parameters
    ----------
    start_process : callable
        Starts the simulation.
    """

    def __init__(self, start_process: Callable[[], SimulationProcess] = _start_process):
        self.loaded = Signal()
        self.nodes: list[slicer.vtkMRMLNode] = []
        self._start_process = start_process
        self._process: SimulationProcess | None = None
        self._dialog: qt.QProgressDialog | None = None
        self._timer = qt.QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def busy(self) -> bool:
        """Whether the subject is being simulated."""
        return self._process is not None

    def load(self, _source: object = None) -> None:
        """Start, after asking whether to install what is missing; a second press changes nothing."""
        if self.busy:
            return
        try:
            if not _install_missing():
                return
            self._process = self._start_process()
        except (LongitudinalError, OSError) as error:
            slicer.util.errorDisplay(f"The subject cannot be simulated.\n\n{error}", TITLE)
            return
        self.nodes = []
        self._dialog = slicer.util.createProgressDialog(windowTitle=TITLE, autoClose=False)
        self._timer.start()
        self._poll()

    def wait(self, seconds: float) -> list[slicer.vtkMRMLNode]:
        """Wait for the nodes while the application goes on working; for scripts and tests."""
        end = time.monotonic() + seconds
        while self.busy and time.monotonic() < end:
            slicer.app.processEvents()
            time.sleep(0.01)
        return self.nodes

    def load_and_wait(self) -> list[slicer.vtkMRMLNode]:
        """Load the subject and return its nodes, for scripts.

        Raises
        ------
        InputError
            It was cancelled, or could not be simulated: a dialog has said why.
        """
        self.load()
        nodes = self.wait(math.inf)
        if not nodes:
            raise InputError(
                "subject-not-loaded",
                "The simulated subject did not come into the scene.",
                expected="its scans and their segmentation",
                found="nothing",
                advice="Install what is missing and try again; the dialog before has said what went wrong.",
            )
        return nodes

    def _poll(self) -> None:
        process, dialog = self._process, self._dialog
        if process is None or dialog is None:
            return
        share, text = process.progress
        dialog.labelText = f"Simulating a subject: {text}"
        dialog.value = round(100 * share)
        if dialog.wasCanceled:
            self._end()
        elif process.exit_code is not None:
            try:
                self._finish(process)
            except LongitudinalError as error:
                slicer.util.errorDisplay(str(error), TITLE)
            finally:
                self._end()

    def _finish(self, process: SimulationProcess) -> None:
        if process.exit_code != 0:
            slicer.util.errorDisplay("The subject could not be simulated.", TITLE, detailedText=process.log)
            return
        self.nodes = add_subject(slicer.mrmlScene, process.folder)
        slicer.util.setSliceViewerLayers(background=self.nodes[0], foreground=None, label=None, fit=True)
        self.loaded.emit(self.nodes)

    def _end(self) -> None:
        self._timer.stop()
        process, self._process = self._process, None
        dialog, self._dialog = self._dialog, None
        if process is not None:
            process.close()
        if dialog is not None:
            dialog.close()
            dialog.deleteLater()


def _install_missing() -> bool:
    """Ask and install what the simulation and the fit after it need; tell whether everything is there."""
    wanted = missing((*REQUIREMENTS, DEMO))
    if wanted and slicer.util.confirmOkCancelDisplay(question(wanted), TITLE):
        with slicer.util.WaitCursor():
            install(wanted)
        wanted = missing((*REQUIREMENTS, DEMO))
    return not wanted
