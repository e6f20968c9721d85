"""Widgets that browse a sequence."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from standin.widgets.builder import plays
from standin.widgets.scene import MRMLWidget, Observations


class BrowserWidget(MRMLWidget):
    """A widget that follows a sequence browser node."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.browser: Any = None
        self.observations = Observations(self)
        QHBoxLayout(self).setContentsMargins(0, 0, 0, 0)

    def setMRMLSequenceBrowserNode(self, node: Any) -> None:
        self.observations.clear()
        self.browser = node
        if node is not None:
            self.observations.add(node, "ModifiedEvent", self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the browser."""


@plays("qMRMLSequenceBrowserSeekWidget")
class SeekWidget(BrowserWidget):
    """A slider over the items of the sequence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handle, self.label = QSlider(Qt.Orientation.Horizontal, self), QLabel(self)
        self.layout().addWidget(self.handle)
        self.layout().addWidget(self.label)
        self.handle.valueChanged.connect(self.setSelectedItemNumber)
        self.refresh()

    def slider(self) -> QSlider:
        return self.handle

    def setSelectedItemNumber(self, number: int) -> None:
        if self.browser is not None:
            self.browser.SetSelectedItemNumber(number)

    def refresh(self) -> None:
        count = self.browser.GetNumberOfItems() if self.browser is not None else 0
        self.setEnabled(count > 0)
        self.handle.blockSignals(True)
        self.handle.setRange(0, max(count - 1, 0))
        self.handle.setValue(self.browser.GetSelectedItemNumber() if count else 0)
        self.handle.blockSignals(False)
        self.label.setText(self.browser.GetFormattedIndexValue(self.handle.value()) if count else "")


@plays("qMRMLSequenceBrowserPlayWidget")
class PlayWidget(BrowserWidget):
    """First, previous, play, next, last."""

    BUTTONS = (("first", "|<"), ("previous", "<"), ("play", ">||"), ("next", ">"), ("last", ">|"))

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {}
        actions = (self.onVcrFirst, self.onVcrPrevious, self.onVcrPlayPause, self.onVcrNext, self.onVcrLast)
        for (name, text), action in zip(self.BUTTONS, actions, strict=True):
            self.buttons[name] = QToolButton(self)
            self.buttons[name].setText(text)
            self.buttons[name].clicked.connect(action)
            self.layout().addWidget(self.buttons[name])
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.onVcrNext)
        self.refresh()

    def onVcrFirst(self, *_: object) -> None:
        self.browser.SelectFirstItem()

    def onVcrLast(self, *_: object) -> None:
        self.browser.SelectLastItem()

    def onVcrPrevious(self, *_: object) -> None:
        self.browser.SelectNextItem(-1)

    def onVcrNext(self, *_: object) -> None:
        self.browser.SelectNextItem(1)

    def onVcrPlayPause(self, *_: object) -> None:
        self.browser.SetPlaybackActive(not self.browser.GetPlaybackActive())

    def setPlaybackEnabled(self, active: bool) -> None:
        self.browser.SetPlaybackActive(active)

    def setPlaybackLoopEnabled(self, looped: bool) -> None:
        self.browser.SetPlaybackLooped(looped)

    def setPlaybackRateFps(self, rate: float) -> None:
        self.browser.SetPlaybackRateFps(rate)

    def refresh(self) -> None:
        self.setEnabled(self.browser is not None and self.browser.GetNumberOfItems() > 0)
        if self.browser is not None and self.browser.GetPlaybackActive():
            self.timer.start(round(1000 / self.browser.GetPlaybackRateFps()))
        else:
            self.timer.stop()
