"""What each region lost or gained, as a table and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import qt

from LongitudinalINRModule.display.region_table import plot_regions, update_table_at
from LongitudinalINRModule.mrml.tables import numbers_of
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.result.regions import Region, regions_of

if TYPE_CHECKING:
    import slicer

    from LongitudinalINRModule.display.result_layout import ResultLayout
    from LongitudinalINRModule.result.result import SceneResult

MOST_CURVES_AT_FIRST = 5
_NONE = "This result has no regions: choose a segmentation before the job runs."
_HINT = "At month {months:.1f}, {kind}. Select rows to draw them in the plot view."


class RegionsSection:
    """Shows the regions of a result at the month of the time slider.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    layout : ResultLayout
        Its plot view shows the curves.
    """

    def __init__(self, ui: Any, layout: ResultLayout):
        self._ui, self._layout = ui, layout
        self._result: SceneResult | None = None
        self._months = 0.0
        self._regions: list[Region] = []
        self._drawn: list[int] = []
        self._updating = False
        self._connections = Connections()
        # Every region has its row: the panel scrolls, and not the table too.
        ui.regionsTable.setVerticalScrollBarPolicy(qt.Qt.ScrollBarAlwaysOff)
        ui.regionsTable.horizontalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)
        self._selection = ui.regionsTable.selectionModel()
        self._connections.connect(self._selection.selectionChanged, self._selected)
        self._connections.connect(ui.regionsButton.contentsCollapsed, self._folded)
        self.show(None, 0.0)

    def show(self, result: SceneResult | None, months: float) -> None:
        """Show a result at a month; None for none."""
        other = result is not self._result
        self._result, self._months = result, months
        if other:
            self._open()
        if self._regions and (other or not self._ui.regionsButton.collapsed):
            self._update()

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _open(self) -> None:
        self._regions = regions_of(self._result) if self._result is not None else []
        self._drawn = []
        has = bool(self._regions)
        self._ui.regionsTable.visible = has
        self._ui.regionsMessageLabel.text = "" if has else _NONE
        self._layout.show_chart(None)

    def _update(self) -> None:
        result = self._result
        if result is None:
            return
        self._updating = True
        try:
            table = update_table_at(result, self._months)
            if self._ui.regionsTable.mrmlTableNode() is not table:
                self._ui.regionsTable.setMRMLTableNode(table)
                self._fit_rows()
        finally:
            self._updating = False
        kind = result.kind(self._months)
        self._ui.regionsMessageLabel.text = _HINT.format(months=self._months, kind=kind)
        if not self._drawn:
            self._draw(result, self._strongest(table))

    def _fit_rows(self) -> None:
        """Make the table as high as its rows are together."""
        table = self._ui.regionsTable
        header = table.horizontalHeader().sizeHint.height()
        scroll_bar = table.horizontalScrollBar().sizeHint.height()
        table.setFixedHeight(table.verticalHeader().length() + header + scroll_bar + 2 * table.frameWidth)

    def _strongest(self, table: slicer.vtkMRMLTableNode) -> list[int]:
        change = np.abs(np.nan_to_num(numbers_of(table, "Volume change (%)")))
        strongest = np.argsort(-change, kind="stable")[:MOST_CURVES_AT_FIRST]
        return [self._regions[index].label for index in strongest]

    def _draw(self, result: SceneResult, labels: list[int]) -> None:
        self._drawn = labels
        self._layout.show_chart(plot_regions(result, labels))

    def _selected(self, *_: object) -> None:
        result = self._result
        if self._updating or result is None:
            return
        rows = sorted({index.row() for index in self._selection.selectedIndexes})
        labels = [self._regions[row].label for row in rows if row < len(self._regions)]
        if labels:
            self._draw(result, labels)

    def _folded(self, folded: bool) -> None:
        if not folded and self._regions:
            self._update()
