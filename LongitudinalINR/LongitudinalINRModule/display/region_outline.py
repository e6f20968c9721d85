"""Regions in the slice views: their outline, their middle, and which of them lies at a point."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import slicer
import vtk

from LongitudinalINRModule.display.region_courses import region_colours
from LongitudinalINRModule.display.slice_views import OUTLINE_ROLE
from LongitudinalINRModule.mrml.colour import Colour
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.result.ground import value_at
from LongitudinalINRModule.result.regions import regions_of
from LongitudinalINRModule.result.result import SceneResult

OUTLINE_PIXELS = 2
# A region nearer to the edge of a view than this share of it is brought to the middle.
_EDGE = 0.1

# Composite node, slice node, label volume, its opacity, whether it was outlined.
_Before = tuple[Any, Any, "str | None", float, bool]


class RegionOutline:
    """Outlines regions of a result and puts back what the label layers of the views showed before.

    The label map is shown with a colour table in which the regions that are not chosen are transparent, so
    that choosing others touches no voxel.

    Parameters
    ----------
    result : SceneResult
        One with a label map.
    """

    def __init__(self, result: SceneResult):
        self._result, self._labels = result, result.require_labels()
        self._titles = {region.label: region.title for region in regions_of(result) if region.label > 0}
        self._colours = _transparent_colours(result, self._titles)
        self._shown: dict[int, Colour] = {}
        self._before: list[_Before] = []

    def show(self, labels: Sequence[int], slice_logics: Iterable[slicer.vtkMRMLSliceLogic]) -> None:
        """Outline regions in views, in the colours of their courses; where none has voxels, clear."""
        colours = region_colours(self._result, labels)
        chosen = {label: colours[label] for label in labels if label in self._titles}
        if not chosen:
            self.clear()
            return
        self._colour(chosen)
        for logic in slice_logics:
            composite, view = logic.GetSliceCompositeNode(), logic.GetSliceNode()
            shown = composite.GetLabelVolumeID()
            if shown == self._labels.GetID():
                continue
            self._before.append(
                (composite, view, shown, composite.GetLabelOpacity(), view.GetUseLabelOutline())
            )
            with slicer.util.NodeModify(composite):
                composite.SetLabelVolumeID(self._labels.GetID())
                composite.SetLabelOpacity(1.0)
            view.SetUseLabelOutline(True)

    def clear(self) -> None:
        """Put the label layers back as they were; one that somebody else has changed since stays."""
        self._colour({})
        for composite, view, volume, opacity, outlined in reversed(self._before):
            scene = composite.GetScene()
            if scene is None or composite.GetLabelVolumeID() != self._labels.GetID():
                continue
            exists = volume is not None and scene.GetNodeByID(volume) is not None
            with slicer.util.NodeModify(composite):
                composite.SetLabelVolumeID(volume if exists else None)
                composite.SetLabelOpacity(opacity)
            view.SetUseLabelOutline(outlined)
        self._before.clear()

    def _colour(self, chosen: dict[int, Colour]) -> None:
        if chosen == self._shown:
            return
        with slicer.util.NodeModify(self._colours):
            for label in self._shown.keys() - chosen.keys():
                self._colours.SetColor(label, self._titles[label], 0.0, 0.0, 0.0, 0.0)
            for label, colour in chosen.items():
                self._colours.SetColor(label, self._titles[label], *_bright(colour), 1.0)
        self._shown = chosen


def region_at(result: SceneResult, point_ras: Sequence[float]) -> int:
    """Return the label at a point, RAS mm; 0 where there is no region."""
    return value_at(result.require_labels(), point_ras)


def middle_of(result: SceneResult, labels: Collection[int]) -> tuple[float, float, float] | None:
    """Return the voxel of some regions that is nearest to their centroid, in RAS mm; None without voxels.

    The centroid itself may lie outside of a region that is bent, or on both sides of the head.
    """
    node = result.require_labels()
    voxels = slicer.util.arrayFromVolume(node)
    wanted = np.zeros(int(max(voxels.max(), *labels)) + 1, bool)
    wanted[[label for label in labels if label > 0]] = True
    indices = np.array(np.unravel_index(np.flatnonzero(wanted[voxels]), voxels.shape)).T
    if not len(indices):
        return None
    distances = np.linalg.norm(indices - indices.mean(axis=0), axis=1)
    k, j, i = indices[distances.argmin()]
    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    r, a, s, _ = matrix.MultiplyPoint((i, j, k, 1.0))
    return r, a, s


def look_at(point_ras: Sequence[float], slice_logics: Iterable[slicer.vtkMRMLSliceLogic]) -> None:
    """Bring the slices of views through a point; a view is moved sideways only where it lies at the edge."""
    for logic in slice_logics:
        view = logic.GetSliceNode()
        view.JumpSliceByOffsetting(*point_ras)
        to_xy = vtk.vtkMatrix4x4()
        vtk.vtkMatrix4x4.Invert(view.GetXYToRAS(), to_xy)
        places = np.array(to_xy.MultiplyPoint((*point_ras, 1.0))[:2]) / view.GetDimensions()[:2]
        if (np.abs(places - 0.5) > 0.5 - _EDGE).any():
            view.JumpSliceByCentering(*point_ras)


def _transparent_colours(result: SceneResult, titles: dict[int, str]) -> slicer.vtkMRMLColorTableNode:
    scene, browser = result.scene, result.browser
    role = f"{OUTLINE_ROLE} {browser.GetID()}"
    colours = ensure_node(scene, "vtkMRMLColorTableNode", role, f"{browser.GetName()}: outlines")
    colours.SetHideFromEditors(True)
    with slicer.util.NodeModify(colours):
        colours.SetTypeToUser()
        colours.SetNumberOfColors(max(titles, default=0) + 1)
        colours.GetLookupTable().SetTableRange(0, max(titles, default=0))
        for entry in range(colours.GetNumberOfColors()):
            colours.SetColor(entry, titles.get(entry, ""), 0.0, 0.0, 0.0, 0.0)
    labels = result.require_labels()
    if labels.GetDisplayNode() is None:
        labels.CreateDefaultDisplayNodes()
    display = labels.GetDisplayNode()
    display.SetAndObserveColorNodeID(colours.GetID())
    display.SetSliceIntersectionThickness(OUTLINE_PIXELS)
    return colours


def _bright(colour: Colour) -> Colour:
    """Return a colour that is seen on dark anatomy and beside the map's own: a dark one is lightened."""
    lightest = max(colour)
    return colour if lightest > 0.6 else tuple(0.4 + 0.6 * part for part in colour)  # type: ignore[return-value]
