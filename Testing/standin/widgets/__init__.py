"""CTK and Slicer widgets, built out of plain Qt widgets so that they can be clicked and looked at."""

from standin.widgets import choices, containers, node_combo_box, paths, ranges, scene, sliders, units
from standin.widgets.builder import CLASSES as ALL_CLASSES

__all__ = [
    "ALL_CLASSES",
    "choices",
    "containers",
    "node_combo_box",
    "paths",
    "ranges",
    "scene",
    "sliders",
    "units",
]
