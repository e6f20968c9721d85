"""A map over its baseline in the slice views, and the views put back as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import slicer
import vtk

from LongitudinalINRModule.background.steps import Steps, here
from LongitudinalINRModule.display.comparison_layout import is_of_comparison
from LongitudinalINRModule.display.fading import SliceFading
from LongitudinalINRModule.display.graded_opacity import grade_opacity
from LongitudinalINRModule.mrml.roles import ROLE_ATTRIBUTE

OUTLINE_ROLE = "outline colours of"
_VOLUMES = ("BackgroundVolumeID", "ForegroundVolumeID", "LabelVolumeID")
_SETTINGS = ("ForegroundOpacity", "LabelOpacity", "LinkedControl", "HotLinkedControl", "Compositing")


def slice_logics() -> list[slicer.vtkMRMLSliceLogic]:
    """Return the slice views of Slicer's layout but for those of a comparison; none without a main window."""
    layout = slicer.app.layoutManager()
    if layout is None:
        return []
    names = [name for name in layout.sliceViewNames() if not is_of_comparison(name)]
    return [layout.sliceWidget(name).sliceLogic() for name in names]


class OverlayViews:
    """Sets up slice views for a result and remembers what they showed before.

    Parameters
    ----------
    slice_logics : iterable of vtkMRMLSliceLogic
        The views, for example those of the current layout.
    """

    def __init__(self, slice_logics: Iterable[slicer.vtkMRMLSliceLogic]):
        self._logics = list(slice_logics)
        self._before: dict[str, _Remembered] = {}
        self._interval: slicer.vtkMRMLScalarVolumeNode | None = None
        self._is_logarithm = False
        self._fadings: dict[str, list[SliceFading]] = {}

    def include(self, slice_logics: Iterable[slicer.vtkMRMLSliceLogic]) -> None:
        """Set up these views too from now on, as those of a layout that was chosen since."""
        self._logics += [logic for logic in slice_logics if logic not in self._logics]

    def show(
        self,
        background: slicer.vtkMRMLScalarVolumeNode,
        overlay: slicer.vtkMRMLScalarVolumeNode = None,
        opacity: float = 0.6,
    ) -> None:
        """Show a volume, with or without an overlay, in every view, linked; it fills the view the first time.

        Parameters
        ----------
        background : vtkMRMLScalarVolumeNode
            The baseline, or a difference image.
        overlay : vtkMRMLScalarVolumeNode, optional
            The map.
        opacity : float
            Of the foreground, 0 to 1.
        """
        here(self.showing(background, overlay, opacity))

    def showing(
        self,
        background: slicer.vtkMRMLScalarVolumeNode,
        overlay: slicer.vtkMRMLScalarVolumeNode = None,
        opacity: float = 0.6,
    ) -> Steps[None]:
        """Do the same a view at a time."""
        for logic in self._logics:
            composite = logic.GetSliceCompositeNode()
            first = composite.GetID() not in self._before
            if first:
                self._before[composite.GetID()] = _Remembered(logic)
            with slicer.util.NodeModify(composite):
                composite.SetBackgroundVolumeID(background.GetID())
                composite.SetForegroundVolumeID(None if overlay is None else overlay.GetID())
                if not _shows_regions(composite):
                    composite.SetLabelVolumeID(None)
                composite.SetCompositing(composite.Alpha)
                composite.SetForegroundOpacity(opacity)
            self._grade(logic)
            if first:
                yield None
                logic.FitSliceToBackground()
                logic.SnapSliceOffsetToIJK()
            yield None
        for logic in self._logics:
            logic.GetSliceCompositeNode().SetLinkedControl(True)

    def grade_opacity(self) -> None:
        """Let an overlay that was not shown by `show`, but came with a scene, be as its colours say."""
        for logic in self._logics:
            self._grade(logic)

    def fade(self, interval: slicer.vtkMRMLScalarVolumeNode | None, is_logarithm: bool = False) -> None:
        """Let changes of the overlay that lie within their interval fade out; None for all as they are.

        Parameters
        ----------
        interval : vtkMRMLScalarVolumeNode or None
            Half-widths of log|J| on the grid of the overlay.
        is_logarithm : bool
            Whether the overlay holds log|J|; else |J|.
        """
        self._interval, self._is_logarithm = interval, is_logarithm
        self.grade_opacity()

    def set_background(self, volume: slicer.vtkMRMLScalarVolumeNode) -> None:
        """Show another volume under the overlay, without moving the views."""
        self.set_backgrounds(lambda _: volume)

    def set_backgrounds(self, choose: Callable[[slicer.vtkMRMLSliceLogic], slicer.vtkMRMLVolumeNode]) -> None:
        """Show under the overlay what a function of a view's logic gives, without moving the views."""
        for logic in self._logics:
            logic.GetSliceCompositeNode().SetBackgroundVolumeID(choose(logic).GetID())

    def set_opacity(self, opacity: float) -> None:
        """Set how strongly the overlay covers the baseline, 0 to 1."""
        for logic in self._logics:
            logic.GetSliceCompositeNode().SetForegroundOpacity(opacity)

    @property
    def opacity(self) -> float:
        """How strongly the overlay covers the baseline, in the first view; 0 without views."""
        return self._logics[0].GetSliceCompositeNode().GetForegroundOpacity() if self._logics else 0.0

    def _grade(self, logic: slicer.vtkMRMLSliceLogic) -> None:
        view = logic.GetSliceNode().GetID()
        for fading in self._fadings.pop(view, []):
            fading.close()
        self._fadings[view] = grade_opacity(logic, self._interval, self._is_logarithm)

    def restore(self) -> None:
        """Put every view back as it was before the first `show`; volumes that are gone stay gone."""
        for logic in self._logics:
            remembered = self._before.pop(logic.GetSliceCompositeNode().GetID(), None)
            if remembered is not None:
                remembered.restore(logic)


