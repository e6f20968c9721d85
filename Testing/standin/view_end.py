"""The end of a slice view of the real rendering code, whose own `finalize` leaves it alive."""

from __future__ import annotations

from typing import Any


def end_view(view: Any) -> None:
    """Free a view's window and let the view go.

    Its observer of MRML objects holds a method of the view where Python's garbage collection cannot see it:
    the view, its window, its logic and the whole scene would stay until the process ends.

    Parameters
    ----------
    view : trame_slicer.views.AbstractView
        Used no more afterwards.
    """
    view.finalize()
    view._event_observer.SetPythonCallback(_ignore)  # it takes no None, and calls on what it is told


def _ignore(*_: Any) -> None:
    """Take the place of a method of a view that has ended."""
