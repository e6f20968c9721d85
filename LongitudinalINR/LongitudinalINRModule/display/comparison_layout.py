"""A layout of Slicer with two rows of slice views, one for each side of a comparison."""

from __future__ import annotations

import slicer

# Slicer's own layouts have numbers below a thousand.
LAYOUT_ID = 7431
VIEW_GROUP = 7431
_ORIENTATIONS = ("Axial", "Coronal", "Sagittal")
SIDES: tuple[tuple[str, ...], ...] = tuple(
    tuple(f"LongitudinalINR{side}{orientation}" for orientation in _ORIENTATIONS) for side in ("A", "B")
)
"""Names of the views of each side."""


def is_of_comparison(view_name: str) -> bool:
    """Tell whether a slice view is one of these."""
    return any(view_name in names for names in SIDES)


def register_layout(layout_node: slicer.vtkMRMLLayoutNode) -> None:
    """Let Slicer know the layout, so that it can be chosen and a bundle that was saved in it is understood.

    Parameters
    ----------
    layout_node : vtkMRMLLayoutNode
        Of the scene.
    """
    if not layout_node.IsLayoutDescription(LAYOUT_ID):
        layout_node.AddLayoutDescription(LAYOUT_ID, _description())


def show_layout(layout_node: slicer.vtkMRMLLayoutNode) -> int:
    """Choose the layout, registered the first time; return the one that was chosen before.

    Parameters
    ----------
    layout_node : vtkMRMLLayoutNode
        Of the scene.
    """
    before = int(layout_node.GetViewArrangement())
    register_layout(layout_node)
    layout_node.SetViewArrangement(LAYOUT_ID)
    return before


def _description() -> str:
    rows = "".join(
        f'<item><layout type="horizontal">{"".join(map(_view, names, _ORIENTATIONS))}</layout></item>'
        for names in SIDES
    )
    return f'<layout type="vertical" split="true">{rows}</layout>'


def _view(name: str, orientation: str) -> str:
    label = f"{name.removesuffix(orientation)[-1]} {orientation[0]}"
    properties = {"orientation": orientation, "viewlabel": label, "viewcolor": "#808080"}
    told = "".join(
        f'<property name="{key}" action="default">{text}</property>' for key, text in properties.items()
    )
    return f'<item><view class="vtkMRMLSliceNode" singletontag="{name}">{told}</view></item>'
