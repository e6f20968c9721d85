"""Which scans, when they were made, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.offer_control import OfferControl
from LongitudinalINRModule.panel.scan_table import ScanTable
from LongitudinalINRModule.scans.label_check import LabelCheck, check_labels
from LongitudinalINRModule.scans.scan_consistency import consistency_warnings
from LongitudinalINRModule.scans.scan_dates import MONTHS_ATTRIBUTE, months_since_first, scan_date
from LongitudinalINRModule.scans.scan_rows import ScanCheck, ScanRow, check_rows, series
from LongitudinalINRModule.scans.scan_sequence import scans_of
from LongitudinalINRModule.scans.scene_scans import FoundScans, scans_in
from LongitudinalINRModule.scans.stored_scans import store_rows, stored_rows
from LongitudinalINRModule.settings.norms import forget_person

if TYPE_CHECKING:
    import qt

    from LongitudinalINRModule.scans.dicom_tags import Database
    from LongitudinalINRModule.settings.parameters import Parameters

NO_SEGMENTATION = (
    "A segmentation is more accurate. Extensions that make one: SlicerFreeSurfer (opens FreeSurfer's aseg), "
    "TotalSegmentator, MONAIAuto3DSeg."
)
NO_MASK = "Optional. Extensions that make one: HDBrainExtraction, SwissSkullStripper."
_HINTS = {"segmentation": NO_SEGMENTATION, "mask": NO_MASK, "exclude": ""}
_TITLES = {"segmentation": "Brain regions", "mask": "Brain mask", "exclude": "Leave out"}
"""As the panel calls them, by their names in the parameter node."""


class InputsSection:
    """The part of the panel above the settings.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    on_changed : callable
        Called when what is wrong may have changed.
    """

    def __init__(self, ui: Any, on_changed: Callable[[], None]):
        self._ui = ui
        self._on_changed = on_changed
        self._parameters: Parameters | None = None
        self._dates: list[str] = []
        self._compared: list[str] | None = None
        self._differences: list[str] = []
        self._connections = Connections()
        self._table = ScanTable(ui.scansTable, self._store)
        self._offer = OfferControl(ui, self._find, self._use)
        for selector in (
            ui.sequenceSelector,
            ui.segmentationSelector,
            ui.maskSelector,
            ui.excludeSelector,
        ):
            selector.setMRMLScene(slicer.mrmlScene)
        for button, act in (
            (ui.addScanButton, self._add),
            (ui.removeScanButton, self._remove),
            (ui.sortButton, self._sort),
            (ui.dicomDatesButton, self._fill_in_dates),
            (ui.addSequenceButton, self._add_sequence),
        ):
            self._connections.connect(button.clicked, act)
        self._connections.connect(ui.sequenceSelector.currentNodeChanged, self.refresh)

    def show(self, parameters: Parameters | None) -> None:
        """Show the scans of a parameter node; None for none."""
        self._parameters = parameters
        self._dates = []
        self._compared = None
        self.look()

    def look(self) -> None:
        """Show what is stored, and offer what the scene holds where that is nothing."""
        self.refresh()
        self._offer.look()

    def rows(self) -> list[ScanRow]:
        """Return the rows as they are stored."""
        if self._parameters is None:
            return []
        return stored_rows(self._parameters)

    def problem(self) -> str:
        """Return why no job can be made of the inputs; empty if one can."""
        labels = ((title, self._labels(name).problem) for name, title in _TITLES.items())
        return self._check.problem or next((f"{title}: {told}" for title, told in labels if told), "")

    def scans(self) -> list[tuple[Any, float]]:
        """Return volumes and months in the order of time; the inputs must be without problem."""
        return series(self.rows())

    def refresh(self, *_: object) -> None:
        """Show what is stored, and say what is wrong beside it."""
        rows = self.rows()
        self._table.show(rows)
        self._table.show_check(self._check)
        ui = self._ui
        _tell(ui.scansMessageLabel, [*self._check.notes, *self._dates, *self._consistency()])
        ui.removeScanButton.enabled = bool(rows)
        ui.sortButton.enabled = ui.dicomDatesButton.enabled = len(rows) > 1
        ui.addSequenceButton.enabled = ui.sequenceSelector.currentNode() is not None
        ui.atlasCheckBox.enabled = self._node("segmentation") is None
        for name, hint in _HINTS.items():
            label = getattr(ui, f"{name}MessageLabel")
            _tell_labels(label, self._labels(name), self._node(name), hint)
        self._on_changed()

    def close(self) -> None:
        """Let the widgets go."""
        self._offer.close()
        self._connections.close()
        self._table.close()

    @property
    def _check(self) -> ScanCheck:
        return check_rows(self.rows())

    def _node(self, name: str) -> slicer.vtkMRMLNode | None:
        return getattr(self._parameters, name) if self._parameters is not None else None

    def _labels(self, name: str) -> LabelCheck:
        scans = series(self.rows()) if self._check.usable else []
        return check_labels(self._node(name), scans[0][0] if scans else None)

    def _consistency(self) -> list[str]:
        """Compare the scans once, and not at every key that is typed: each tag is looked up in a database."""
        volumes = [row.volume for row in self.rows()]
        names = ["" if volume is None else volume.GetID() for volume in volumes]
        if names != self._compared:
            self._compared = names
            self._differences = consistency_warnings(volumes, _dicom_database())
        return self._differences

    def _store(self) -> None:
        self._write([_with_own_months(row) for row in self._table.rows()])

    def _write(self, rows: list[ScanRow]) -> None:
        if self._parameters is None:
            return
        if not rows:
            forget_person(self._parameters)
        store_rows(self._parameters, rows)
        self.look()

    def _find(self) -> FoundScans | None:
        """Return what the scene offers to an empty table; a segmentation that was chosen already stays."""
        parameters = self._parameters
        if parameters is None or parameters.scanMonths or slicer.mrmlScene.IsBatchProcessing():
            return None
        found = scans_in(slicer.mrmlScene, _dicom_database())
        chosen = parameters.segmentation
        return found if found is None or chosen is None else replace(found, labels=chosen)

    def _use(self, found: FoundScans) -> None:
        self._dates = found.remarks
        if self._parameters is not None:
            self._parameters.segmentation = found.labels
        self._write([ScanRow(volume, _text(months)) for volume, months in found.scans])

    def _add(self) -> None:
        self._write([*self.rows(), ScanRow(None, "" if self.rows() else "0")])

    def _remove(self) -> None:
        chosen = self._table.selected() or [len(self.rows()) - 1]
        self._write([row for index, row in enumerate(self.rows()) if index not in chosen])

    def _sort(self) -> None:
        unknown = float("inf")
        self._write(sorted(self.rows(), key=lambda row: unknown if row.months is None else row.months))

    def _fill_in_dates(self) -> None:
        rows = self.rows()
        chosen = [row for row in rows if row.volume is not None]
        dates = [scan_date(row.volume, _dicom_database()) for row in chosen]
        months = dict(zip((row.volume.GetID() for row in chosen), months_since_first(dates), strict=True))
        self._dates = [
            f"Scan {rows.index(row) + 1} {date.remark}."
            for row, date in zip(chosen, dates, strict=True)
            if date.remark
        ]
        self._write([_with_months(row, months) for row in rows])

    def _add_sequence(self) -> None:
        try:
            scans = scans_of(self._ui.sequenceSelector.currentNode())
        except InputError as error:
            self._dates = [f"{error.message} {error.advice}"]
            self.refresh()
            return
        self._dates = []
        kept = [row for row in self.rows() if row.volume is not None]
        self._write([*kept, *(ScanRow(volume, _text(months)) for volume, months in scans)])


def _with_months(row: ScanRow, months: dict[str, float | None]) -> ScanRow:
    known = months.get(row.volume.GetID()) if row.volume is not None else None
    return row if known is None else ScanRow(row.volume, _text(known))


def _with_own_months(row: ScanRow) -> ScanRow:
    """Fill in the months that a volume brings along, as simulated ones do, where none were typed."""
    own = row.volume.GetAttribute(MONTHS_ATTRIBUTE) if row.volume is not None and not row.text else None
    return row if own is None else ScanRow(row.volume, _text(float(own)))


def _dicom_database() -> Database | None:
    """Return Slicer's DICOM database, or None where Slicer runs without DICOM."""
    return getattr(slicer, "dicomDatabase", None)


def _text(months: float | None) -> str:
    return "" if months is None else f"{months:.2f}".rstrip("0").rstrip(".")


def _tell(label: qt.QLabel, lines: list[str]) -> None:
    label.text = "\n".join(f"⚠ {line}" for line in lines)
    label.visible = bool(lines)


def _tell_labels(label: qt.QLabel, check: LabelCheck, node: slicer.vtkMRMLNode, hint: str) -> None:
    label.text = f"⚠ {check.problem}" if check.problem else check.note if node is not None else hint
    label.visible = bool(label.text)
