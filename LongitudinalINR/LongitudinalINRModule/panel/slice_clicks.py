"""Clicks into the slice views, told as points of the world."""

from __future__ import annotations

from collections.abc import Callable

import slicer
import vtk

from LongitudinalINRModule.panel.connections import Connections

# A press and a release farther apart are a drag: of the window, the slice or the zoom.
_LARGEST_STEP_PIXELS = 3


class SliceClicks:
    """Tells where the left button was clicked, while somebody listens.

    Parameters
    ----------
    on_click : callable
        Takes R, A and S in mm.
    """

    def __init__(self, on_click: Callable[[tuple[float, float, float]], None]):
        self._on_click = on_click
        self._pressed: tuple[int, int] | None = None
        self._observations = Connections()

    def listen(self, on: bool) -> None:
        """Listen to the views of the layout as it is now, or to none."""
        self._observations.close()
        layout = slicer.app.layoutManager()
        if not on or layout is None:
            return
        for name in layout.sliceViewNames():
            widget = layout.sliceWidget(name)
            interactor = widget.sliceView().interactor()
            view = widget.mrmlSliceNode()
            self._observations.observe(interactor, "LeftButtonPressEvent", self._press)
            self._observations.observe(
                interactor, "LeftButtonReleaseEvent", lambda caller, _, view=view: self._release(caller, view)
            )

    def _press(self, interactor: vtk.vtkRenderWindowInteractor, _event: str) -> None:
        self._pressed = tuple(interactor.GetEventPosition())

    def _release(self, interactor: vtk.vtkRenderWindowInteractor, view: slicer.vtkMRMLSliceNode) -> None:
        pressed, self._pressed = self._pressed, None
        x, y = interactor.GetEventPosition()
        if pressed is None or _is_placing():
            return
        if max(abs(x - pressed[0]), abs(y - pressed[1])) <= _LARGEST_STEP_PIXELS:
            r, a, s, _ = view.GetXYToRAS().MultiplyPoint((x, y, 0.0, 1.0))
            self._on_click((r, a, s))


def _is_placing() -> bool:
    """Tell whether a click places a point of a markup."""
    node = slicer.app.applicationLogic().GetInteractionNode()
    return node is not None and node.GetCurrentInteractionMode() == node.Place
