"""The table of people: a page of them at a time, filled while the window answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import qt

from LongitudinalINRLib.cohort.overview.row import PersonRow
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.cohort.columns import CHANGE_COLUMN, COLUMNS
from LongitudinalINRModule.panel.connections import Connections

PEOPLE_A_PAGE = 200
"""A widget with a cell for each of 100 000 people would take the window's time and memory; nobody scrolls so
far: whoever looks for somebody sorts, or searches."""

_ROWS_AT_ONCE = 20
_ROW_HEIGHT = 24
_RIGHT = (2, 3, 4, 5, 6)


class CohortTable:
    """Shows a page of people, and which of them is chosen.

    Parameters
    ----------
    table : qt.QTableWidget
        Empty, with the columns of `COLUMNS`.
    on_chosen : callable
        Takes the person whom somebody has selected.
    on_wanted : callable
        Takes the person whom somebody has clicked twice.
    on_sorted : callable
        Takes the column whose heading was clicked.
    """

    def __init__(
        self,
        table: qt.QTableWidget,
        on_chosen: Callable[[PersonRow], None],
        on_wanted: Callable[[PersonRow], None],
        on_sorted: Callable[[int], None],
    ):
        self._table, self._on_chosen, self._on_wanted = table, on_chosen, on_wanted
        self._people: Sequence[PersonRow] = ()
        self._filling = False
        self._bold = qt.QFont(table.font)
        self._bold.setBold(True)
        table.setHorizontalHeaderLabels([column.title for column in COLUMNS])
        for index, column in enumerate(COLUMNS):
            table.horizontalHeaderItem(index).setToolTip(column.explained)
        header = table.horizontalHeader()
        header.setSectionResizeMode(qt.QHeaderView.ResizeToContents)
        header.setResizeContentsPrecision(0)  # those in sight: to measure all of them takes the window's time
        header.setSectionsClickable(True)
        header.highlightSections = False
        header.showSortIndicator = True
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        table.verticalHeader().hide()
        self._connections = Connections()
        self._connections.connect(header.sectionClicked, on_sorted)
        self._connections.connect(table.itemSelectionChanged, self._selected)
        self._connections.connect(table.cellDoubleClicked, lambda row, _: self._on_wanted(self._people[row]))

    def filling(self, people: Sequence[PersonRow], region: str) -> Steps[None]:
        """Show a page of people, some rows at a time."""
        table = self._table
        self._people = ()
        for start in range(0, len(people), _ROWS_AT_ONCE):
            self._filling = True
            table.setRowCount(max(table.rowCount, min(start + _ROWS_AT_ONCE, len(people))))
            for row in range(start, min(start + _ROWS_AT_ONCE, len(people))):
                self._write(row, people[row], region)
            self._filling = False
            yield None
        self._filling = True
        table.setRowCount(len(people))
        self._filling = False
        self._people = people

    def show_order(self, column: int, *, descending: bool) -> None:
        """Show by which column people are sorted."""
        order = qt.Qt.DescendingOrder if descending else qt.Qt.AscendingOrder
        self._table.horizontalHeader().setSortIndicator(column, order)

    def select(self, person: PersonRow | None) -> None:
        """Select a person of the page, without saying so; nobody where the person is not on it."""
        self._filling = True
        try:
            self._table.clearSelection()
            row = next((row for row, each in enumerate(self._people) if each is person), None)
            if row is not None:
                self._table.selectRow(row)
                self._table.scrollToItem(self._table.item(row, 0))
        finally:
            self._filling = False

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _write(self, row: int, person: PersonRow, region: str) -> None:
        change = person.change(region)
        for index, column in enumerate(COLUMNS):
            item = self._table.item(row, index)
            if item is None:
                item = qt.QTableWidgetItem()
                if index in _RIGHT:
                    item.setData(qt.Qt.TextAlignmentRole, qt.Qt.AlignRight | qt.Qt.AlignVCenter)
                self._table.setItem(row, index, item)
            item.setText(column.text(person, region))
            item.setToolTip(person.message)
            if index == CHANGE_COLUMN:
                item.setFont(self._bold if change and change.beyond_error else self._table.font)

    def _selected(self) -> None:
        rows = {index.row() for index in self._table.selectionModel().selectedRows()}
        if not self._filling and len(rows) == 1 and max(rows) < len(self._people):
            self._on_chosen(self._people[rows.pop()])
