"""Two months of a result, or two results, side by side in linked views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import slicer
import vtk

from LongitudinalINRModule.display.comparison_layout import VIEW_GROUP
from LongitudinalINRModule.display.graded_opacity import grade_opacity
from LongitudinalINRModule.display.map_display import MapDisplay, add_display
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.result.ground import hide_unseen, unseen_voxels
from LongitudinalINRModule.result.map_interpolation import interpolate_map
from LongitudinalINRModule.result.quantities import QUANTITIES
from LongitudinalINRModule.result.result import SceneResult


@dataclass(frozen=True)
class Side:
    """What one side of a comparison shows.

    Parameters
    ----------
    result : SceneResult
        Gives map and baseline.
    months : float
        Beyond the stored months the nearest is shown.
    """

    result: SceneResult
    months: float


class SideBySide:
    """Shows maps of two sides, each over its own baseline, in the same colours.

    Parameters
    ----------
    logics : sequence of sequence of vtkMRMLSliceLogic
        The views of each side, in the same order of orientations.
    """

    def __init__(self, logics: Sequence[Sequence[slicer.vtkMRMLSliceLogic]]):
        self._logics = logics
        self._maps: list[slicer.vtkMRMLScalarVolumeNode] = []

    def show(self, sides: Sequence[Side], map_name: str, opacity: float) -> None:
        """Show a map on both sides; the views are linked and fitted to their baselines.

        Raises
        ------
        InputError
            A baseline was removed from its scene.
        """
        self._maps = []
        for letter, side, logics in zip("AB", sides, self._logics, strict=True):
            baseline = side.result.require_baseline()
            shown = _map_of(side, map_name, f"comparison {letter}")
            self._maps.append(shown)
            for logic in logics:
                _show(logic, baseline, shown, opacity)
        # Linked only now: what was set on one side so far was meant for it alone.
        for logic in self._all():
            logic.GetSliceCompositeNode().SetLinkedControl(True)
            logic.GetSliceCompositeNode().SetHotLinkedControl(True)

    def update(self, sides: Sequence[Side], map_name: str) -> None:
        """Show other months, or other colours, of the same results, without touching the views."""
        for letter, side in zip("AB", sides, strict=True):
            _map_of(side, map_name, f"comparison {letter}")

    def remove(self) -> None:
        """Take the maps that were made for it out of the scene."""
        for node in self._maps:
            scene, display = node.GetScene(), node.GetDisplayNode()
            if scene is not None:
                # The volume goes first: a view makes another display node for one that has lost its own.
                scene.RemoveNode(node)
                scene.RemoveNode(display)
        self._maps = []

    def _all(self) -> Iterable[slicer.vtkMRMLSliceLogic]:
        return (logic for logics in self._logics for logic in logics)


def _map_of(side: Side, map_name: str, role: str) -> slicer.vtkMRMLScalarVolumeNode:
    """Return a volume with a map at a month: a proxy of the browser could show one month only."""
    result, quantity = side.result, QUANTITIES[map_name]
    node = ensure_node(result.scene, "vtkMRMLScalarVolumeNode", role, role)
    node.SetSaveWithScene(False)
    node.SetHideFromEditors(True)
    _lie_on(node, result.sequence("jacobian").GetNthDataNode(0))
    months = min(max(side.months, result.months[0]), result.months[-1])
    voxels = slicer.util.arrayFromVolume(node)
    interpolate_map(result, map_name, months, voxels)
    hide_unseen(voxels, unseen_voxels(result), map_name)
    slicer.util.arrayFromVolumeModified(node)
    node.SetName(f"{result.require_baseline().GetName()} {quantity.title}, month {months:.4g}")
    if node.GetDisplayNode() is None:
        add_display(node)
        node.GetDisplayNode().SetSaveWithScene(False)
    MapDisplay(node, quantity)
    return node


def _lie_on(node: slicer.vtkMRMLScalarVolumeNode, stored: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Give a node voxels of its own on the grid of a stored map."""
    to_ras = vtk.vtkMatrix4x4()
    stored.GetIJKToRASMatrix(to_ras)
    image = vtk.vtkImageData()
    image.DeepCopy(stored.GetImageData())
    node.SetIJKToRASMatrix(to_ras)
    node.SetAndObserveImageData(image)


def _show(
    logic: slicer.vtkMRMLSliceLogic,
    baseline: slicer.vtkMRMLScalarVolumeNode,
    shown: slicer.vtkMRMLScalarVolumeNode,
    opacity: float,
) -> None:
    composite = logic.GetSliceCompositeNode()
    with slicer.util.NodeModify(composite):
        composite.SetLinkedControl(False)
        composite.SetBackgroundVolumeID(baseline.GetID())
        composite.SetForegroundVolumeID(shown.GetID())
        composite.SetLabelVolumeID(None)
        composite.SetCompositing(composite.Alpha)
        composite.SetForegroundOpacity(opacity)
    logic.GetSliceNode().SetViewGroup(VIEW_GROUP)
    grade_opacity(logic)
    logic.FitSliceToBackground()
    logic.SnapSliceOffsetToIJK()
