"""Maps, tables, pictures and the report as files."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qt
import slicer

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.export.choices import FORMATS, Choices, Item
from LongitudinalINRModule.export.new_folder import new_folder
from LongitudinalINRModule.export.writing import export_result
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.result.documents import Kind, has_document

if TYPE_CHECKING:
    from LongitudinalINRModule.panel.explore_section import ExploreSection

_BOXES: dict[Item, str] = {
    "map_now": "exportMapBox",
    "all_maps": "exportAllBox",
    "sequence": "exportSequenceBox",
    "regions": "exportRegionsBox",
    "picture": "exportPictureBox",
    "animation": "exportAnimationBox",
    "sheet": "exportSheetBox",
    "report": "exportReportBox",
}
_DOCUMENTS: dict[Kind, tuple[str, str]] = {
    "regions": ("exportRegionsBox", "This result came without a table of regions."),
    "report": ("exportReportBox", "This result came without a report."),
}


class ExportSection:
    """Writes what is ticked.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    explore : ExploreSection
        Knows the result, the map and the time.
    """

    def __init__(self, ui: Any, explore: ExploreSection):
        self._ui, self._explore = ui, explore
        self._suggested = ""
        self._suggested_for: Any = None
        for suffix in FORMATS:
            ui.formatComboBox.addItem(suffix)
        self._connections = Connections()
        self._connections.connect(ui.exportButton.clicked, self._export)
        self._connections.connect(ui.exportAllOfItButton.clicked, self._tick_everything)
        for name in _BOXES.values():
            self._connections.connect(getattr(ui, name).toggled, self.refresh)
        self._connections.connect_path(ui.exportPathEdit, self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Say what can be exported, and why not."""
        result, ui = self._explore.result, self._ui
        if result is not None and result.browser is not self._suggested_for:
            self._suggested_for = result.browser
            if not ui.exportPathEdit.currentPath:
                self._suggest()
        notes = []
        for kind, (box, note) in _DOCUMENTS.items():
            has = result is not None and has_document(result, kind)
            getattr(ui, box).enabled = has
            if result is not None and not has:
                notes.append(note)
        reason = ""
        if result is None:
            reason = "There is no result to export yet."
        elif not ui.exportPathEdit.currentPath:
            reason = "Choose a folder."
        elif not any(getattr(ui, name).checked and getattr(ui, name).enabled for name in _BOXES.values()):
            reason = "Tick what to export."
        ui.exportButton.enabled = not reason
        self._say(" ".join([reason, *notes]).strip())

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _suggest(self) -> None:
        """Name a new folder, so that nobody has to choose one."""
        documents = qt.QStandardPaths.writableLocation(qt.QStandardPaths.DocumentsLocation)
        self._suggested = str(new_folder(Path(documents), datetime.now())) if documents else ""
        self._ui.exportPathEdit.currentPath = self._suggested

    def _tick_everything(self) -> None:
        for name in _BOXES.values():
            box = getattr(self._ui, name)
            box.checked = box.enabled

    def _export(self) -> None:
        ui, explore = self._ui, self._explore
        result, time = explore.result, explore.time.time
        if result is None or time is None:
            return
        ticked = {
            choice
            for choice, name in _BOXES.items()
            if getattr(ui, name).checked and getattr(ui, name).enabled
        }
        choices = Choices(frozenset(ticked), explore.map_name, FORMATS[ui.formatComboBox.currentIndex])
        if ui.exportPathEdit.currentPath == self._suggested and os.path.lexists(self._suggested):
            self._suggest()  # what was exported before, or lies there, stays as it is
        folder = Path(ui.exportPathEdit.currentPath)
        try:
            with slicer.util.WaitCursor():
                written = export_result(result, time, choices, folder)
        except LongitudinalError as error:
            self._say(f"⚠ {error.message} {error.advice}")
            return
        ui.exportPathEdit.addCurrentPathToHistory()
        self._say(f"Wrote {_files(len(written))} and manifest.json into {folder.name}.")

    def _say(self, text: str) -> None:
        self._ui.exportMessageLabel.text = text
        self._ui.exportMessageLabel.visible = bool(text)


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
