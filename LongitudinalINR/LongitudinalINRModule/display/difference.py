"""What differs between baseline and follow-up, before the deformation and after it."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray

from LongitudinalINRLib.words import MapOfScan
from LongitudinalINRModule.background.steps import Steps, here
from LongitudinalINRModule.display.intensity_match import baseline_on_grid_of, intensity_match, sample
from LongitudinalINRModule.display.map_display import add_display
from LongitudinalINRModule.mrml.node_files import ReadVoxels
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.mrml.sequences import index_value
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.result.result import SceneResult

_LABELS: dict[str, str] = {"aligned": "before", "warped": "after"}


def show_difference(result: SceneResult, months: float, stage: MapOfScan) -> slicer.vtkMRMLScalarVolumeNode:
    """Return the follow-up of a month minus the baseline, in the baseline's intensities; mid-grey is equal.

    Parameters
    ----------
    result : SceneResult
        Holds the follow-ups of the stage.
    months : float
        A month with a follow-up.
    stage : str
        `aligned` for the difference before the deformation, `warped` for what is left of it after.

    Returns
    -------
    vtkMRMLScalarVolumeNode
        Made once for each month and stage; the two stages share one window.

    Raises
    ------
    KeyError
        If the result has no such follow-up in the scene.
    InputError
        If the baseline was removed from the scene.
    """
    return here(showing_difference(result, months, stage))


def showing_difference(result: SceneResult, months: float, stage: MapOfScan) -> Steps[Any]:
    """Do the same in steps; None where the result was removed from its scene meanwhile."""
    follow_up = result.sequence(stage).GetDataNodeAtValue(index_value(months))
    if follow_up is None or months == 0.0:
        raise KeyError(f"There is no {stage} follow-up at month {months:g}.")
    baseline = result.require_baseline()
    reference = baseline_on_grid_of(baseline, follow_up)
    voxels = slicer.util.arrayFromVolume(follow_up)
    matrix = vtk.vtkMatrix4x4()
    follow_up.GetIJKToRASMatrix(matrix)
    affine = slicer.util.arrayFromVTKMatrix(matrix)
    difference, bright = yield partial(_difference, reference, voxels, affine)
    scene = result.scene
    if scene is None:
        return None
    name = f"{baseline.GetName()} difference {_LABELS[stage]}, month {months:g}"
    role = f"difference {stage} {index_value(months)} of {result.browser.GetID()}"
    node = ensure_node(scene, "vtkMRMLScalarVolumeNode", role, name)
    difference.put_into(node)
    if node.GetDisplayNode() is None:
        add_display(node)
    place_beside(scene, node, result.browser)
    _show_symmetric(node, 0.25 * bright)
    return node


def _difference(
    reference: NDArray[Any], follow_up: NDArray[Any], affine: NDArray[np.float64]
) -> tuple[ReadVoxels, float]:
    """Return what differs between arrays (K, J, I), and how bright the bright voxels of the reference are."""
    gain, offset = intensity_match(reference, follow_up)
    difference = (follow_up - offset) / gain - reference
    voxels = ReadVoxels.of(difference.astype(np.float32).transpose(2, 1, 0), affine)
    return voxels, float(np.percentile(sample(reference), 98))


def _show_symmetric(node: slicer.vtkMRMLNode, half_range: float) -> None:
    display = node.GetDisplayNode()
    with slicer.util.NodeModify(display):
        display.AutoWindowLevelOff()
        display.SetWindowLevelMinMax(-half_range, half_range)
