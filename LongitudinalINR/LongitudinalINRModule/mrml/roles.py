"""Nodes of a scene: by their class, and those that are made once and found again after it was loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import slicer

ROLE_ATTRIBUTE = "LongitudinalINR.Role"


def nodes_of(scene: slicer.vtkMRMLScene, class_name: str) -> list[slicer.vtkMRMLNode]:
    """Return the scene's nodes of a class and of those derived from it, in their order.

    Slicer's own `getNodesByClass` takes a scene and asks the application's.
    """
    return [
        scene.GetNthNodeByClass(index, class_name)
        for index in range(scene.GetNumberOfNodesByClass(class_name))
    ]


def find_node(scene: slicer.vtkMRMLScene, class_name: str, role: str) -> slicer.vtkMRMLNode | None:
    """Return the scene's node of a role, or None."""
    for node in nodes_of(scene, class_name):
        if node.GetAttribute(ROLE_ATTRIBUTE) == role:
            return node
    return None


def ensure_node(scene: slicer.vtkMRMLScene, class_name: str, role: str, name: str) -> slicer.vtkMRMLNode:
    """Return the scene's node of a role, added where there is none.

    Parameters
    ----------
    scene : vtkMRMLScene
        The scene.
    class_name : str
        Class of the node.
    role : str
        What it is found again by.
    name : str
        What people read, when it is new.
    """
    node = find_node(scene, class_name, role)
    if node is None:
        node = scene.AddNewNodeByClass(class_name, name)
        node.SetAttribute(ROLE_ATTRIBUTE, role)
    return node
