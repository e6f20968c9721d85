"""The layout manager and its slice views: real MRML logics, drawn offscreen by VTK when a test looks."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import shiboken6
import slicer
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from trame_slicer.views import SliceView as RealSliceView
from trame_slicer.views.render_scheduler import ScheduledRenderStrategy
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkObject
from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

from standin import egl_display
from standin.session import Session
from standin.signals import emit
from standin.view_end import end_view
from standin.view_parts import ThreeDWidget
from standin.widgets.builder import plays
from standin.widgets.scene import MRMLWidget, Observations
from standin.widgets.tables_and_plots import PlotWidget

_NAMES = ("Red", "Green", "Yellow")


class PaintLater(ScheduledRenderStrategy):
    """Render once when Qt paints next, however many changes there were: as Slicer's views do."""

    def __init__(self) -> None:
        super().__init__()
        self.widget: QWidget | None = None

    def schedule_render(self) -> None:
        """Ask Qt to paint."""
        if self.widget is not None and shiboken6.isValid(self.widget):
            self.widget.update()

    def did_render(self) -> None:
        """Nothing is kept from one picture to the next."""


@plays("qMRMLSliceView")
class SliceView(QWidget):
    """The picture of one slice."""

    def __init__(self, view: RealSliceView) -> None:
        super().__init__()
        self.view = view
        self.setMinimumSize(64, 64)

    def renderWindow(self) -> Any:
        return self.view.render_window()

    def interactor(self) -> Any:
        return self.view.interactor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.render_window().SetSize(self.width(), self.height())
        self.view.get_view_node().SetDimensions(self.width(), self.height(), 1)
        emit(self, "resized(QSize)", event.size())

    def paintEvent(self, _event: QPaintEvent) -> None:
        picture = self.picture()
        painter = QPainter(self)
        painter.drawImage(0, 0, picture)
        painter.end()

    def picture(self) -> QImage:
        """Return what VTK draws."""
        self.view.render()
        grab = vtkWindowToImageFilter()
        grab.SetInput(self.view.render_window())
        grab.ReadFrontBufferOff()
        grab.Update()
        data = grab.GetOutput()
        width, height, _ = data.GetDimensions()
        pixels = vtk_to_numpy(data.GetPointData().GetScalars()).reshape(height, width, -1)[::-1].copy()
        return QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


@plays("qMRMLSliceWidget")
class SliceWidget(MRMLWidget):
    """A slice view with its logic."""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        egl_display.keep_open()
        app, later = session.application_logic, PaintLater()
        self.real = RealSliceView(session.scene, app, name, scheduled_render_strategy=later)
        self._view = later.widget = SliceView(self.real)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)

    def sliceLogic(self) -> Any:
        return self.real._logic

    def sliceView(self) -> SliceView:
        return self._view

    def mrmlSliceNode(self) -> Any:
        return self.sliceLogic().GetSliceNode()

    def mrmlSliceCompositeNode(self) -> Any:
        return self.sliceLogic().GetSliceCompositeNode()

    def fitSliceToBackground(self) -> None:
        self.sliceLogic().FitSliceToBackground()


@plays("qSlicerLayoutManager")
class LayoutManager(QObject):
    """Three slice views, and those of layouts that are registered."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        vtkObject.GlobalWarningDisplayOff()  # the views' own code meets a deprecation in VTK
        self._views = {name: SliceWidget(session, name) for name in _NAMES}
        vtkObject.GlobalWarningDisplayOn()
        self._three_d = ThreeDWidget()
        self._plot = PlotWidget()
        self._logic = slicer.vtkMRMLLayoutLogic()
        self._logic.SetMRMLScene(session.scene)
        node = self._logic.GetLayoutNode()
        node.SetViewArrangement(slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalView)
        self._observations = Observations(self)
        self._observations.add(node, "ModifiedEvent", self._make_views)

    def _make_views(self) -> None:
        """Make the slice views that a layout asks for which was registered since."""
        described = self._logic.GetLayoutNode().GetCurrentLayoutDescription() or "<layout/>"
        for view in ElementTree.fromstring(described).iter("view"):
            name = view.get("singletontag", "")
            if view.get("class") == "vtkMRMLSliceNode" and name not in self._views:
                self._views[name] = SliceWidget(self._session, name)

    def read_layout(self) -> int:
        return int(self._logic.GetLayoutNode().GetViewArrangement())

    def write_layout(self, layout: int) -> None:
        if layout != self.read_layout():
            self._logic.GetLayoutNode().SetViewArrangement(layout)
            emit(self, "layoutChanged(int)", layout)
            emit(self, "layoutChanged()")

    setLayout = write_layout

    def layoutLogic(self) -> Any:
        return self._logic

    def read_plotViewCount(self) -> int:
        return 1

    def plotWidget(self, _index: int) -> PlotWidget:
        return self._plot

    def sliceViewNames(self) -> list[str]:
        return list(self._views)

    def sliceWidget(self, name: str) -> SliceWidget | None:
        return self._views.get(name)

    def read_threeDViewCount(self) -> int:
        return 1

    def threeDWidget(self, _index: int) -> ThreeDWidget:
        return self._three_d

    def mrmlSliceLogics(self) -> Any:
        return self._session.application_logic.GetSliceLogics()

    def close_views(self) -> None:
        """Free the render windows."""
        for view in self._views.values():
            end_view(view.real)
            view.deleteLater()
        self._views = {}
