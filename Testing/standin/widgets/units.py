"""Slicer's slider: CTK's with a scene, whose units are not played."""

from __future__ import annotations

from typing import Any

from standin.widgets.builder import plays
from standin.widgets.sliders import SliderWidget


def keep_scene(widget: Any, scene: Any) -> None:
    """Keep the scene that a widget is given."""
    widget.scene = scene


def kept_scene(widget: Any) -> Any:
    """Return the scene that a widget was given."""
    return widget.scene


@plays("qMRMLSliderWidget")
class UnitSlider(SliderWidget):
    """A slider for a quantity."""

    scene: Any = None
    mrmlScene, setMRMLScene = kept_scene, keep_scene
