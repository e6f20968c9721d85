"""What stands around a module in Slicer, without the application: scene, logics, slice views and 3D views."""

from __future__ import annotations

import slicer
import vtk
from LongitudinalINRModule.export.pictures import grab_windows
from standin import egl_display
from standin.view_end import end_view
from trame_slicer.views import SliceView, ThreeDView, ViewDirection
from trame_slicer.views.render_scheduler import NoScheduleRendering


class Application:
    """The scene and the logics that Slicer's application gives its modules, without the application."""

    def __init__(self, folder):
        self.scene = slicer.vtkMRMLScene()
        self.logic = slicer.vtkSlicerApplicationLogic()
        self.logic.SetMRMLScene(self.scene)
        self.logic.GetColorLogic().SetMRMLScene(self.scene)
        self.logic.SetSliceLogics(vtk.vtkCollection())
        self.logic.SetViewLogics(vtk.vtkCollection())
        self.scene.RegisterNodeClass(slicer.vtkMRMLColorLegendDisplayNode())
        slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(self.scene, True)
        self.sequences_logic = self._register(slicer.vtkSlicerSequencesLogic())
        self.volumes_logic = self._register(slicer.vtkSlicerVolumesLogic())
        self._register(slicer.vtkSlicerSubjectHierarchyModuleLogic())
        cache = slicer.vtkCacheManager()
        cache.SetRemoteCacheDirectory(str(folder))
        files = slicer.vtkDataIOManager()
        files.SetCacheManager(cache)
        self.scene.SetCacheManager(cache)
        self.scene.SetDataIOManager(files)
        self._register(slicer.vtkSlicerSegmentationsModuleLogic())

    def _register(self, logic):
        logic.SetMRMLScene(self.scene)
        logic.SetMRMLApplicationLogic(self.logic)
        return logic


class View:
    """A slice view rendered offscreen, by the code that Slicer renders with."""

    def __init__(self, application, name, orientation, size):
        egl_display.keep_open()
        strategy = NoScheduleRendering()
        self._view = SliceView(application.scene, application.logic, name, scheduled_render_strategy=strategy)
        self.window = self._view.render_window()
        self.window.SetMultiSamples(0)
        self.window.SetSize(*size)
        self._view.update_size(*size)
        self._view.set_orientation(orientation)
        self.node = self._view.get_view_node()
        self.logic = application.logic.GetSliceLogic(self.node)
        self.logic.ResizeSliceNode(*size)

    def pixels(self):
        return grab_windows([self.window])

    def pixel_at(self, ras):
        """Colour at a point of the world, as three whole numbers."""
        to_xy = vtk.vtkMatrix4x4()
        vtk.vtkMatrix4x4.Invert(self.node.GetXYToRAS(), to_xy)
        x, y, _, _ = to_xy.MultiplyPoint((*ras, 1.0))
        pixels = self.pixels()
        return tuple(int(value) for value in pixels[len(pixels) - 1 - round(y), round(x)])

    def close(self):
        end_view(self._view)


class SurfaceView:
    """A 3D view rendered offscreen, by the code that Slicer renders with, looking from the left."""

    def __init__(self, application, size=(400, 400)):
        egl_display.keep_open()
        strategy = NoScheduleRendering()
        self._view = ThreeDView(application.scene, application.logic, "1", scheduled_render_strategy=strategy)
        self.window = self._view.render_window()
        self.window.SetMultiSamples(0)
        self.window.SetSize(*size)
        self._view.set_box_visible(False)

    def look(self, direction=ViewDirection.LEFT):
        """Let what is there fill the view."""
        self._view.rotate_to_view_direction(direction)
        self._view.reset_camera()

    def pixels(self):
        return grab_windows([self.window])

    def close(self):
        end_view(self._view)
