"""A result leaves the scene with all that was made from it, so that many people can be looked at in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from LongitudinalINRModule.jobs.loading import remove_result
from LongitudinalINRModule.mrml.node_files import owned_nodes
from LongitudinalINRModule.mrml.roles import ROLE_ATTRIBUTE, nodes_of

if TYPE_CHECKING:
    from LongitudinalINRModule.result.result import SceneResult


def take_out(result: SceneResult) -> None:
    """Remove a result from its scene: its baseline, differences, curves and surfaces too."""
    scene, browser_id = result.scene, result.browser.GetID()
    made = [
        node
        for node in nodes_of(scene, "vtkMRMLNode")
        if browser_id in (node.GetAttribute(ROLE_ATTRIBUTE) or "").split()
    ]
    leaving = [node for node in (result.baseline, *made) if node is not None]
    remove_result(result)
    for node in leaving:
        for each in (*owned_nodes(node), node):
            if each.GetScene() is scene:  # a display node may be of several
                scene.RemoveNode(each)
