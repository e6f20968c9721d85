"""Baseline and follow-up in turn: what a radiologist checks before trusting a map."""

from __future__ import annotations

import slicer

from LongitudinalINRModule.display.intensity_match import baseline_on_grid_of, intensity_match
from LongitudinalINRModule.display.slice_views import OverlayViews


class Flicker:
    """Shows baseline and follow-up in turn, the overlay hidden meanwhile.

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
        self._views = views
        self._baseline = baseline
        self._follow_up = follow_up
        self._opacity: float | None = None
        self._shown = baseline
        self._match: tuple[int, float, float] | None = None

    def toggle(self) -> slicer.vtkMRMLScalarVolumeNode:
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
            reference = baseline_on_grid_of(self._baseline, self._follow_up)
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
