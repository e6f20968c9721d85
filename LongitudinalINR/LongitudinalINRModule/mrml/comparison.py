"""What a radiologist checks before trusting a map: baseline and follow-up in turn, and their difference."""

from __future__ import annotations

from typing import Literal

import numpy as np
import slicer
from numpy.typing import NDArray

from LongitudinalINRModule.mrml.hardening import copy_hardened
from LongitudinalINRModule.mrml.node_files import temporary_node
from LongitudinalINRModule.mrml.resampling import resampled_like
from LongitudinalINRModule.mrml.result import Result
from LongitudinalINRModule.mrml.roles import ensure_node
from LongitudinalINRModule.mrml.sequences import index_value
from LongitudinalINRModule.mrml.slice_views import OverlayViews
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside

Stage = Literal["aligned", "warped"]

_LABELS: dict[str, str] = {"aligned": "before", "warped": "after"}
_SAMPLES = 200_000


class Flicker:
    """Shows baseline and follow-up in turn, the overlay hidden meanwhile.

    Parameters
    ----------
    views : OverlayViews
        Views that `show` was called on.
    baseline, follow_up : vtkMRMLScalarVolumeNode
        In one space: the baseline, and the proxy of the aligned or warped follow-ups.
    """

    def __init__(self, views: OverlayViews, baseline, follow_up):
        self._views = views
        self._baseline = baseline
        self._follow_up = follow_up
        self._opacity: float | None = None
        self._shown = baseline
        self._match: tuple[int, float, float] | None = None

    def toggle(self):
        """Show the other of the two and return it; the follow-up comes first, as bright as the baseline."""
        if self._opacity is None:
            self._opacity = self._views.opacity
            self._views.set_opacity(0.0)
        self._shown = self._follow_up if self._shown is self._baseline else self._baseline
        if self._shown is self._follow_up:
            self._match_window()
        self._views.set_background(self._shown)
        return self._shown

    def _match_window(self) -> None:
        """Show the follow-up with the baseline's window, translated into the follow-up's intensities."""
        seen = self._follow_up.GetImageData().GetMTime()
        if self._match is None or self._match[0] != seen:
            reference = _on_grid_of(self._baseline, self._follow_up)
            gain_offset = intensity_match(reference, slicer.util.arrayFromVolume(self._follow_up))
            self._match = (seen, *gain_offset)
        _, gain, offset = self._match
        source, display = self._baseline.GetDisplayNode(), self._follow_up.GetDisplayNode()
        with slicer.util.NodeModify(display):
            display.AutoWindowLevelOff()
            display.SetWindowLevel(gain * source.GetWindow(), gain * source.GetLevel() + offset)

    def stop(self) -> None:
        """Show the baseline under the overlay again."""
        if self._opacity is not None:
            self._views.set_background(self._baseline)
            self._views.set_opacity(self._opacity)
        self._opacity = None
        self._shown = self._baseline


def show_difference(result: Result, months: float, stage: Stage):
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
    """
    follow_up = result.sequence(stage).GetDataNodeAtValue(index_value(months))
    if follow_up is None or months == 0.0:
        raise KeyError(f"There is no {stage} follow-up at month {months:g}.")
    scene, baseline = result.scene, result.baseline
    reference = _on_grid_of(baseline, follow_up)
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
    _show_symmetric(node, 0.25 * float(np.percentile(_sample(reference), 98)))
    return node


def intensity_match(reference: NDArray[np.generic], other: NDArray[np.generic]) -> tuple[float, float]:
    """Return gain and offset with which the reference's intensities resemble the other's.

    From the quartiles of the voxels that are not background in either: robust against what changed.

    Parameters
    ----------
    reference, other : ndarray
        The same grid.

    Returns
    -------
    gain, offset : float
        other is about gain x reference + offset.
    """
    step = max(1, reference.size // _SAMPLES)
    a = reference.reshape(-1)[::step].astype(np.float64)
    b = other.reshape(-1)[::step].astype(np.float64)
    inside = (a > 0.1 * np.percentile(a, 99)) & (b > 0.1 * np.percentile(b, 99))
    if not inside.any():
        return 1.0, 0.0
    low_a, high_a = np.percentile(a[inside], (25, 75))
    low_b, high_b = np.percentile(b[inside], (25, 75))
    if high_a <= low_a or high_b <= low_b:
        return float(np.median(b[inside]) / np.median(a[inside])), 0.0
    gain = (high_b - low_b) / (high_a - low_a)
    return float(gain), float(low_b - gain * low_a)


def _on_grid_of(baseline, follow_up) -> NDArray[np.generic]:
    with temporary_node(baseline.GetScene(), baseline.GetClassName(), "baseline") as hardened:
        copy_hardened(baseline, hardened)
        return resampled_like(hardened, follow_up)


def _show_symmetric(node, half_range: float) -> None:
    display = node.GetDisplayNode()
    with slicer.util.NodeModify(display):
        display.AutoWindowLevelOff()
        display.SetWindowLevelMinMax(-half_range, half_range)


def _sample(array: NDArray[np.generic]) -> NDArray[np.generic]:
    return array.reshape(-1)[:: max(1, array.size // _SAMPLES)]
