"""A chart inside the panel, in a view of its own that Slicer's layouts leave alone."""

from __future__ import annotations

import slicer

from LongitudinalINRModule.mrml.roles import ROLE_ATTRIBUTE, ensure_node, find_node


class ChartView:
    """Shows charts in a plot widget.

    Parameters
    ----------
    widget : slicer.qMRMLPlotWidget
        Hidden until there is a chart.
    name : str
        Tells the views of the panel apart.
    """

    def __init__(self, widget: slicer.qMRMLPlotWidget, name: str):
        self._widget, self._name = widget, name
        widget.setMRMLScene(slicer.mrmlScene)
        widget.visible = False

    def show(self, chart: slicer.vtkMRMLPlotChartNode) -> None:
        """Show a chart node; None hides the widget."""
        self._widget.visible = chart is not None
        if chart is None:
            return
        view = self._view(chart.GetScene())
        view.SetPlotChartNodeID(chart.GetID())
        self._widget.setMRMLPlotViewNode(view)
        self._widget.plotView().fitToContent()

    def _view(self, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLPlotViewNode:
        role = f"plot view {self._name}"
        view = find_node(scene, "vtkMRMLPlotViewNode", role)
        if view is not None:
            return view
        owner = ensure_node(
            scene, "vtkMRMLScriptedModuleNode", "owner of plot views", "LongitudinalINR plots"
        )
        view = slicer.vtkMRMLPlotViewNode()
        view.SetName(f"LongitudinalINR {self._name}")
        view.SetAttribute(ROLE_ATTRIBUTE, role)
        for node in (view, owner):
            node.SetSaveWithScene(False)  # it is made anew with the panel
            node.SetHideFromEditors(True)
        # Before it comes into the scene: Slicer's layout makes a view of its own for a node without a parent.
        view.SetAndObserveParentLayoutNodeID(owner.GetID())
        return scene.AddNode(view)
