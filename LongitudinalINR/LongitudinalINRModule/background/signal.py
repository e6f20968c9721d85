"""Signals without Qt, so that jobs can be watched from scripts too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Signal:
    """Calls what was connected, in that order."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[..., Any]] = []

    def connect(self, callback: Callable[..., Any]) -> None:
        """Call a function whenever the signal is emitted."""
        self._callbacks.append(callback)

    def disconnect(self, callback: Callable[..., Any]) -> None:
        """Call it no more."""
        self._callbacks.remove(callback)

    def emit(self, *arguments: Any) -> None:
        """Call everything that is connected."""
        for callback in tuple(self._callbacks):
            callback(*arguments)
