"""Slice views that show colours as transparent as their colour table says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vtk

from LongitudinalINRModule.display.fading import SliceFading

if TYPE_CHECKING:
    import slicer


def grade_opacity(
    slice_logic: slicer.vtkMRMLSliceLogic,
    interval: slicer.vtkMRMLScalarVolumeNode | None = None,
    is_logarithm: bool = False,
) -> list[SliceFading]:
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
    interval : vtkMRMLScalarVolumeNode, optional
        Lets changes within it fade out; none do by default, nor any more.
    is_logarithm : bool
        Whether the foreground holds log|J|; else |J|.

    Returns
    -------
    list of SliceFading
        To be closed when no longer wanted.
    """
    layer = slice_logic.GetForegroundLayer()
    fadings = []
    # The first is what the view itself shows, the second its slice in 3D views.
    for display, reslice in (
        (layer.GetVolumeDisplayNode(), layer.GetReslice()),
        (layer.GetVolumeDisplayNodeUVW(), layer.GetResliceUVW()),
    ):
        if display is None or not display.IsA("vtkMRMLScalarVolumeDisplayNode"):
            continue
        joined = display.GetOutputImageDataConnection().GetProducer()
        opacity = _graded(joined)
        if opacity is None:
            continue
        if interval is not None:
            fadings.append(SliceFading(slice_logic.GetSliceNode(), reslice, interval, is_logarithm))
            opacity = fadings[-1].opacity_of(opacity)
        colours = joined.GetInputConnection(0, 0)
        joined.RemoveAllInputConnections(0)
        joined.AddInputConnection(0, colours)
        joined.AddInputConnection(0, opacity.GetOutputPort())
    return fadings


def _graded(joined: vtk.vtkAlgorithm) -> vtk.vtkAlgorithm | None:
    """Return the filter of the graded opacity, an input of the one that joins it with colours, or None."""
    if not joined.IsA("vtkImageAppendComponents") or joined.GetNumberOfInputConnections(0) != 2:
        return None
    producer = joined.GetInputConnection(0, 1).GetProducer()
    if producer.IsA("vtkImageMathematics"):  # which lets changes fade
        return producer.GetInputConnection(0, 0).GetProducer()
    if producer.IsA("vtkImageMask"):
        return producer
    if not producer.IsA("vtkImageLogic"):
        return None
    mask = vtk.vtkImageMask()
    mask.SetInputConnection(0, producer.GetInputConnection(1, 0))
    mask.SetInputConnection(1, producer.GetInputConnection(0, 0))
    return mask
