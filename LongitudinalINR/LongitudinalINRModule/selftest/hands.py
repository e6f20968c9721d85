"""What every stop of the self-test needs: a press, a wait, and a look at the first slice view."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import slicer

LONGEST_SECONDS = 300.0


def press(ui: Any, name: str) -> None:
    """Press a button, or tick a box, as a person can: only where it is enabled."""
    widget = getattr(ui, name)
    assert widget.enabled, f"{name} cannot be pressed: it is disabled"
    widget.click()
    slicer.app.processEvents()


def unfold(ui: Any, name: str) -> None:
    """Open a section of the panel."""
    getattr(ui, name).collapsed = False
    slicer.app.processEvents()


def wait_until(done: Callable[[], object], missing: str) -> None:
    """Let Slicer work until something is so.

    Raises
    ------
    AssertionError
        It did not become so; `missing` says what was waited for.
    """
    end = time.monotonic() + LONGEST_SECONDS
    while not done():
        assert time.monotonic() < end, f"waited for this in vain: {missing}"
        slicer.app.processEvents()
        time.sleep(0.01)


def settle(widget: Any) -> None:
    """Wait until what was begun is in the job's folder, or in the scene."""
    wait_until(lambda: not widget.logic.service.busy, "scans or results are still being copied")


def shown(layer: str) -> str:
    """Return the name of the volume in a layer of the red view; empty where there is none.

    Parameters
    ----------
    layer : str
        `Background`, `Foreground` or `Label`.
    """
    composite = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceCompositeNode()
    node = slicer.mrmlScene.GetNodeByID(getattr(composite, f"Get{layer}VolumeID")() or "")
    return "" if node is None else str(node.GetName())


def map_opacity() -> float:
    """Return how strongly the map covers what lies under it in the red view, 0 to 1."""
    composite = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceCompositeNode()
    return float(composite.GetForegroundOpacity())
