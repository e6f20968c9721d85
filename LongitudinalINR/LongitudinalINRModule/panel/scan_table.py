"""The table of scans: a volume, its months, and its part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import qt
import slicer

from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.keyboard import reach_by_keyboard
from LongitudinalINRModule.scans.scan_rows import ScanCheck, ScanRow

COLUMNS = ("Scan", "Months", "Part")
_MONTHS_WIDTH = 70
_PART_WIDTH = 120
_ROW_HEIGHT = 28


class ScanTable:
    """Shows rows and says when the person changed one.

    Parameters
    ----------
    table : qt.QTableWidget
        Empty.
    on_changed : callable
        Called without arguments when a volume or a month was changed.
    """

    def __init__(self, table: qt.QTableWidget, on_changed: Callable[[], None]):
        self._table = table
        self._on_changed = on_changed
        self._rows: list[_Row] = []
        self._filling = False
        table.setHorizontalHeaderLabels(COLUMNS)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, qt.QHeaderView.Stretch)
        header.setSectionResizeMode(1, qt.QHeaderView.Fixed)
        header.setSectionResizeMode(2, qt.QHeaderView.Fixed)
        table.setColumnWidth(1, _MONTHS_WIDTH)
        table.setColumnWidth(2, _PART_WIDTH)
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)

    def rows(self) -> list[ScanRow]:
        """Return what is in the table."""
        return [row.value() for row in self._rows]

    def show(self, rows: Sequence[ScanRow]) -> None:
        """Show these rows, leaving alone what is the same already."""
        self._filling = True
        try:
            while len(self._rows) > len(rows):
                self._rows.pop().close()
                self._table.removeRow(len(self._rows))
            while len(self._rows) < len(rows):
                self._table.insertRow(len(self._rows))
                self._rows.append(_Row(self._table, len(self._rows), self._changed))
            self._order()
            for shown, row in zip(self._rows, rows, strict=True):
                shown.show(row)
        finally:
            self._filling = False

    def show_check(self, check: ScanCheck) -> None:
        """Say in each row which part its scan plays, or what is wrong."""
        for row, part, wrong in zip(self._rows, check.parts, check.wrong, strict=True):
            row.show_part(part, wrong)

    def selected(self) -> list[int]:
        """Return the rows that are selected."""
        return sorted({index.row() for index in self._table.selectionModel().selectedRows()})

    def close(self) -> None:
        """Let the widgets go."""
        for row in self._rows:
            row.close()

    def _order(self) -> None:
        """Let the Tab key go through the rows after the table: new widgets come last otherwise."""
        before = self._table
        for row in self._rows:
            for widget in (row.volume_list, row.months):
                qt.QWidget.setTabOrder(before, widget)
                before = widget

    def _changed(self) -> None:
        if not self._filling:
            self._on_changed()


class _Row:
    def __init__(self, table: qt.QTableWidget, index: int, on_changed: Callable[[], None]):
        self._connections = Connections()
        self.volumes = slicer.qMRMLNodeComboBox()
        self.volumes.nodeTypes = ["vtkMRMLScalarVolumeNode"]
        self.volumes.hideChildNodeTypes = ["vtkMRMLLabelMapVolumeNode"]
        self.volumes.noneEnabled = True
        self.volumes.noneDisplay = "Choose a volume"
        self.volumes.addEnabled = False
        self.volumes.removeEnabled = False
        self.volumes.setMRMLScene(slicer.mrmlScene)
        self.volume_list = reach_by_keyboard(self.volumes)
        self.months = qt.QLineEdit()
        self.months.placeholderText = "months"
        self.months.toolTip = "Months since the baseline, for example 12.5"
        self.part = qt.QTableWidgetItem()
        self.part.setFlags(qt.Qt.ItemIsEnabled | qt.Qt.ItemIsSelectable)
        table.setCellWidget(index, 0, self.volumes)
        table.setCellWidget(index, 1, self.months)
        table.setItem(index, 2, self.part)
        # Not currentNodeChanged: while a scene is loaded the selector loses its nodes, which nobody chose.
        self._connections.connect(self.volumes.nodeActivated, lambda *_: on_changed())
        self._connections.connect(self.months.textChanged, lambda *_: on_changed())

    def value(self) -> ScanRow:
        return ScanRow(self.volumes.currentNode(), self.months.text)

    def show(self, row: ScanRow) -> None:
        if self.volumes.currentNode() is not row.volume:
            self.volumes.setCurrentNode(row.volume)
        if self.months.text != row.text:
            self.months.text = row.text

    def show_part(self, part: str, wrong: bool) -> None:
        self.part.setText(f"⚠ {part}" if wrong else part)
        self.part.setToolTip(part)

    def close(self) -> None:
        self._connections.close()
