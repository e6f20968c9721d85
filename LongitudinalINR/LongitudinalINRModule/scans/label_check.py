"""Whether a segmentation or a label map can be used with the baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer
import vtk


@dataclass(frozen=True)
class LabelCheck:
    """What there is to say about a segmentation: an error, a note, or nothing."""

    problem: str = ""
    note: str = ""


def check_labels(node: slicer.vtkMRMLNode, baseline: slicer.vtkMRMLScalarVolumeNode) -> LabelCheck:
    """Say what is wrong with a segmentation, or what will be done with it.

    Parameters
    ----------
    node : vtkMRMLSegmentationNode, vtkMRMLLabelMapVolumeNode or None
        None where none is chosen.
    baseline : vtkMRMLScalarVolumeNode or None
        The scan it has to belong to.
    """
    if node is None:
        return LabelCheck()
    if node.IsA("vtkMRMLSegmentationNode"):
        count = node.GetSegmentation().GetNumberOfSegments()
        if count == 0:
            return LabelCheck(problem="It has no segments. Choose another one, or none.")
        return LabelCheck(note=f"{count} segment{'s' if count > 1 else ''}.")
    if node.GetImageData() is None or node.GetImageData().GetNumberOfPoints() == 0:
        return LabelCheck(problem="It has no voxels. Choose another one, or none.")
    if baseline is not None and baseline.GetImageData() is not None and not same_grid(node, baseline):
        return LabelCheck(note="Its voxels are not those of the baseline: it will be resampled.")
    return LabelCheck()


def same_grid(one: slicer.vtkMRMLScalarVolumeNode, other: slicer.vtkMRMLScalarVolumeNode) -> bool:
    """Tell whether two volumes have the same voxels in the same places, transforms left out."""
    if one.GetImageData().GetDimensions() != other.GetImageData().GetDimensions():
        return False
    return bool(np.allclose(_matrix(one), _matrix(other), atol=1e-4))


def _matrix(volume: slicer.vtkMRMLScalarVolumeNode) -> vtk.vtkMatrix4x4:
    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)
