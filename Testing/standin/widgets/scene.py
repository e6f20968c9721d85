"""Widgets that show something of the scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from standin.signals import emit
from standin.widgets.builder import plays


@plays("qSlicerWidget")
class SlicerWidget(QWidget):
    """A widget that is told the scene and cannot be asked for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Any = None

    def setMRMLScene(self, scene: Any) -> None:
        if scene is not self.scene:
            self.scene = scene
            emit(self, "mrmlSceneChanged(vtkMRMLScene*)", scene)


SceneWidget = SlicerWidget


@plays("qMRMLWidget")
class MRMLWidget(QWidget):
    """The container of a scripted module's panel: passes the scene on to its children."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Any = None

    def setMRMLScene(self, scene: Any) -> None:
        if scene is not self.scene:
            self.scene = scene
            self.scene_changed()
            emit(self, "mrmlSceneChanged(vtkMRMLScene*)", scene)

    def scene_changed(self) -> None:
        """Show what is in the new scene."""


class Observations:
    """VTK observers of a widget, removed with it."""

    def __init__(self, widget: QObject) -> None:
        self._widget = widget
        self._tags: list[tuple[Any, int]] = []

    def add(self, observed: Any, event: int | str, react: Callable[[], None]) -> None:
        """Call a function on an event for as long as the widget lives."""

        def callback(*_: Any) -> None:
            if shiboken6.isValid(self._widget):
                react()
            else:
                self.clear()

        self._tags.append((observed, observed.AddObserver(event, callback)))

    def clear(self) -> None:
        """Remove all observers."""
        for observed, tag in self._tags:
            observed.RemoveObserver(tag)
        self._tags = []
