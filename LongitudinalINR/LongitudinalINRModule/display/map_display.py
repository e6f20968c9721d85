"""How a map is coloured in the views: range, neutral band and legend."""

from __future__ import annotations

import slicer

from LongitudinalINRModule.display.colours import colour_table, update_colours, update_legend_colours
from LongitudinalINRModule.result.quantities import Quantity

HALF_RANGE_ATTRIBUTE = "LongitudinalINR.HalfRange"
NEUTRAL_ATTRIBUTE = "LongitudinalINR.NeutralHalfWidth"
# Shares of the view, from which Slicer tells the size of the letters; it takes no font size here.
_LEGEND_SIZE = (0.13, 0.65)
_LEGEND_POSITION = (0.97, 0.5)
_LEGEND_GROUND_OPACITY = 0.5
_NEUTRAL_SHARE = 0.1


class MapDisplay:
    """Colours one map volume; what is set is kept in its colour node and saved with the scene.

    Parameters
    ----------
    volume : vtkMRMLScalarVolumeNode
        The shown map, in a scene.
    quantity : Quantity
        What the map holds.
    half_range : float, optional
        Distance from no change to either end of the colours where none was set before, with a tenth of it as
        neutral band; the quantity's own by default. Maps of one quantity have the same colours: they compare.
    """

    def __init__(
        self,
        volume: slicer.vtkMRMLScalarVolumeNode,
        quantity: Quantity,
        half_range: float | None = None,
    ):
        self._volume = volume
        self._quantity = quantity
        self._default = (quantity.half_range, quantity.neutral_half_width)
        if half_range is not None:
            self._default = (half_range, neutral_beside(quantity, half_range))
        if volume.GetDisplayNode() is None:
            add_display(volume)
        self._colours = colour_table(volume.GetScene(), f"Volume change {quantity.title}", quantity.name)
        self.set_range(self.half_range, self.neutral_half_width)

    @property
    def colours(self) -> slicer.vtkMRMLColorTableNode:
        """The colour table node, which every map of the quantity has."""
        return self._colours

    @property
    def half_range(self) -> float:
        """Distance from no change to either end of the colours, in units of the map."""
        return float(self._colours.GetAttribute(HALF_RANGE_ATTRIBUTE) or self._default[0])

    @property
    def neutral_half_width(self) -> float:
        """Distance from no change within which nothing is drawn, in units of the map."""
        return float(self._colours.GetAttribute(NEUTRAL_ATTRIBUTE) or self._default[1])

    def set_range(self, half_range: float, neutral_half_width: float) -> None:
        """Show values from the centre minus to the centre plus a half range, with a transparent middle.

        Raises
        ------
        ValueError
            If the half range is not positive or the neutral band is wider than it.
        """
        update_colours(self._colours, self._quantity, half_range, neutral_half_width)
        self._colours.SetAttribute(HALF_RANGE_ATTRIBUTE, repr(float(half_range)))
        self._colours.SetAttribute(NEUTRAL_ATTRIBUTE, repr(float(neutral_half_width)))
        self._apply(self._volume.GetDisplayNode(), self._colours)
        legend = legend_of(self._volume)
        if legend is not None:
            self._colour_legend(legend.GetPrimaryDisplayNode())

    def show_legend(self, visible: bool) -> None:
        """Show or hide the colour legend, its labels in percent.

        Raises
        ------
        RuntimeError
            If no colour logic has the scene, which registers the legend.
        """
        legend = legend_of(self._volume)
        if legend is None and visible:
            legend = self._add_legend()
        if legend is not None:
            legend.SetVisibility(visible)

    def _add_legend(self) -> slicer.vtkMRMLColorLegendDisplayNode:
        legend = slicer.vtkSlicerColorLogic.AddDefaultColorLegendDisplayNode(self._volume)
        if legend is None:
            raise RuntimeError("The scene cannot hold a colour legend: no vtkSlicerColorLogic has it.")
        # A legend labels every entry of the table of the display node it belongs to: it gets one with few.
        scene = self._volume.GetScene()
        display = scene.AddNewNodeByClass("vtkMRMLScalarVolumeDisplayNode", "Legend of volume change")
        self._volume.AddAndObserveDisplayNodeID(display.GetID())
        self._colour_legend(display)
        legend.SetAndObservePrimaryDisplayNode(display)
        with slicer.util.NodeModify(legend):
            legend.SetTitleText(self._quantity.legend)
            legend.SetUseColorNamesForLabels(True)
            legend.SetLabelFormat(legend.GetDefaultTextLabelFormat())
            legend.SetSize(*_LEGEND_SIZE)
            legend.SetPosition(*_LEGEND_POSITION)
            for text in (legend.GetTitleTextProperty(), legend.GetLabelTextProperty()):
                text.SetFontFamilyToArial()
                text.SetBackgroundColor(0.0, 0.0, 0.0)
                text.SetBackgroundOpacity(_LEGEND_GROUND_OPACITY)
        return legend

    def _colour_legend(self, display: slicer.vtkMRMLDisplayNode) -> None:
        name, role = f"Legend {self._quantity.title}", f"{self._quantity.name} legend"
        colours = colour_table(self._volume.GetScene(), name, role)
        colours.SetHideFromEditors(True)
        half_range, neutral = self.half_range, self.neutral_half_width
        update_legend_colours(colours, self._quantity, half_range, neutral)
        self._apply(display, colours)

    def _apply(self, display: slicer.vtkMRMLDisplayNode, colours: slicer.vtkMRMLColorTableNode) -> None:
        half_range = self.half_range
        with slicer.util.NodeModify(display):
            display.AutoWindowLevelOff()
            display.AutoThresholdOff()
            display.ApplyThresholdOff()
            display.SetWindowLevelMinMax(*self._quantity.range(half_range))
            display.SetAndObserveColorNodeID(colours.GetID())


def neutral_beside(quantity: Quantity, half_range: float) -> float:
    """Return half the width of the neutral band that goes with a range: none where there is no sign."""
    return 0.0 if quantity.one_sided else _NEUTRAL_SHARE * half_range


def add_display(volume: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Add a grey display node that does not look through all voxels for a window, as a default one does."""
    display = volume.GetScene().AddNewNodeByClass("vtkMRMLScalarVolumeDisplayNode")
    display.AutoWindowLevelOff()
    display.SetAndObserveColorNodeID("vtkMRMLColorTableNodeGrey")
    volume.SetAndObserveDisplayNodeID(display.GetID())


def legend_of(volume: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLColorLegendDisplayNode | None:
    """Return the colour legend node of a volume, or None."""
    nodes = (volume.GetNthDisplayNode(index) for index in range(volume.GetNumberOfDisplayNodes()))
    return next((node for node in nodes if node and node.IsA("vtkMRMLColorLegendDisplayNode")), None)
