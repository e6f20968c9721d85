"""What keeps the panel usable without a mouse."""

from __future__ import annotations

from typing import Any

import qt


def reach_by_keyboard(selector: Any) -> Any:
    """Let the Tab key and shortcuts reach a node selector; return its list, which takes the keys.

    Slicer's selectors give the focus of their list to the widget around it, which takes none.

    Parameters
    ----------
    selector : slicer.qMRMLNodeComboBox
        Changed in place.
    """
    entries = next(child for child in selector.children() if child.inherits("QComboBox"))
    entries.setFocusProxy(None)
    selector.setFocusPolicy(qt.Qt.StrongFocus)
    selector.setFocusProxy(entries)
    return entries
