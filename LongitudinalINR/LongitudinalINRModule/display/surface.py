"""The brain's surface in the 3D view, coloured by the map at the slider's month."""

from __future__ import annotations

from functools import partial

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray
from vtk.util import numpy_support

from LongitudinalINRLib.analysis.change_colours import visible_share
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.display.brain_mesh import Mesh, brain_mesh
from LongitudinalINRModule.display.colours import COLOUR_COUNT, NO_CHANGE
from LongitudinalINRModule.display.map_display import MapDisplay
from LongitudinalINRModule.display.vertex_maps import VertexMaps, sample_maps
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.result.quantities import QUANTITIES
from LongitudinalINRModule.result.result import SceneResult

_COLOURS = "Colours of the map"
# Matt: highlights would look like small changes.
_AMBIENT, _DIFFUSE, _SPECULAR = 0.25, 0.8, 0.0


class BrainSurface:
    """A model in the scene whose colours follow the map.

    Parameters
    ----------
    node : vtkMRMLModelNode
        Has the surface.
    maps : VertexMaps
        The result's maps at its points.
    """

    def __init__(self, node: slicer.vtkMRMLModelNode, maps: VertexMaps):
        self.node = node
        self._maps = maps
        count = maps.values["jacobian"].shape[1]
        self._rgb = np.empty((count, 3), np.uint8)
        # VTK paints from the very array that is written to here.
        colours = numpy_support.numpy_to_vtk(self._rgb, array_type=vtk.VTK_UNSIGNED_CHAR)
        colours.SetName(_COLOURS)
        node.GetPolyData().GetPointData().SetScalars(colours)
        _show_colours(node.GetDisplayNode())

    def paint(self, map_name: str, months: float, display: MapDisplay, fades: bool) -> None:
        """Colour the surface by a map at a month, with the colours that slice views have.

        Parameters
        ----------
        map_name : str
            A quantity that the result holds.
        months : float
            Since the baseline.
        display : MapDisplay
            Of the map.
        fades : bool
            Whether changes within their intervals are left out.
        """
        values = self._maps.at(map_name, months)
        table = _table(display.colours)
        low, high = QUANTITIES[map_name].range(display.half_range)
        entry = ((values - low) * (COLOUR_COUNT / (high - low))).astype(np.int32)
        rgba = table[np.clip(entry, 0, COLOUR_COUNT - 1)]
        if fades:
            rgba[:, 3] *= self._visible(months)
        rgb = rgba[:, 3:] * (rgba[:, :3] - _GROUND) + _GROUND
        np.rint(255.0 * rgb, out=self._rgb, casting="unsafe")
        surface = self.node.GetPolyData()
        surface.GetPointData().GetScalars().Modified()
        surface.Modified()

    def remove(self) -> None:
        """Take the surface out of its scene."""
        scene = self.node.GetScene()
        if scene is not None:
            for each in (self.node.GetDisplayNode(), self.node):
                scene.RemoveNode(each)

    def _visible(self, months: float) -> NDArray[np.float32]:
        change = self._maps.at("log-jacobian", months)
        return visible_share(change, self._maps.at("interval", months))


def making_surface(result: SceneResult) -> Steps[BrainSurface | None]:
    """Make the surface of the brain that a result measured; None where the result was removed meanwhile.

    The brain is where |J| was measured: in the mask or the segmentation that the job was given, never the
    head. Where some follow-up has no data it has the colour of no change. In steps: what takes its time is
    done in another thread.

    Raises
    ------
    InputError
        What was measured is empty, or larger than a brain.
    """
    sequence = result.sequence("jacobian")
    names = [name for name in ("jacobian", "rate", "interval") if name in result.maps]
    maps: dict[str, list[NDArray[np.float32]]] = {name: _arrays(result.sequence(name)) for name in names}
    affine = _affine(sequence.GetNthDataNode(0))
    months = result.months
    brain = yield partial(np.not_equal, maps["jacobian"][-1], 1.0)  # outside the mask it is exactly that
    mesh = yield partial(brain_mesh, brain, affine)
    seen = brain if result.valid is None else brain & (slicer.util.arrayFromVolume(result.valid) != 0)
    sampled = yield partial(sample_maps, mesh, affine, seen, months, maps)
    return None if result.scene is None else _into_scene(result, mesh, sampled)


_GROUND = np.array(NO_CHANGE, np.float32)


def _into_scene(result: SceneResult, mesh: Mesh, maps: VertexMaps) -> BrainSurface:
    scene = result.scene
    role = f"brain surface of {result.browser.GetID()}"
    node = ensure_node(scene, "vtkMRMLModelNode", role, f"{result.browser.GetName()}: brain surface")
    # It is made anew from the maps whenever it is wanted; saved, it could not move with the slider.
    node.SetSaveWithScene(False)
    node.SetAndObservePolyData(mesh.surface)
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
        node.GetDisplayNode().SetSaveWithScene(False)
    place_beside(scene, node, result.browser)
    return BrainSurface(node, maps)


def _show_colours(display: slicer.vtkMRMLModelDisplayNode) -> None:
    with slicer.util.NodeModify(display):
        display.SetActiveScalarName(_COLOURS)
        display.SetScalarRangeFlag(display.UseDirectMapping)
        display.SetScalarVisibility(True)
        display.SetAmbient(_AMBIENT)
        display.SetDiffuse(_DIFFUSE)
        display.SetSpecular(_SPECULAR)
        display.SetBackfaceCulling(True)  # half the work where there is no graphics card; it is closed
        display.SetVisibility2D(False)
        display.SetVisibility(True)


def _table(colours: slicer.vtkMRMLColorTableNode) -> NDArray[np.float32]:
    """Return the colours of a colour table, shape (256, 4), 0 to 1."""
    table = numpy_support.vtk_to_numpy(colours.GetLookupTable().GetTable())
    return table.astype(np.float32) / np.float32(255.0)


def _arrays(sequence: slicer.vtkMRMLSequenceNode) -> list[NDArray[np.float32]]:
    count = sequence.GetNumberOfDataNodes()
    return [slicer.util.arrayFromVolume(sequence.GetNthDataNode(index)) for index in range(count)]


def _affine(volume: slicer.vtkMRMLScalarVolumeNode) -> NDArray[np.float64]:
    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    affine: NDArray[np.float64] = slicer.util.arrayFromVTKMatrix(matrix)
    return affine
