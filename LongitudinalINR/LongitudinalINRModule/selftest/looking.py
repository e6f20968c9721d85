"""The stops at the scans and the map: what opens by itself, the checks, time, and what is seen of the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import slicer

from LongitudinalINRModule.selftest.hands import map_opacity, press, settle, shown, wait_until

KINDS = {
    0.0: "A scan was made at this month.",
    12.0: "A scan was made at this month.",
    18.0: "Between scans: interpolated.",
    30.0: "⚠ Beyond the last scan: predicted, not measured.",
}
"""What the panel says at months of the slider."""


def see_it_open(widget: Any) -> None:
    """Expect the result to open by itself: what it says on top, the difference before the map."""
    ui = widget.ui
    result = widget.panel.explore_section.result
    assert result is not None, "the result does not open by itself"
    settle(widget)
    assert not ui.exploreButton.collapsed, "Explore is still folded"
    assert ui.inputsButton.collapsed, "the inputs are still unfolded"
    assert "difference" in shown("Background"), f"the views show {shown('Background') or 'nothing'} first"
    assert map_opacity() == 0.0, "the map covers the difference"
    assert ui.checkLabel.text.startswith("Check before you trust"), ui.checkLabel.text
    assert ui.answerLabel.text.startswith("By month 24, the last scan: "), f"it says: {ui.answerLabel.text}"


def flicker(widget: Any) -> None:
    """Swap the scans, and swap them back."""
    ui, result = widget.ui, widget.panel.explore_section.result
    press(ui, "flickerButton")
    assert shown("Background") == result.proxy("aligned").GetName(), "Flicker does not show the follow-up"
    assert "follow-up of month 24" in ui.checkLabel.text, ui.checkLabel.text
    press(ui, "flickerButton")
    assert shown("Background") == result.baseline.GetName(), "Flicker does not go back to the baseline"


def wipe(widget: Any) -> None:
    """Draw the line between the scans, move it, and take it away."""
    ui, baseline = widget.ui, widget.panel.explore_section.result.baseline
    press(ui, "wipeButton")
    assert shown("Background").startswith(f"{baseline.GetName()} | "), "Wipe does not show both scans"
    joined = slicer.util.getFirstNodeByClassByName("vtkMRMLScalarVolumeNode", shown("Background"))
    ui.wipeSlider.setValue(ui.wipeSlider.maximum)
    differ = np.abs(slicer.util.arrayFromVolume(joined) - slicer.util.arrayFromVolume(baseline))
    assert differ.max() < 1e-2, "with the line at the right end, all is the baseline"
    press(ui, "wipeButton")
    assert shown("Background") == baseline.GetName(), "the line stays after Wipe was released"


def show_map(widget: Any) -> None:
    """Ask for the map: it lies over the baseline."""
    press(widget.ui, "showMapButton")
    result = widget.panel.explore_section.result
    seen = shown("Background"), shown("Foreground")
    assert seen == (result.baseline.GetName(), result.proxy("jacobian").GetName()), f"the views show {seen}"
    assert map_opacity() > 0.0, "the map cannot be seen"


def go_through_time(widget: Any) -> None:
    """Drag the slider: the map moves, and the panel says how each month is known."""
    ui, proxy = widget.ui, widget.panel.explore_section.result.proxy("jacobian")
    seen = []
    for months, kind in KINDS.items():
        ui.timeSlider.setValue(months)
        slicer.app.processEvents()
        assert ui.kindLabel.text == kind, f"at month {months:g} the panel says: {ui.kindLabel.text}"
        seen.append(float(slicer.util.arrayFromVolume(proxy)[11:13, 15:17, 13:15].mean()))
    assert np.allclose(seen[0], 1.0, atol=1e-3), f"|J| at month 0 is {seen[0]}"
    assert len(set(seen)) == len(seen), f"the map does not move with the slider: {seen}"


def fade(widget: Any) -> None:
    """Let what lies within its interval be seen, and fade out again; nothing to choose without intervals."""
    ui, result = widget.ui, widget.panel.explore_section.result
    if "interval" not in result.maps:
        assert not ui.fadeCheckBox.enabled, "there are no intervals, yet changes within them can fade"
        return
    followed = result.sequence("interval")
    assert ui.fadeCheckBox.checked, "what lies within its interval is seen at first"
    press(ui, "fadeCheckBox")
    assert not result.browser.GetPlayback(followed), "the intervals still follow the slider, unseen"
    press(ui, "fadeCheckBox")
    assert result.browser.GetPlayback(followed), "the intervals that fade the map do not follow the slider"


def see_interval(widget: Any, tell: Callable[[str], object]) -> None:
    """Look at the map of the intervals, and go back to the change."""
    ui, explore = widget.ui, widget.panel.explore_section
    _choose_map(ui, "Half-width of interval")
    if "interval" not in explore.result.maps:
        tell("Intervals are not known for this fit")
        assert "holds no intervals" in ui.exploreMessageLabel.text, ui.exploreMessageLabel.text
        return
    assert shown("Foreground") == explore.result.proxy("interval").GetName(), "the intervals are not shown"
    _choose_map(ui, "Volume change, |J|")
    assert shown("Foreground") == explore.result.proxy("jacobian").GetName(), "the change is not shown again"


def see_surface(widget: Any) -> None:
    """Show the surface of the brain, and take it away."""
    ui = widget.ui
    press(ui, "surfaceCheckBox")
    wait_until(lambda: ui.surfaceMessageLabel.text != "Making the surface…", "the surface of the brain")
    assert not ui.surfaceMessageLabel.text, ui.surfaceMessageLabel.text
    (surface,) = _surfaces()
    assert surface.GetPolyData().GetNumberOfPoints() > 0, "the surface is empty"
    assert surface.GetDisplayNode().GetVisibility(), "the surface is hidden"
    press(ui, "surfaceCheckBox")
    assert not _surfaces(), "the surface stays"


def _choose_map(ui: Any, title: str) -> None:
    index = ui.mapComboBox.findText(title)
    assert index >= 0, f"there is no map called {title}"
    ui.mapComboBox.setCurrentIndex(index)
    ui.mapComboBox.activated(index)
    slicer.app.processEvents()


def _surfaces() -> list[Any]:
    models = slicer.util.getNodesByClass("vtkMRMLModelNode")  # slices are models too
    return [each for each in models if each.GetName().endswith(": brain surface")]
