"""Jobs that an earlier Slicer left: go on, look, or remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.panel.connections import Connections

if TYPE_CHECKING:
    from LongitudinalINRModule.jobs.job_store import StoredJob
    from LongitudinalINRModule.jobs.service import JobService
    from LongitudinalINRModule.panel.run_section import RunSection


class FoundSection:
    """Offers the oldest job that was left; hidden where there is none.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    service : JobService
        Knows and runs the jobs.
    run_section : RunSection
        Follows a job that goes on, and says what went wrong.
    """

    def __init__(self, ui: Any, service: JobService, run_section: RunSection):
        self._ui, self._service, self._run = ui, service, run_section
        self._left: list[StoredJob] = []
        self._connections = Connections()
        for button, act in (
            (ui.resumeButton, self._resume),
            (ui.loadButton, self._load),
            (ui.discardButton, self._discard),
        ):
            self._connections.connect(button.clicked, act)
        self._connections.connect(service.changed, self.look)
        self.look()

    def look(self) -> None:
        """Look for jobs and show the oldest."""
        self._left = self._service.left()
        ui = self._ui
        ui.foundFrame.visible = bool(self._left)
        if not self._left:
            return
        job = self._left[0]
        newer, finished = job.made_by_newer_version, job.folder.state == "finished"
        what = "was finished; its result may not be in a saved scene" if finished else "was not finished"
        more = f" ({len(self._left) - 1} more)" if len(self._left) > 1 else ""
        ui.foundLabel.text = (
            f"A job of {job.created} was made by a newer version of LongitudinalINR. Update to go on with it."
            if newer
            else f"A job of {job.created} {what}.{more}"
        )
        ui.resumeButton.visible = not finished and not newer
        ui.loadButton.visible = job.has_maps and not newer

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _resume(self) -> None:
        try:
            self._run.follow(self._service.resume(self._left[0]))
        except LongitudinalError as error:
            self._run.fail(error.message, error.advice, error.found)
        self.look()

    def _load(self) -> None:
        self._ui.loadButton.enabled = False
        steps = self._service.loading_stored(self._left[0])
        self._service.arriving.start(steps, lambda _: self._loaded(), self._not_loaded, self._loaded)

    def _loaded(self) -> None:
        self._ui.loadButton.enabled = True
        self.look()

    def _not_loaded(self, error: LongitudinalError) -> None:
        self._run.fail(error.message, error.advice, error.found)
        self._loaded()

    def _discard(self) -> None:
        try:
            self._left[0].discard()
        except LongitudinalError as error:
            self._run.fail(error.message, error.advice, error.found)
        self.look()
