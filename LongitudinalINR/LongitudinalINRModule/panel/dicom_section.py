"""The result as DICOM objects: into a folder, and to a PACS, while Slicer stays usable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qt

from LongitudinalINRLib.dicom_out.extra import missing_packages
from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRModule.export.dicom_process import DicomOrder, DicomProcess
from LongitudinalINRModule.panel.connections import Connections

if TYPE_CHECKING:
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRModule.panel.explore_section import ExploreSection
    from LongitudinalINRModule.result.result import SceneResult

POLL_MS = 200
FOLDER_NAME = "DICOM"


class DicomSection:
    """Collects the folders, and runs the export in a process of its own.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    explore : ExploreSection
        Knows the result.
    folder_of : callable
        Returns the job folder of a result, or None where this session has none.
    """

    def __init__(
        self, ui: Any, explore: ExploreSection, folder_of: Callable[[SceneResult], JobFolder | None]
    ):
        self._ui, self._explore, self._folder_of = ui, explore, folder_of
        self._process: DicomProcess | None = None
        self._timer = qt.QTimer()
        self._timer.setInterval(POLL_MS)
        self._connections = Connections()
        self._connections.connect(self._timer.timeout, self._poll)
        self._connections.connect(ui.dicomButton.clicked, self._pressed)
        for edit in (ui.dicomBaselinePathEdit, ui.dicomFollowUpPathEdit, ui.exportPathEdit):
            self._connections.connect_path(edit, self.refresh)
        self.refresh()

    @property
    def busy(self) -> bool:
        """Whether an export is running."""
        return self._process is not None

    def refresh(self, *_: object) -> None:
        """Say what is missing before it can begin."""
        if self.busy:
            return
        reason = self._reason()
        self._ui.dicomButton.text = "Write DICOM objects"
        self._ui.dicomButton.enabled = not reason
        self._say(reason)

    def close(self) -> None:
        """End what is running, and let the widgets go."""
        self._end()
        self._connections.close()

    def _reason(self) -> str:
        if missing := missing_packages():
            return f"Not installed yet: {', '.join(missing)}. Slicer's own pip_install installs them."
        result = self._explore.result
        folder = None if result is None else self._folder_of(result)
        if folder is None:
            return "Open the folder of a result first: it holds what is written."
        if not self._ui.exportPathEdit.currentPath:
            return "Choose a folder above."
        if not self._ui.dicomBaselinePathEdit.currentPath and not _was_made_from_dicom(folder):
            return "Choose the folder with the baseline's DICOM files."
        return ""

    def _pressed(self) -> None:
        if self.busy:
            self._end()
            self._say("Cancelled. What was sent stays there; the rest is sent the next time.")
            return
        result = self._explore.result
        folder = None if result is None else self._folder_of(result)
        if result is None or folder is None:
            return
        ui = self._ui
        baseline, follow_up = ui.dicomBaselinePathEdit.currentPath, ui.dicomFollowUpPathEdit.currentPath
        order = DicomOrder(
            folder.path,
            Path(ui.exportPathEdit.currentPath) / FOLDER_NAME,
            Path(baseline) if baseline else None,
            Path(follow_up) if follow_up else None,
            ui.dicomSamePersonBox.checked,
            ui.dicomSendEdit.text.strip(),
        )
        try:
            self._process = DicomProcess(order, result.labels)
        except (LongitudinalError, OSError) as error:
            self._say(f"⚠ {error}")
            return
        ui.dicomButton.text = "Cancel"
        self._say("Writing… Slicer stays usable meanwhile.")
        self._timer.start()

    def _poll(self) -> None:
        process = self._process
        if process is None or process.running:
            return
        try:
            text = process.answer()
        except LongitudinalError as error:
            text = "⚠ " + " ".join(filter(None, (error.message, error.found, error.advice)))
        self._end()
        self._say(text)

    def _end(self) -> None:
        self._timer.stop()
        process, self._process = self._process, None
        if process is not None:
            process.close()
        self.refresh()

    def _say(self, text: str) -> None:
        self._ui.dicomMessageLabel.text = text
        self._ui.dicomMessageLabel.visible = bool(text)


def _was_made_from_dicom(folder: JobFolder) -> bool:
    """Tell whether the baseline of a fit is a DICOM series that is still there."""
    try:
        request = Request.from_json(folder.request.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False
    return series_place(folder.resolve(request.baseline)) is not None
