"""When a session ends, its slice views go: hundreds of tests fit into memory."""

from __future__ import annotations

import gc
import weakref

import vtk


def _watched(node):
    reference = vtk.vtkWeakReference()
    reference.Set(node)
    return reference


def test_no_view_and_no_window_outlives_its_session(running_slicer):
    widgets = list(running_slicer.app.layout_manager._views.values())
    for widget in widgets:
        widget.sliceView().picture()
    views = [weakref.ref(widget.real) for widget in widgets]
    windows = [_watched(widget.real.render_window()) for widget in widgets]
    assert None not in [each.Get() for each in windows]

    del widgets, widget
    running_slicer.uninstall()
    gc.collect()

    assert [each() for each in views] == [None, None, None]
    assert [each.Get() for each in windows] == [None, None, None]
