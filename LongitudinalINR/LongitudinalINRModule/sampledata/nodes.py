"""A simulated subject as nodes: a study for each visit, and the segmentation of the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import slicer

from LongitudinalINRLib.analysis.atlas import region_of
from LongitudinalINRModule.mrml.node_files import read_scalar_map, temporary_node
from LongitudinalINRModule.scans.scan_dates import DAYS_PER_MONTH, MONTHS_ATTRIBUTE

SUBJECT = "Simulated subject"
FIRST_VISIT = date(2020, 1, 1)


class SampleSubject(NamedTuple):
    """A simulated subject in the scene, as `LongitudinalINRLogic.run` takes it."""

    volumes: list[slicer.vtkMRMLScalarVolumeNode]
    months: list[float]
    segmentation: slicer.vtkMRMLSegmentationNode


def sample_subject(nodes: Sequence[slicer.vtkMRMLNode]) -> SampleSubject:
    """Tell volumes, their months and segmentation of what `add_subject` returned."""
    *volumes, segmentation = nodes
    return SampleSubject(
        volumes, [float(each.GetAttribute(MONTHS_ATTRIBUTE)) for each in volumes], segmentation
    )


def add_subject(scene: slicer.vtkMRMLScene, folder: Path) -> list[slicer.vtkMRMLNode]:
    """Bring the scans of a simulated subject and the segmentation of its baseline into a scene.

    Each volume carries its months since the baseline in the attribute `MONTHS_ATTRIBUTE`, and lies in a study
    with a date, so that the months can be filled in from the dates as for real scans.

    Parameters
    ----------
    scene : vtkMRMLScene
        Gets the nodes; they keep no trace of the folder.
    folder : Path
        Written by `simulation.simulate`.

    Returns
    -------
    list
        The volumes by their months, then the segmentation.

    Raises
    ------
    InputError
        If the folder does not hold a whole simulated subject.
    """
    from LongitudinalINRLib.simulate.storage import load_truth

    files = load_truth(folder)
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    subject = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), SUBJECT)
    nodes = []
    for months in files.months:
        volume = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", f"Simulated T1, {months:g} months")
        read_scalar_map(files.scan_path(months), volume)
        volume.CreateDefaultDisplayNodes()
        volume.SetAttribute(MONTHS_ATTRIBUTE, repr(months))
        study = hierarchy.CreateStudyItem(subject, f"Simulated visit, {months:g} months")
        day = FIRST_VISIT + timedelta(days=round(months * DAYS_PER_MONTH))
        hierarchy.SetItemAttribute(study, "DICOM.StudyDate", f"{day:%Y%m%d}")
        _put(hierarchy, volume, study)
        nodes.append(volume)
    segmentation = _segmentation(scene, files.labels_path(files.months[0]), nodes[0])
    _put(hierarchy, segmentation, hierarchy.GetItemParent(hierarchy.GetItemByDataNode(nodes[0])))
    return [*nodes, segmentation]


def _segmentation(
    scene: slicer.vtkMRMLScene, path: Path, baseline: slicer.vtkMRMLScalarVolumeNode
) -> slicer.vtkMRMLSegmentationNode:
    """Make the labels of a file segments with FreeSurfer's names and colours."""
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Simulated segmentation")
    with temporary_node(scene, "vtkMRMLLabelMapVolumeNode", "labels") as labels:
        read_scalar_map(path, labels)
        slicer.vtkSlicerSegmentationsModuleLogic.ImportLabelmapToSegmentationNode(labels, node)
    node.CreateDefaultDisplayNodes()
    node.GetDisplayNode().SetVisibility(False)  # it would cover the scan, and later the map
    node.SetReferenceImageGeometryParameterFromVolumeNode(baseline)
    node.SetAttribute(MONTHS_ATTRIBUTE, baseline.GetAttribute(MONTHS_ATTRIBUTE))
    segmentation = node.GetSegmentation()
    for segment_id in segmentation.GetSegmentIDs():
        segment = segmentation.GetSegment(segment_id)
        region = region_of(segment.GetLabelValue())
        segment.SetName(region.name)
        segment.SetColor(*(level / 255 for level in region.colour))
    return node


def _put(hierarchy: slicer.vtkMRMLSubjectHierarchyNode, node: slicer.vtkMRMLNode, parent: int) -> None:
    """Put a node under an item; Slicer's plugins have made the node's own item, a scene alone has not."""
    item = hierarchy.GetItemByDataNode(node)
    if item == hierarchy.GetInvalidItemID():
        hierarchy.CreateItem(parent, node)
    else:
        hierarchy.SetItemParent(item, parent)
