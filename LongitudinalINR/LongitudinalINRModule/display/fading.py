"""Changes that lie within their intervals fade out of slice views, whatever their colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vtk

from LongitudinalINRLib.analysis.change_colours import FADED_SHARE
from LongitudinalINRLib.words import SMALLEST_JACOBIAN

if TYPE_CHECKING:
    import slicer

_LAST = -1.0  # priority of an observer


class SliceFading:
    """Lowers the opacity of a map in one slice view, where its interval holds no change.

    It asks for the slice of the interval what the view asks for the map: both lie on one grid.

    Parameters
    ----------
    slice_node : vtkMRMLSliceNode
        Tells when the view shows something else.
    reslice : vtkImageReslice
        The view's, of the map.
    interval : vtkMRMLScalarVolumeNode
        Half-widths of log|J|, on the grid of the map.
    is_logarithm : bool
        Whether the map holds log|J|; else |J|.
    """

    def __init__(
        self,
        slice_node: slicer.vtkMRMLSliceNode,
        reslice: vtk.vtkImageReslice,
        interval: slicer.vtkMRMLScalarVolumeNode,
        is_logarithm: bool,
    ):
        self._theirs, self._interval = reslice, interval
        self._ours = vtk.vtkImageReslice()
        self._ours.SetInterpolationModeToLinear()
        self._visible = _visible_filter(reslice, self._ours, is_logarithm)
        self._opacity = vtk.vtkImageMathematics()
        self._opacity.SetOperationToMin()
        # After the view's own logic, which sets what is followed here.
        self._observed = [
            (slice_node, slice_node.AddObserver(vtk.vtkCommand.ModifiedEvent, self._follow, _LAST)),
            (interval, interval.AddObserver(interval.ImageDataModifiedEvent, self._follow)),
        ]
        self._follow()

    def opacity_of(self, opacity: vtk.vtkAlgorithm) -> vtk.vtkAlgorithm:
        """Return the filter of what is left of an opacity, 0 to 255, that another filter makes."""
        self._opacity.SetInputConnection(0, opacity.GetOutputPort())
        self._opacity.SetInputConnection(1, self._visible.GetOutputPort())
        return self._opacity

    def close(self) -> None:
        """Stop following the view and the interval."""
        for node, tag in self._observed:
            node.RemoveObserver(tag)

    def _follow(self, *_: object) -> None:
        voxels = self._interval.GetImageDataConnection()  # which the browser replaces now and then
        if voxels is not None and self._ours.GetInputConnection(0, 0) is not voxels:
            self._ours.SetInputConnection(voxels)
        self._ours.SetResliceTransform(self._theirs.GetResliceTransform())
        self._ours.SetResliceAxes(self._theirs.GetResliceAxes())
        self._ours.SetOutputDimensionality(self._theirs.GetOutputDimensionality())
        self._ours.SetOutputOrigin(self._theirs.GetOutputOrigin())
        self._ours.SetOutputSpacing(self._theirs.GetOutputSpacing())
        self._ours.SetOutputExtent(self._theirs.GetOutputExtent())


def _visible_filter(
    change: vtk.vtkAlgorithm, half_width: vtk.vtkAlgorithm, is_logarithm: bool
) -> vtk.vtkAlgorithm:
    """Return the filter that tells, 0 to 255, what `change_colours.visible_share` does."""
    logarithm = change if is_logarithm else _logarithm(change)
    size = vtk.vtkImageMathematics()
    size.SetOperationToAbsoluteValue()
    size.SetInputConnection(0, logarithm.GetOutputPort())
    ratio = vtk.vtkImageMathematics()
    ratio.SetOperationToDivide()
    ratio.SetInputConnection(0, size.GetOutputPort())
    ratio.SetInputConnection(1, half_width.GetOutputPort())
    ratio.DivideByZeroToCOn()
    ratio.SetConstantC(0.0)
    visible = vtk.vtkImageShiftScale()
    visible.SetInputConnection(ratio.GetOutputPort())
    visible.SetShift(-FADED_SHARE)
    visible.SetScale(255.0 / (1.0 - FADED_SHARE))
    visible.SetOutputScalarTypeToUnsignedChar()
    visible.ClampOverflowOn()
    return visible


def _logarithm(change: vtk.vtkAlgorithm) -> vtk.vtkAlgorithm:
    """Return the filter of the logarithm; what lies outside the volume, where |J| is 0, is replaced."""
    positive = vtk.vtkImageThreshold()
    positive.SetInputConnection(change.GetOutputPort())
    positive.ThresholdByUpper(SMALLEST_JACOBIAN)
    positive.ReplaceOutOn()
    positive.SetOutValue(SMALLEST_JACOBIAN)
    logarithm = vtk.vtkImageMathematics()
    logarithm.SetOperationToLog()
    logarithm.SetInputConnection(0, positive.GetOutputPort())
    return logarithm
