"""Baseline and follow-up on either side of a divider in every slice view."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray

from LongitudinalINRModule.display.intensity_match import baseline_on_grid_of, intensity_match
from LongitudinalINRModule.display.map_display import add_display
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.mrml.node_files import ReadVoxels
from LongitudinalINRModule.mrml.roles import ensure_node

Sides = tuple[NDArray[np.float32], NDArray[np.float32]]


class Wipe:
    """Shows the baseline left of a divider and the follow-up, as bright, right of it; the overlay is hidden.

    For each axis of voxels that runs across some view a volume is put together of the two; moving the divider
    copies only the planes that it passes. Voxels that lie askew to a view have a divider that does so too.

    Parameters
    ----------
    views : OverlayViews
        Views that `show` was called on.
    baseline, follow_up : vtkMRMLScalarVolumeNode
        In one space: the baseline, and the proxy of the aligned or warped follow-ups.
    """

    def __init__(
        self,
        views: OverlayViews,
        baseline: slicer.vtkMRMLScalarVolumeNode,
        follow_up: slicer.vtkMRMLScalarVolumeNode,
    ):
        self._views, self._baseline, self._follow_up = views, baseline, follow_up
        self._opacity: float | None = None
        self._joined: dict[tuple[int, bool], _Joined] = {}
        self._sides: Sides | None = None

    @property
    def shown(self) -> bool:
        """Whether the views show it."""
        return self._opacity is not None

    def show(self, share: float) -> None:
        """Set the divider so that a share, 0 to 1, of the follow-up's grid lies left of it in each view."""
        sides = self._sides = self._sides or _comparable(self._baseline, self._follow_up)
        if self._opacity is None:
            self._opacity = self._views.opacity
            self._views.set_opacity(0.0)
            self._views.set_backgrounds(lambda logic: self._across(sides, logic).node)
        for joined in self._joined.values():
            joined.divide(share)

    def stop(self) -> None:
        """Show the baseline under the overlay again, and let the joined volumes go."""
        if self._opacity is None:
            return
        self._views.set_background(self._baseline)
        self._views.set_opacity(self._opacity)
        self._opacity = self._sides = None
        for joined in self._joined.values():
            joined.remove()
        self._joined.clear()

    def _across(self, sides: Sides, logic: slicer.vtkMRMLSliceLogic) -> _Joined:
        """Return the volume that is divided along the voxels that run from left to right in a view."""
        to_ras, to_ijk = logic.GetSliceNode().GetSliceToRAS(), vtk.vtkMatrix4x4()
        self._follow_up.GetIJKToRASMatrix(to_ijk)
        axes = slicer.util.arrayFromVTKMatrix(to_ijk)[:3, :3]
        rightward = slicer.util.arrayFromVTKMatrix(to_ras)[:3, 0]
        cosines = rightward @ (axes / np.linalg.norm(axes, axis=0))
        axis = int(np.abs(cosines).argmax())
        key = axis, bool(cosines[axis] > 0)
        if key not in self._joined:
            self._joined[key] = _Joined(self._baseline, self._follow_up, sides, *key)
        return self._joined[key]


class _Joined:
    """A volume of two, divided across one axis of its voxels."""

    def __init__(
        self,
        baseline: slicer.vtkMRMLScalarVolumeNode,
        follow_up: slicer.vtkMRMLScalarVolumeNode,
        sides: Sides,
        axis: int,
        rightward: bool,
    ):
        matrix = vtk.vtkMatrix4x4()
        follow_up.GetIJKToRASMatrix(matrix)
        voxels = ReadVoxels.of(sides[1].transpose(2, 1, 0), slicer.util.arrayFromVTKMatrix(matrix))
        name = f"{baseline.GetName()} | {follow_up.GetName()}"
        scene = baseline.GetScene()
        self.node = ensure_node(scene, "vtkMRMLScalarVolumeNode", f"wipe {axis} {rightward}", name)
        self.node.SetSaveWithScene(False)
        self.node.SetHideFromEditors(True)
        voxels.put_into(self.node)
        if self.node.GetDisplayNode() is None:
            add_display(self.node)
        source, display = baseline.GetDisplayNode(), self.node.GetDisplayNode()
        display.SetSaveWithScene(False)
        display.SetWindowLevel(source.GetWindow(), source.GetLevel())
        # Planes first, in the order from left to right.
        step = slice(None, None, 1 if rightward else -1)
        planes = [np.moveaxis(each, 2 - axis, 0)[step] for each in (*sides, self._voxels())]
        self._left, self._right, self._shown = planes
        self._line = source.GetWindowLevelMax()
        self._divider = 0

    def divide(self, share: float) -> None:
        count = len(self._shown)
        before, now = self._divider, round(share * count)
        first, last = max(min(before, now) - 1, 0), max(before, now) + 1
        cut = max(now, first)
        self._shown[first:cut] = self._left[first:cut]
        self._shown[cut:last] = self._right[cut:last]
        if 0 < now < count:
            self._shown[now] = self._line
        self._divider = now
        image = self.node.GetImageData()
        image.GetPointData().GetScalars().Modified()
        image.Modified()

    def remove(self) -> None:
        scene, display = self.node.GetScene(), self.node.GetDisplayNode()
        if scene is not None:
            scene.RemoveNode(self.node)
            scene.RemoveNode(display)

    def _voxels(self) -> NDArray[np.float32]:
        return slicer.util.arrayFromVolume(self.node)


def _comparable(baseline: slicer.vtkMRMLScalarVolumeNode, follow_up: slicer.vtkMRMLScalarVolumeNode) -> Sides:
    """Return both on the follow-up's grid, (K, J, I), the follow-up in the baseline's intensities."""
    reference = baseline_on_grid_of(baseline, follow_up)
    voxels = slicer.util.arrayFromVolume(follow_up)
    gain, offset = intensity_match(reference, voxels)
    matched = voxels.astype(np.float32)
    matched -= np.float32(offset)
    matched /= np.float32(gain)
    return reference.astype(np.float32), matched
