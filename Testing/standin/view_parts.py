"""What stands around the slice views: their bars, and the 3D view, which draws nothing here."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from standin.signals import emit
from standin.widgets.builder import plays
from standin.widgets.scene import MRMLWidget, Observations
from standin.widgets.units import UnitSlider


@plays("qMRMLSliceControllerWidget")
class SliceController(MRMLWidget):
    """The bar of a slice view: its offset slider."""

    def __init__(self, logic: Any = None) -> None:
        super().__init__()
        self.slice_logic = logic
        self.offset = UnitSlider(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.offset)
        self.observations = Observations(self)
        if logic is not None:
            self.observations.add(logic, "ModifiedEvent", self.refresh)
            signal = self.offset.signal_attributes["valueChanged(double)"]
            getattr(self.offset, signal).connect(logic.SetSliceOffset)

    def sliceOffsetSlider(self) -> UnitSlider:
        return self.offset

    def mrmlSliceNode(self) -> Any:
        return self.slice_logic.GetSliceNode()

    def mrmlSliceCompositeNode(self) -> Any:
        return self.slice_logic.GetSliceCompositeNode()

    def setSliceOffsetValue(self, value: float) -> None:
        self.slice_logic.SetSliceOffset(value)

    def setSliceLink(self, linked: bool) -> None:
        self.mrmlSliceCompositeNode().SetLinkedControl(linked)

    def setSliceVisible(self, visible: bool) -> None:
        self.mrmlSliceNode().SetSliceVisible(visible)

    def fitSliceToBackground(self) -> None:
        self.slice_logic.FitSliceToBackground()

    def refresh(self) -> None:
        """Show the offset and how far it can go."""
        low, high, *_ = self._range()
        self.offset.blockSignals(True)
        self.offset.setProperty("minimum", low)
        self.offset.setProperty("maximum", high)
        self.offset.setProperty("value", self.slice_logic.GetSliceOffset())
        self.offset.blockSignals(False)

    def _range(self) -> list[float]:
        bounds = [0.0] * 6
        self.slice_logic.GetSliceBounds(bounds)
        return bounds[4:]


@plays("qMRMLThreeDView")
class ThreeDView(QWidget):
    """A 3D view that draws nothing."""

    def forceRender(self) -> None:
        self.update()

    scheduleRender = forceRender

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

    viewWidget = threeDView

    def scene_changed(self) -> None:
        emit(self, "mrmlSceneChanged(vtkMRMLScene*)", self.scene)