def _shows_regions(composite: slicer.vtkMRMLSliceCompositeNode) -> bool:
    """Tell whether regions of a result are outlined: they were asked for and stay over any map."""
    volume = composite.GetScene().GetNodeByID(composite.GetLabelVolumeID() or "")
    display = volume.GetDisplayNode() if volume is not None else None
    colours = display.GetColorNode() if display is not None else None
    return colours is not None and (colours.GetAttribute(ROLE_ATTRIBUTE) or "").startswith(OUTLINE_ROLE)


class _Remembered:
    """What one view showed."""

    def __init__(self, logic: slicer.vtkMRMLSliceLogic):
        composite, view = logic.GetSliceCompositeNode(), logic.GetSliceNode()
        self._volumes = {name: getattr(composite, f"Get{name}")() for name in _VOLUMES}
        self._settings = {name: getattr(composite, f"Get{name}")() for name in _SETTINGS}
        self._outlined = view.GetUseLabelOutline()
        self._to_ras = vtk.vtkMatrix4x4()
        self._to_ras.DeepCopy(view.GetSliceToRAS())
        self._field_of_view = tuple(view.GetFieldOfView())
        self._origin = tuple(view.GetXYZOrigin())

    def restore(self, logic: slicer.vtkMRMLSliceLogic) -> None:
        composite, view = logic.GetSliceCompositeNode(), logic.GetSliceNode()
        scene = composite.GetScene()
        with slicer.util.NodeModify(composite):
            for name, volume in self._volumes.items():
                exists = volume is not None and scene.GetNodeByID(volume) is not None
                getattr(composite, f"Set{name}")(volume if exists else None)
            for name, value in self._settings.items():
                getattr(composite, f"Set{name}")(value)
        with slicer.util.NodeModify(view):
            view.SetUseLabelOutline(self._outlined)
            view.GetSliceToRAS().DeepCopy(self._to_ras)
            view.SetFieldOfView(*self._field_of_view)
            view.SetXYZOrigin(*self._origin)
            view.UpdateMatrices()
