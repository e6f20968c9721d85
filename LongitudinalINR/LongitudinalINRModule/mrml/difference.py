"""What differs between baseline and follow-up, before the deformation and after it."""

from __future__ import annotations

import numpy as np
import slicer

from LongitudinalINRLib.words import MapOfScan
from LongitudinalINRModule.mrml.intensity_match import baseline_on_grid_of, intensity_match, sample
from LongitudinalINRModule.mrml.result import Result
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.mrml.sequences import index_value
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside

_LABELS: dict[str, str] = {"aligned": "before", "warped": "after"}


def show_difference(result: Result, months: float, stage: MapOfScan):
    """Return the follow-up of a month minus the baseline, in the baseline's intensities; mid-grey is equal.

    Parameters
    ----------
    result : Result
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
    follow_up = result.sequence(stage).GetDataNodeAtValue(index_value(months))
    if follow_up is None or months == 0.0:
        raise KeyError(f"There is no {stage} follow-up at month {months:g}.")
    scene, baseline = result.scene, result.require_baseline()
    reference = baseline_on_grid_of(baseline, follow_up)
    gain, offset = intensity_match(reference, slicer.util.arrayFromVolume(follow_up))
    difference = (slicer.util.arrayFromVolume(follow_up) - offset) / gain - reference
    name = f"{baseline.GetName()} difference {_LABELS[stage]}, month {months:g}"
    role = f"difference {stage} {index_value(months)} of {result.browser.GetID()}"
    node = ensure_node(scene, "vtkMRMLScalarVolumeNode", role, name)
    node.CopyOrientation(follow_up)
    slicer.util.updateVolumeFromArray(node, difference.astype(np.float32))
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    place_beside(scene, node, result.browser)
    _show_symmetric(node, 0.25 * float(np.percentile(sample(reference), 98)))
    return node


def _show_symmetric(node, half_range: float) -> None:
    display = node.GetDisplayNode()
    with slicer.util.NodeModify(display):
        display.AutoWindowLevelOff()
        display.SetWindowLevelMinMax(-half_range, half_range)
