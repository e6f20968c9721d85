"""Slice views that show colours as transparent as their colour table says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vtk

if TYPE_CHECKING:
    import slicer


def grade_opacity(slice_logic: slicer.vtkMRMLSliceLogic) -> None:
    """Let the foreground of a slice view keep the opacity of its colours.

    Slicer lets the opacity of a colour pass through a logical AND with the display threshold, which turns
    all but 0 into 1. Here a mask takes the place of that AND: what the threshold leaves out is left out as
    before, and the rest is as transparent as its colour. Volumes whose colours are opaque look the same, so
    that nothing has to be put back. Where the filters are not the expected ones, nothing is changed.

    The logic makes new filters for another display node: call it again after the foreground was chosen.

    Parameters
    ----------
    slice_logic : vtkMRMLSliceLogic
        The view's.
    """
    layer = slice_logic.GetForegroundLayer()
    # The first is what the view itself shows, the second its slice in 3D views.
    for display in (layer.GetVolumeDisplayNode(), layer.GetVolumeDisplayNodeUVW()):
        if display is not None and display.IsA("vtkMRMLScalarVolumeDisplayNode"):
            _replace_gate(display.GetOutputImageDataConnection().GetProducer())


def _replace_gate(joined: vtk.vtkAlgorithm) -> None:
    """Replace the AND among the inputs of the filter that joins colours and opacity."""
    if not joined.IsA("vtkImageAppendComponents") or joined.GetNumberOfInputConnections(0) != 2:
        return
    colours, opacity = (joined.GetInputConnection(0, index) for index in range(2))
    gate = opacity.GetProducer()
    if not gate.IsA("vtkImageLogic"):
        return
    mask = vtk.vtkImageMask()
    mask.SetInputConnection(0, gate.GetInputConnection(1, 0))
    mask.SetInputConnection(1, gate.GetInputConnection(0, 0))
    joined.RemoveAllInputConnections(0)
    joined.AddInputConnection(0, colours)
    joined.AddInputConnection(0, mask.GetOutputPort())
