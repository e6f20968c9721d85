"""The 3D view, which draws nothing here."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from standin.widgets.builder import plays
from standin.widgets.scene import MRMLWidget


@plays("qMRMLThreeDView")
class ThreeDView(QWidget):
    """A 3D view that draws nothing."""

    def resetFocalPoint(self) -> None:
        self.update()

    resetCamera = resetFocalPoint


@plays("qMRMLThreeDWidget")
class ThreeDWidget(MRMLWidget):
    """A 3D view with its bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ThreeDView(self)
        QVBoxLayout(self).addWidget(self.view)

    def threeDView(self) -> ThreeDView:
        return self.view
