"""Bringing a section of the panel to the person's eyes."""

from __future__ import annotations

from typing import Any

import qt


def bring_up(section: Any) -> None:
    """Scroll a section to the top of the module panel, once the panel has its new height.

    Parameters
    ----------
    section : ctk.ctkCollapsibleButton
        Somewhere in the panel; nothing happens where the panel does not scroll.
    """
    qt.QTimer.singleShot(0, lambda: _scroll_to(section))


def _scroll_to(section: Any) -> None:
    area = section.parent()
    while area is not None and not area.inherits("QScrollArea"):
        area = area.parent()
    if area is None:
        return
    inside = area.widget()
    inside.layout().activate()
    area.verticalScrollBar().value = section.mapTo(inside, qt.QPoint(0, 0)).y()
