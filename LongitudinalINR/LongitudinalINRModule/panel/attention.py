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


def bring_row_into_sight(table: Any, row: int) -> None:
    """Scroll the module panel as far as a row needs that lies above or below what is seen of it.

    Parameters
    ----------
    table : QTableView
        Somewhere in the panel, as high as its rows; nothing happens where the panel does not scroll.
    row : int
        Counted from 0.
    """
    area = _scroll_area_of(table)
    if area is None:
        return
    top = table.viewport().mapTo(area.widget(), qt.QPoint(0, table.rowViewportPosition(row))).y()
    height, seen = table.rowHeight(row), area.viewport().height
    bar = area.verticalScrollBar()
    bar.value = min(max(bar.value, top + height - seen), top)


def _scroll_area_of(widget: Any) -> Any:
    area = widget.parent()
    while area is not None and not area.inherits("QScrollArea"):
        area = area.parent()
    return area


def _scroll_to(section: Any) -> None:
    area = _scroll_area_of(section)
    if area is None:
        return
    inside = area.widget()
    inside.layout().activate()
    area.verticalScrollBar().value = section.mapTo(inside, qt.QPoint(0, 0)).y()
