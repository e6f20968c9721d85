"""Connections of the panel, all undone when it goes: PythonQt keeps what is connected alive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Connections:
    """Signals and MRML observations that belong together."""

    def __init__(self) -> None:
        self._signals: list[tuple[Any, Callable[..., Any]]] = []
        self._observations: list[tuple[Any, int]] = []

    def connect(self, signal: Any, callback: Callable[..., Any]) -> None:
        """Connect a signal of a widget or of a job."""
        signal.connect(callback)
        self._signals.append((signal, callback))

    def connect_path(self, edit: Any, callback: Callable[..., Any]) -> None:
        """Connect a CTK field for a path; that it was emptied is told by another signal than other paths."""
        self.connect(edit.currentPathChanged, callback)
        self.connect(edit.validInputChanged, callback)

    def observe(self, node: Any, event: int | str, callback: Callable[..., Any]) -> None:
        """Observe a MRML node or the scene."""
        self._observations.append((node, node.AddObserver(event, callback)))

    def close(self) -> None:
        """Undo all of it."""
        for signal, callback in self._signals:
            signal.disconnect(callback)
        for node, tag in self._observations:
            node.RemoveObserver(tag)
        self._signals.clear()
        self._observations.clear()
