"""A segmentation of a scene as a label map of a job, on the baseline's grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.mrml.colour import Colour
from LongitudinalINRModule.mrml.hardening import hardened
from LongitudinalINRModule.mrml.node_files import temporary_node
from LongitudinalINRModule.scans.label_names import label_name, segment_name
from LongitudinalINRModule.scans.scan_export import volume_of, write_in_thread
from LongitudinalINRModule.scans.shared_labels import shared_labels

if TYPE_CHECKING:
    from LongitudinalINRLib.imaging.volume import Volume


@dataclass(frozen=True)
class ExportedRegion:
    """One label of an exported segmentation.

    Parameters
    ----------
    label : int
        Its number in the file.
    name : str
        The segment's name; empty where a label map has none for the number.
    colour : tuple of float
        Red, green and blue, 0 to 1.
    """

    label: int
    name: str
    colour: Colour


def export_labels(
    node: slicer.vtkMRMLNode, baseline: slicer.vtkMRMLScalarVolumeNode, path: Path, place: Place = writing
) -> Steps[tuple[list[ExportedRegion], list[str]]]:
    """Write a segmentation or label map resampled to the baseline's grid, in steps; neither node is changed.

    Parameters
    ----------
    node : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode
        Its parent transforms are applied.
    baseline : vtkMRMLScalarVolumeNode
        Its parent transforms are applied, as for the scans.
    path : Path
        For example ``inputs/labels.nii.gz``.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).

    Returns
    -------
    regions : list of ExportedRegion
        What the labels mean.
    warnings : list of str
        Segments that overlap or lie outside the baseline.

    Raises
    ------
    InputError
        There is no segment, none lies in the baseline, or the file cannot be written.
    """
    with hardened(baseline, "baseline") as reference:
        grid = volume_of(reference)
        if node.IsA("vtkMRMLSegmentationNode"):
            labels, regions, warnings = yield from _of_segmentation(node, reference)
        else:
            labels, regions, warnings = yield from _of_label_map(node, reference)
        if not (yield labels.any):
            raise InputError(
                "segmentation-outside",
                f"No part of {node.GetName()} lies in the baseline.",
                expected="a segmentation of the baseline scan",
                found="only voxels outside of it",
                advice="Check that the segmentation was made on this person's baseline.",
            )
        yield partial(write_in_thread, grid.with_array(labels), path, place)
    return regions, warnings


def _of_segmentation(
    node: slicer.vtkMRMLNode, reference: slicer.vtkMRMLScalarVolumeNode
) -> Steps[tuple[NDArray[np.generic], list[ExportedRegion], list[str]]]:
    segmentation = node.GetSegmentation()
    ids = list(segmentation.GetSegmentIDs())
    if not ids:
        raise InputError(
            "segmentation-empty",
            f"{node.GetName()} has no segments.",
            expected="a segmentation with at least one segment",
            found="none",
            advice="Choose another segmentation, or none: the regions are then left out.",
        )
    taken = shared_labels(node, ids, reference)
    labels = _exported(node, ids, reference) if taken is None else (yield taken)
    present = yield partial(_values, labels)
    regions, warnings = [], []
    for label, segment_id in enumerate(ids, start=1):
        segment = segmentation.GetSegment(segment_id)
        regions.append(ExportedRegion(label, segment_name(segment), tuple(segment.GetColor())))
        if label not in present:
            warnings.append(f"The segment {segment.GetName()} has no voxel of its own in the baseline.")
    shared = yield from _shared_voxels(node, ids, reference, labels)
    if shared:
        warnings.append(f"Segments overlap in {shared} voxels; each counts for the segment listed last.")
    return labels, regions, warnings


def _shared_voxels(
    node: slicer.vtkMRMLNode,
    ids: Sequence[str],
    reference: slicer.vtkMRMLScalarVolumeNode,
    labels: NDArray[np.generic],
) -> Steps[int]:
    """Return how many voxels belong to several segments: those where the order of the segments matters."""
    if node.GetSegmentation().GetNumberOfLayers() == 1:
        return 0  # segments of one layer share no voxel, and another export would keep the window waiting
    backwards = _exported(node, ids[::-1], reference)
    shared: int = yield partial(_differing, backwards, labels, len(ids))
    return shared


def _differing(backwards: NDArray[np.generic], labels: NDArray[np.generic], count: int) -> int:
    numbers = backwards.astype(np.int32)
    flipped = np.where(numbers > 0, count + 1 - numbers, 0)
    return int(np.count_nonzero(flipped != labels))


def _values(labels: NDArray[np.generic]) -> set[int | float]:
    return set(np.unique(labels).tolist())


def _exported(
    node: slicer.vtkMRMLNode, segment_ids: Sequence[str], reference: slicer.vtkMRMLScalarVolumeNode
) -> NDArray[np.generic]:
    """Return the segments as 1, 2, … on a volume's grid, (I, J, K); a later one covers an earlier one."""
    scene = reference.GetScene()
    ids = vtk.vtkStringArray()
    for segment_id in segment_ids:
        ids.InsertNextValue(segment_id)
    tables = scene.GetNumberOfNodesByClass("vtkMRMLColorTableNode")
    with temporary_node(scene, "vtkMRMLLabelMapVolumeNode", "labels") as labels:
        done = slicer.vtkSlicerSegmentationsModuleLogic.ExportSegmentsToLabelmapNode(
            node, ids, labels, reference, slicer.vtkSegmentation.EXTENT_REFERENCE_GEOMETRY
        )
        if scene.GetNumberOfNodesByClass("vtkMRMLColorTableNode") > tables:
            scene.RemoveNode(labels.GetDisplayNode().GetColorNode())  # made by the export, for its labels
        if not done:
            raise InputError(
                "segmentation-unusable",
                f"The segments of {node.GetName()} cannot be made into labels.",
                expected="a segmentation with a closed surface or binary label map",
                found="one that does not convert",
                advice="Open it in Segment Editor and save it again.",
            )
        # The array keeps the voxels when the node goes.
        return slicer.util.arrayFromVolume(labels).transpose(2, 1, 0)


def _of_label_map(
    node: slicer.vtkMRMLNode, reference: slicer.vtkMRMLScalarVolumeNode
) -> Steps[tuple[NDArray[np.generic], list[ExportedRegion], list[str]]]:
    with hardened(node, "labels") as shown:
        labels, before, present = yield partial(_resampled, volume_of(shown), volume_of(reference))
    display = node.GetDisplayNode()
    colours = display.GetColorNode() if display is not None else None
    regions = [_region(int(label), colours) for label in sorted(present)]
    lost = sorted(before - present)
    text = "The labels {} have no voxel in the baseline.".format(", ".join(f"{label:g}" for label in lost))
    return labels, regions, [text] if lost else []


def _resampled(
    labels: Volume, reference: Volume
) -> tuple[NDArray[np.generic], set[int | float], set[int | float]]:
    """Return labels on another grid, and the labels there are before and after."""
    from LongitudinalINRLib.imaging.resampling import resample

    array = resample(labels, reference, order="nearest").array.copy()
    return array, _values(labels.array) - {0}, _values(array) - {0}


def _region(label: int, colours: slicer.vtkMRMLColorNode | None) -> ExportedRegion:
    if colours is None or not 0 <= label < colours.GetNumberOfColors():
        return ExportedRegion(label, "", (0.5, 0.5, 0.5))
    rgba = [0.0] * 4
    colours.GetColor(label, rgba)
    return ExportedRegion(label, label_name(label, colours), (rgba[0], rgba[1], rgba[2]))
