"""Slices, 3D view and curves side by side in Slicer's window, and the person's own layout put back."""

from __future__ import annotations

from typing import Any

import slicer

from LongitudinalINRModule.display.comparison_layout import LAYOUT_ID as COMPARISON

ARRANGEMENT = 7391
"""Slicer's own layouts and those of other modules have other numbers."""

USUAL = slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView
"""What takes the place of a layout of ours where nobody knows what was there before, as after a bundle."""

PLOT_TAG = "LongitudinalINR"


def _view(kind: str, tag: str, properties: str) -> str:
    return f'<item><view class="{kind}" singletontag="{tag}">{properties}</view></item>'


def _slice(name: str, orientation: str, label: str, colour: str) -> str:
    told = {"orientation": orientation, "viewlabel": label, "viewcolor": colour}
    properties = "".join(
        f'<property name="{key}" action="default">{value}</property>' for key, value in told.items()
    )
    return _view("vtkMRMLSliceNode", name, properties)


_LABEL = '<property name="viewlabel" action="default">{}</property>'
_DESCRIPTION = (
    '<layout type="vertical" split="true"><item splitSize="550"><layout type="horizontal" split="true">'
    + _slice("Red", "Axial", "R", "#F34A33")
    + _slice("Yellow", "Sagittal", "Y", "#EDD54C")
    + _slice("Green", "Coronal", "G", "#6EB04B")
    + '</layout></item><item splitSize="450"><layout type="horizontal" split="true">'
    + _view("vtkMRMLViewNode", "1", _LABEL.format("1"))
    + _view("vtkMRMLPlotViewNode", PLOT_TAG, _LABEL.format("INR"))
    + "</layout></item></layout>"
)


def register_layout(layout_node: slicer.vtkMRMLLayoutNode) -> None:
    """Let Slicer know the layout, so that it can be chosen and a bundle that was saved in it is understood.

    Parameters
    ----------
    layout_node : vtkMRMLLayoutNode
        Of the scene.
    """
    if not layout_node.IsLayoutDescription(ARRANGEMENT):
        layout_node.AddLayoutDescription(ARRANGEMENT, _DESCRIPTION)


class ResultLayout:
    """The layout for a result, and the one that was there before.

    Parameters
    ----------
    layout_manager : slicer.qSlicerLayoutManager or None
        None where Slicer runs without a main window: nothing is then shown.
    """

    def __init__(self, layout_manager: Any):
        self._manager = layout_manager
        self._before: int | None = None
        self._chart: slicer.vtkMRMLPlotChartNode | None = None
        self._register()

    def show(self) -> None:
        """Arrange the views, unless they are arranged so."""
        if self._manager is None or self._manager.layout == ARRANGEMENT:
            return
        self._register()  # a scene that was loaded since may have brought layouts of its own
        before = self._manager.layout
        self._before = None if before == COMPARISON else before
        self._manager.setLayout(ARRANGEMENT)
        self.show_chart(self._chart)

    def restore(self) -> None:
        """Put the layout back that was there before `show`; one that the person has chosen since stays.

        Where the layout came with a bundle, Slicer's usual one takes its place.
        """
        before, self._before = self._before, None
        if self._manager is not None and self._manager.layout == ARRANGEMENT:
            self._manager.setLayout(USUAL if before is None else before)

    def show_chart(self, chart: slicer.vtkMRMLPlotChartNode | None) -> None:
        """Show curves in the plot view, now or once it is there; None empties it."""
        self._chart = chart
        view = self.plot_view
        if view is None:
            return
        view.SetPlotChartNodeID(None if chart is None else chart.GetID())
        for index in range(self._manager.plotViewCount):
            widget = self._manager.plotWidget(index)
            if widget.mrmlPlotViewNode() is view:
                widget.plotView().fitToContent()

    @property
    def plot_view(self) -> slicer.vtkMRMLPlotViewNode | None:
        """The plot view of the layout; None until it was shown."""
        if self._manager is None:
            return None
        return slicer.mrmlScene.GetSingletonNode(PLOT_TAG, "vtkMRMLPlotViewNode")

    def _register(self) -> None:
        if self._manager is not None:
            register_layout(self._manager.layoutLogic().GetLayoutNode())
