"""What each region lost or gained, as a table, over time and in the slice views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import qt

from LongitudinalINRModule.display.region_courses import plot_regions
from LongitudinalINRModule.display.region_outline import RegionOutline, look_at, middle_of, region_at
from LongitudinalINRModule.display.region_table import update_table_at
from LongitudinalINRModule.display.slice_views import slice_logics
from LongitudinalINRModule.mrml.tables import numbers_of
from LongitudinalINRModule.panel.attention import bring_row_into_sight
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.slice_clicks import SliceClicks
from LongitudinalINRModule.result.answer import has_approximate_regions
from LongitudinalINRModule.result.regions import Region, regions_of

if TYPE_CHECKING:
    import slicer

    from LongitudinalINRModule.display.result_layout import ResultLayout
    from LongitudinalINRModule.result.result import SceneResult

MOST_CURVES_AT_FIRST = 5
_NONE = "This result has no regions: choose a segmentation, or those from the atlas, before the job runs."
_HINT = "At month {months:.1f}, {kind}. Select rows to draw them in the plot view{outline}."
_APPROXIMATE = "Approximate regions, carried over from an atlas. "
_OUTLINE = " and see them in the slice views, or click a region there"
_NO_LABELS = "; the label map is not there to show them in the slice views"


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
        self._chosen: list[int] = []
        self._point: Sequence[float] | None = None
        self._outline: RegionOutline | None = None
        self._updating = self._here = False
        self._clicks = SliceClicks(self.click)
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
        if other:
            self._leave_views()
        self._result, self._months = result, months
        if other:
            self._open()
        if self._regions and (other or not self._ui.regionsButton.collapsed):
            self._update()

    def probe(self, point_ras: Sequence[float] | None) -> None:
        """Draw the course of a point among those of the regions; None for none."""
        another = point_ras is not self._point
        self._point = point_ras
        if another and self._drawn and self._result is not None:
            self._draw(self._result, self._drawn)

    def click(self, point_ras: Sequence[float]) -> None:
        """Select the row of the region at a point of a slice view, and leave the views where they are."""
        result = self._result
        label = region_at(result, point_ras) if result is not None and result.labels is not None else 0
        rows = [row for row, region in enumerate(self._regions) if region.label == label]
        if result is None or label == 0 or not rows:
            return
        self._select(rows)
        bring_row_into_sight(self._ui.regionsTable, rows[0])
        self._choose(result, [label])

    def listen(self, on: bool) -> None:
        """Take clicks in the slice views, or not: only while the module is open."""
        self._here = on
        folded = self._ui.regionsButton.collapsed
        self._clicks.listen(on and not folded and self._outline is not None)

    def close(self) -> None:
        """Let the widgets and the views go."""
        self._leave_views()
        self._connections.close()

    def _open(self) -> None:
        result = self._result
        self._regions = regions_of(result) if result is not None else []
        self._drawn, self._chosen, self._point = [], [], None
        has = bool(self._regions)
        if has and result is not None and result.labels is not None:
            self._outline = RegionOutline(result)
        self._ui.regionsTable.visible = has
        self._ui.regionsMessageLabel.text = "" if has else _NONE
        self._layout.show_chart(None)
        self.listen(self._here)

    def _leave_views(self) -> None:
        self._clicks.listen(False)
        if self._outline is not None:
            self._outline.clear()
        self._outline = None

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
        # New numbers make new rows, of which none is selected.
        self._select([row for row, region in enumerate(self._regions) if region.label in self._chosen])
        kind = result.kind(self._months)
        outline = _NO_LABELS if self._outline is None else _OUTLINE
        hint = _HINT.format(months=self._months, kind=kind, outline=outline)
        self._ui.regionsMessageLabel.text = (_APPROXIMATE if has_approximate_regions(result) else "") + hint
        if not self._drawn:
            self._draw(result, self._strongest(table))

    def _fit_rows(self) -> None:
        """Make the table as high as its rows are together."""
        table = self._ui.regionsTable
        header = table.horizontalHeader().sizeHint.height()
        scroll_bar = table.horizontalScrollBar().sizeHint.height()
        table.setFixedHeight(table.verticalHeader().length() + header + scroll_bar + 2 * table.frameWidth)

    def _strongest(self, table: slicer.vtkMRMLTableNode) -> list[int]:
        change = np.abs(np.nan_to_num(numbers_of(table, "Change (%)")))
        strongest = np.argsort(-change, kind="stable")[:MOST_CURVES_AT_FIRST]
        return [self._regions[index].label for index in strongest]

    def _draw(self, result: SceneResult, labels: list[int]) -> None:
        self._drawn = labels
        self._layout.show_chart(plot_regions(result, labels, self._point))

    def _select(self, rows: Sequence[int]) -> None:
        """Select rows in the table without doing what a person's selection does."""
        model, flags = self._ui.regionsTable.model(), qt.QItemSelectionModel
        self._updating = True
        try:
            self._selection.clearSelection()
            for row in rows:
                self._selection.select(model.index(row, 0), flags.Select | flags.Rows)
        finally:
            self._updating = False

    def _selected(self, *_: object) -> None:
        result = self._result
        if self._updating or result is None:
            return
        rows = sorted({index.row() for index in self._selection.selectedIndexes})
        self._choose(result, [self._regions[row].label for row in rows if row < len(self._regions)])
        middle = middle_of(result, self._chosen) if self._chosen and result.labels is not None else None
        if middle is not None:
            look_at(middle, slice_logics())

    def _choose(self, result: SceneResult, labels: list[int]) -> None:
        self._chosen = labels
        if labels:
            self._draw(result, labels)
        if self._outline is not None and result.labels is not None:
            self._outline.show(labels, slice_logics())

    def _folded(self, folded: bool) -> None:
        if not folded and self._regions:
            self._update()
        self.listen(self._here)
