"""CTK and Slicer widgets, built out of plain Qt widgets so that they can be clicked and looked at."""

from standin.widgets import (  # noqa: F401
    containers,
    messages,
    node_combo_box,
    paths,
    scene,
    sliders,
    tables_and_plots,
)
from standin.widgets.builder import CLASSES as ALL_CLASSES  # noqa: F401
