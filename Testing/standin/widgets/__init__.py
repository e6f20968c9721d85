"""CTK and Slicer widgets, built out of plain Qt widgets so that they can be clicked and looked at."""

from standin.widgets import (
    checkable_nodes,
    choices,
    containers,
    node_combo_box,
    paths,
    ranges,
    scene,
    segments,
    sequences,
    sliders,
    subject_hierarchy,
    tables_and_plots,
    units,
)
from standin.widgets.builder import CLASSES as ALL_CLASSES

__all__ = [
    "ALL_CLASSES",
    "checkable_nodes",
    "choices",
    "containers",
    "node_combo_box",
    "paths",
    "ranges",
    "scene",
    "segments",
    "sequences",
    "sliders",
    "subject_hierarchy",
    "tables_and_plots",
    "units",
]
