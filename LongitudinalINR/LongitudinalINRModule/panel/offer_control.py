"""Scans that lie in the scene, offered while the table is empty: one press takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qt
import slicer

from LongitudinalINRModule.panel.connections import Connections

if TYPE_CHECKING:
    from LongitudinalINRModule.scans.scene_scans import FoundScans

QUIET_MS = 200
"""Nodes come one after the other, and get their place in the subject hierarchy after they came."""


class OfferControl:
    """Says what was found and lets the person take it; nothing is changed before.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    find : callable
        Returns what the scene offers, or None.
    take : callable
        Takes what was found, when the person wants it.
    """

    def __init__(self, ui: Any, find: Callable[[], FoundScans | None], take: Callable[[FoundScans], None]):
        self._ui, self._find, self._take = ui, find, take
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._connections = Connections()
        self._connections.connect(self._timer.timeout, self.look)
        self._connections.connect(ui.useScansButton.clicked, self._pressed)
        scene = slicer.mrmlScene
        for event in (scene.NodeAddedEvent, scene.NodeRemovedEvent):
            self._connections.observe(scene, event, lambda *_: self._timer.start())
        self.look()

    def look(self) -> FoundScans | None:
        """Look for scans, and show what was found or nothing."""
        found = self._find()
        self._ui.offerLabel.text = "" if found is None else found.summary
        self._ui.offerFrame.visible = found is not None
        return found

    def close(self) -> None:
        """Let everything go."""
        self._timer.stop()
        self._connections.close()

    def _pressed(self) -> None:
        found = self.look()  # a scan may have left the scene since it was offered
        if found is not None:
            self._take(found)
