"""The segmentation or label map in a scene that was made on the baseline."""

from __future__ import annotations

import numpy as np
import slicer
import vtk

from LongitudinalINRModule.mrml.roles import nodes_of
from LongitudinalINRModule.mrml.subject_hierarchy import ancestor_at
from LongitudinalINRModule.scans.label_check import check_labels, same_grid
from LongitudinalINRModule.scans.original_scans import is_proxy

_CLASSES = ("vtkMRMLSegmentationNode", "vtkMRMLLabelMapVolumeNode")
_EVERY = 4
"""Every so many-th voxel along each axis is looked at to count labels: the window waits meanwhile."""


def labels_of(baseline: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLNode | None:
    """Return labels that refer to the baseline, else those in its study, else those on its grid.

    Of several that belong to it in the same way, the one with most regions: a brain mask has but one. Labels
    that refer to another scan, or lie in another study, are never returned.

    Parameters
    ----------
    baseline : vtkMRMLScalarVolumeNode
        In a scene.

    Returns
    -------
    vtkMRMLSegmentationNode, vtkMRMLLabelMapVolumeNode or None
    """
    scene = baseline.GetScene()
    study = ancestor_at(scene, baseline, "Study")
    referring, beside, fitting = [], [], []
    for node in (each for kind in _CLASSES for each in nodes_of(scene, kind)):
        if check_labels(node, baseline).problem or node.GetHideFromEditors() or is_proxy(node):
            continue
        reference = _reference(node)
        own_study = ancestor_at(scene, node, "Study")
        if reference is baseline:
            referring.append(node)
        elif reference is not None:
            continue
        elif own_study is not None and own_study == study:
            beside.append(node)
        elif own_study is None and _on_grid_of(node, baseline):
            fitting.append(node)
    return max(referring or beside or fitting, key=_count, default=None)


def _reference(node: slicer.vtkMRMLNode) -> slicer.vtkMRMLNode | None:
    return node.GetNodeReference(slicer.vtkMRMLSegmentationNode.GetReferenceImageGeometryReferenceRole())


def _on_grid_of(node: slicer.vtkMRMLNode, baseline: slicer.vtkMRMLScalarVolumeNode) -> bool:
    if not node.IsA("vtkMRMLSegmentationNode"):
        return same_grid(node, baseline)
    name = slicer.vtkSegmentationConverter.GetReferenceImageGeometryParameterName()
    matrix, extent = vtk.vtkMatrix4x4(), [0, -1, 0, -1, 0, -1]
    text = node.GetSegmentation().GetConversionParameter(name)
    if not text or not slicer.vtkSegmentationConverter.DeserializeImageGeometry(text, matrix, extent):
        return False
    grid = slicer.vtkMRMLScalarVolumeNode()
    image = vtk.vtkImageData()
    image.SetExtent(extent)
    grid.SetAndObserveImageData(image)
    grid.SetIJKToRASMatrix(matrix)
    return extent[::2] == [0, 0, 0] and same_grid(grid, baseline)


def _count(node: slicer.vtkMRMLNode) -> int:
    """Return how many regions there are, or about how many."""
    if node.IsA("vtkMRMLSegmentationNode"):
        return int(node.GetSegmentation().GetNumberOfSegments())
    return len(np.unique(slicer.util.arrayFromVolume(node)[::_EVERY, ::_EVERY, ::_EVERY])) - 1
