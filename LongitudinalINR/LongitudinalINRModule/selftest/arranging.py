"""The stops at regions and comparison, and the way back to the views as they were."""

from __future__ import annotations

from typing import Any

import slicer

from LongitudinalINRModule.display.comparison_layout import LAYOUT_ID, SIDES
from LongitudinalINRModule.display.result_layout import ARRANGEMENT, PLOT_TAG
from LongitudinalINRModule.selftest.hands import press, shown, unfold

REGION = "label 1"
"""The ventricle: a label map without names keeps its numbers."""


def select_region(widget: Any) -> None:
    """Select a row: its outline and its course are drawn; then clear the selection."""
    ui, result = widget.ui, widget.panel.explore_section.result
    unfold(ui, "regionsButton")
    table = ui.regionsTable.mrmlTableNode()
    rows = [table.GetCellText(row, 0) for row in range(table.GetNumberOfRows())]
    assert REGION in rows, f"the table holds: {rows}"
    ui.regionsTable.selectRow(rows.index(REGION))
    slicer.app.processEvents()
    assert shown("Label") == result.labels.GetName(), "the region is not outlined"
    colours = result.labels.GetDisplayNode().GetColorNode()
    seen = {label for label in (1, 2) if colours.GetLookupTable().GetTableValue(label)[3] > 0.0}
    assert seen == {1}, f"these labels are outlined: {seen}"
    assert _drawn() == {REGION}, f"the plot view shows {_drawn()}"
    ui.regionsTable.clearSelection()
    slicer.app.processEvents()
    assert not shown("Label"), "the outline stays"


def compare(widget: Any) -> None:
    """Show two months side by side, and go back."""
    ui, layout = widget.ui, slicer.app.layoutManager()
    unfold(ui, "compareGroup")
    press(ui, "compareButton")
    assert layout.layout == LAYOUT_ID, "the layout is not that of a comparison"
    wanted = (
        "Above: {0} at month 12.0, observed. Below: {0} at month 24.0, observed. The views move together."
    )
    wanted = wanted.format(widget.panel.explore_section.result.baseline.GetName())
    assert ui.compareLabel.text == wanted, f"it says: {ui.compareLabel.text}"
    maps = [_map_in(names[0]) for names in SIDES]
    assert [name[-8:] for name in maps] == ["month 12", "month 24"], f"both sides show {maps}"
    press(ui, "compareBackButton")
    assert layout.layout == ARRANGEMENT, f"the layout is {layout.layout}, not that of the result"


def put_views_back(widget: Any, layout_before: int) -> None:
    """Give the former layout back."""
    press(widget.ui, "putBackViewsButton")
    layout = slicer.app.layoutManager().layout
    assert layout == layout_before, f"the layout is {layout}, not {layout_before} as before"


def _drawn() -> set[str]:
    view = slicer.mrmlScene.GetSingletonNode(PLOT_TAG, "vtkMRMLPlotViewNode")
    chart = view.GetPlotChartNode() if view is not None else None
    assert chart is not None, "the plot view shows no chart"
    series = [chart.GetNthPlotSeriesNode(index) for index in range(chart.GetNumberOfPlotSeriesNodes())]
    return {node.GetName().split(",")[0] for node in series}


def _map_in(view: str) -> str:
    composite = slicer.app.layoutManager().sliceWidget(view).mrmlSliceCompositeNode()
    node = slicer.mrmlScene.GetNodeByID(composite.GetForegroundVolumeID() or "")
    return "" if node is None else str(node.GetName())
