"""The display that views are drawn on, which VTK opens for the first window and closes with the last."""

from __future__ import annotations

from functools import cache

from vtkmodules.vtkRenderingCore import vtkRenderWindow


@cache
def keep_open() -> vtkRenderWindow:
    """Open the display for as long as the process lives: opening it takes longer than making a view.

    Returns
    -------
    vtkRenderWindow
        The one that keeps it open, in which nothing is drawn.
    """
    window = vtkRenderWindow()
    window.ShowWindowOff()
    window.SetOffScreenRendering(1)
    window.SetSize(1, 1)
    window.Initialize()
    return window
