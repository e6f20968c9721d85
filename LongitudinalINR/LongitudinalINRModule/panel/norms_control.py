"""Norms: their file, and age and sex of the person who is compared with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.settings.norms import norms_problem

if TYPE_CHECKING:
    from LongitudinalINRModule.settings.parameters import Parameters


class NormsControl:
    """Keeps file and age in step with the parameter node, and says what is missing; the sex is bound to it.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    """

    def __init__(self, ui: Any):
        self._ui = ui
        self._parameters: Parameters | None = None
        self._connections = Connections()
        self._connections.connect_path(ui.normsPathEdit, self._store_file)
        self._connections.connect(ui.ageEdit.textChanged, self._store_age)

    def show(self, parameters: Parameters | None) -> None:
        """Follow a parameter node; None for none."""
        self._parameters = parameters

    def problem(self) -> str:
        """Return why the norms cannot be used; empty if they can, or if there are none."""
        return "" if self._parameters is None else norms_problem(self._parameters)

    def refresh(self) -> None:
        """Show what is stored, and what is missing."""
        parameters, ui = self._parameters, self._ui
        if parameters is None:
            return
        if ui.normsPathEdit.currentPath != parameters.normsFile:
            ui.normsPathEdit.currentPath = parameters.normsFile
        if ui.ageEdit.text != parameters.age:
            ui.ageEdit.text = parameters.age
        told = self.problem()
        ui.normsMessageLabel.text = f"⚠ {told}" if told else ""
        ui.normsMessageLabel.visible = bool(told)

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _store_file(self, *_: object) -> None:
        if self._parameters is not None:
            self._parameters.normsFile = self._ui.normsPathEdit.currentPath

    def _store_age(self, *_: object) -> None:
        if self._parameters is not None:
            self._parameters.age = self._ui.ageEdit.text
