"""The labels that the segments of a segmentation share, taken as they lie: no export, nothing resampled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray
from vtk.util import numpy_support

_SAME_PLACE_MM = 1e-6


def shared_labels(
    node: slicer.vtkMRMLSegmentationNode, segment_ids: Sequence[str], reference: slicer.vtkMRMLVolumeNode
) -> Callable[[], NDArray[np.generic]] | None:
    """Return what makes the segments 1, 2, … on a volume's grid; None where only an export can do that.

    Parameters
    ----------
    node : vtkMRMLSegmentationNode
        Its segments can be taken as they lie if they share one label map whose voxels are the volume's.
    segment_ids : sequence of str
        All of its segments.
    reference : vtkMRMLVolumeNode
        Gives the grid; stands under no transform.

    Returns
    -------
    callable or None
        Touches no node: it may be called in another thread. Returns labels of shape (I, J, K).
    """
    segmentation = node.GetSegmentation()
    kind = slicer.vtkSegmentationConverter.GetSegmentationBinaryLabelmapRepresentationName()
    if node.GetParentTransformNode() is not None or segmentation.GetNumberOfLayers() != 1:
        return None
    if segmentation.GetSourceRepresentationName() != kind:
        return None
    segments = [segmentation.GetSegment(segment_id) for segment_id in segment_ids]
    image = segments[0].GetRepresentation(kind)
    shape = reference.GetImageData().GetDimensions()
    start, stop = _extent(image)
    inside = all(0 <= low < high <= size for low, high, size in zip(start, stop, shape, strict=True))
    if not inside or not _same_place(image, reference):
        return None
    # A copy: the person may go on painting while another thread numbers the labels.
    stored = np.array(numpy_support.vtk_to_numpy(image.GetPointData().GetScalars()))
    stored = stored.reshape([high - low for low, high in zip(start, stop, strict=True)][::-1])
    values = [segment.GetLabelValue() for segment in segments]
    part = tuple(slice(low, high) for low, high in zip(start, stop, strict=True))
    return lambda: _numbered(stored.transpose(2, 1, 0), values, shape, part)


def _extent(image: slicer.vtkOrientedImageData) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the first voxel and the one after the last along each axis."""
    extent = image.GetExtent()
    return extent[::2], tuple(last + 1 for last in extent[1::2])


def _same_place(image: slicer.vtkOrientedImageData, reference: slicer.vtkMRMLScalarVolumeNode) -> bool:
    own, other = vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()
    image.GetImageToWorldMatrix(own)
    reference.GetIJKToRASMatrix(other)
    one, two = (slicer.util.arrayFromVTKMatrix(each) for each in (own, other))
    return bool(np.allclose(one, two, rtol=0.0, atol=_SAME_PLACE_MM))


def _numbered(
    stored: NDArray[np.generic], values: Sequence[int], shape: Sequence[int], part: tuple[slice, ...]
) -> NDArray[np.generic]:
    """Return labels that were any values as 1, 2, … in the order of their segments."""
    labels = np.zeros(tuple(shape), np.uint16 if len(values) >= 2**8 else np.uint8, order="F")
    lowest, highest = int(stored.min()), int(stored.max())
    numbers = np.zeros(highest - lowest + 1, labels.dtype)
    for number, value in enumerate(values, start=1):
        if lowest <= value <= highest:
            numbers[value - lowest] = number
    labels[part] = numbers[stored.astype(np.int64) - lowest]
    return labels
