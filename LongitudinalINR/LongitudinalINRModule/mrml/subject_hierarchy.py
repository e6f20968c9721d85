"""Where a node stands among the patient's studies."""

from __future__ import annotations

from typing import Literal

import slicer

Level = Literal["Patient", "Study"]


def place_beside(scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLNode, neighbour: slicer.vtkMRMLNode) -> None:
    """Put a node under the same parent (study or folder) as another node.

    Parameters
    ----------
    scene : vtkMRMLScene
        Holds both nodes.
    node, neighbour : vtkMRMLNode
        The node to move, and the one that is left where it is.
    """
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    item = _item(hierarchy, node)
    hierarchy.SetItemParent(item, hierarchy.GetItemParent(_item(hierarchy, neighbour)))


def ancestor_at(scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLNode, level: Level) -> int | None:
    """Return the patient or the study that a node lies in; None where it lies in none.

    Parameters
    ----------
    scene : vtkMRMLScene
        Holds the node.
    node : vtkMRMLNode
        Anything with a place in the subject hierarchy, or without.
    level : str
        `Patient` or `Study`.
    """
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    item, invalid = hierarchy.GetItemByDataNode(node), hierarchy.GetInvalidItemID()
    found = invalid if item == invalid else hierarchy.GetItemAncestorAtLevel(item, level)
    return None if found == invalid else int(found)


def inherited_attribute(scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLNode, name: str) -> str:
    """Return a DICOM attribute of the node's subject hierarchy item or of the nearest item above it.

    Returns
    -------
    str
        Empty where no item has it.
    """
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    item = hierarchy.GetItemByDataNode(node)
    while item not in (hierarchy.GetInvalidItemID(), hierarchy.GetSceneItemID()):
        if hierarchy.HasItemAttribute(item, name):
            return hierarchy.GetItemAttribute(item, name)
        item = hierarchy.GetItemParent(item)
    return ""


def _item(hierarchy: slicer.vtkMRMLSubjectHierarchyNode, node: slicer.vtkMRMLNode) -> int:
    item = hierarchy.GetItemByDataNode(node)
    if item == hierarchy.GetInvalidItemID():
        # Slicer's plugins add items by themselves; a scene without them has none yet.
        item = hierarchy.CreateItem(hierarchy.GetSceneItemID(), node)
    return item
