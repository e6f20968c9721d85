"""A view that was closed is gone, with its window: hundreds of tests fit into memory."""

from __future__ import annotations

import gc
import weakref

import vtk
from offscreen import View


def test_a_closed_view_is_gone_with_its_window(application):
    view = View(application, "Red", "Axial", (32, 32))
    view.pixels()
    python_side = weakref.ref(view._view)
    window = vtk.vtkWeakReference()
    window.Set(view.window)
    assert window.Get() is not None

    view.close()
    del view
    gc.collect()

    assert python_side() is None
    assert window.Get() is None
