"""Looking at a result: checks first, then the map through time, its colours, the probe and the regions."""

from __future__ import annotations

import numpy as np
import pytest
from settling import press, settle
from standin import driving
from standin.each_slicer import EACH_SLICER
from standin.values import to_qt

VENTRICLE = 1


def show_map(panel):
    driving.click(panel.ui.showMapButton)


def shown_in_red_view():
    import slicer

    composite = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceCompositeNode()
    named = [
        slicer.mrmlScene.GetNodeByID(each)
        for each in (composite.GetBackgroundVolumeID(), composite.GetForegroundVolumeID())
        if each
    ]
    return [node.GetName() for node in named], composite.GetForegroundOpacity()


def test_differences_are_shown_before_the_map(panel, a_result, picture):
    ui = panel.ui
    names, opacity = shown_in_red_view()
    assert "difference before" in names[0]
    assert opacity == 0.0
    assert not ui.mapFrame.visible
    picture(panel, "check")

    driving.click(ui.differenceAfterButton)
    settle(panel)
    assert "difference after" in shown_in_red_view()[0][0]

    show_map(panel)
    names, opacity = shown_in_red_view()
    assert (names[0], names[1].endswith("Jacobian"), opacity) == ("Baseline", True, pytest.approx(0.6))
    assert ui.mapFrame.visible
    panel.parent.resize(420, 1250)
    picture(panel, "map")


def test_the_key_flickers_between_baseline_and_follow_up(panel, a_result):
    import slicer
    from PySide6.QtGui import QShortcut

    show_map(panel)
    shortcuts = to_qt(slicer.util.mainWindow()).findChildren(QShortcut)
    (key,) = [each for each in shortcuts if each.key().toString() == "K"]

    key.activated.emit()
    assert "aligned" in shown_in_red_view()[0][0]
    assert "follow-up of month 24" in panel.ui.checkLabel.text
    key.activated.emit()
    assert shown_in_red_view()[0][0] == "Baseline"

    show_map(panel)
    assert shown_in_red_view()[1] == pytest.approx(0.6)
    panel.panel.leave()
    assert not key.isEnabled()


def test_wiping_shows_baseline_and_follow_up_in_one_volume_until_something_else_is_shown(panel, a_result):
    ui = panel.ui
    show_map(panel)
    assert not ui.wipeSlider.visible
    driving.click(ui.wipeButton)
    assert "|" in shown_in_red_view()[0][0]
    assert "follow-up of month 24" in ui.checkLabel.text

    driving.drag_slider(ui.wipeSlider, 1.0)
    import slicer

    joined = slicer.mrmlScene.GetNodeByID(red_view().mrmlSliceCompositeNode().GetBackgroundVolumeID())
    np.testing.assert_allclose(
        slicer.util.arrayFromVolume(joined), slicer.util.arrayFromVolume(a_result.baseline), atol=1e-3
    )

    driving.click(ui.flickerButton)
    assert not ui.wipeSlider.visible
    assert "aligned" in shown_in_red_view()[0][0]
    driving.click(ui.wipeButton)
    driving.click(ui.wipeButton)
    assert shown_in_red_view()[0][0] == "Baseline"
    assert not ui.wipeButton.checked
    show_map(panel)
    assert shown_in_red_view()[1] == pytest.approx(0.6)


def test_the_wipe_follows_the_slider_to_another_follow_up(panel, a_result):
    show_map(panel)
    driving.click(panel.ui.wipeButton)
    panel.panel.explore_section.time.show(13.0)
    driving.process_events()
    assert "follow-up of month 12" in panel.ui.checkLabel.text
    assert panel.ui.wipeButton.checked

    panel.panel.explore_section.time.show(3.0)
    driving.process_events()
    assert "Before the first follow-up" in panel.ui.checkLabel.text
    assert not panel.ui.wipeButton.checked
    assert shown_in_red_view()[0][0] == "Baseline"


def open_comparison(panel):
    driving.process_events()
    panel.ui.compareGroup.collapsed = False
    driving.process_events()


def compared():
    """Names of the maps in both rows of views."""
    import slicer

    layout = slicer.app.layoutManager()
    names = ("LongitudinalINRAAxial", "LongitudinalINRBAxial")
    composites = [layout.sliceWidget(name).mrmlSliceCompositeNode() for name in names]
    maps = [slicer.mrmlScene.GetNodeByID(each.GetForegroundVolumeID() or "") for each in composites]
    return [node.GetName() if node else None for node in maps]


@EACH_SLICER
def test_two_months_are_compared_side_by_side_and_the_layout_is_put_back(panel, a_result, picture):
    import slicer

    ui, layout = panel.ui, slicer.app.layoutManager()
    show_map(panel)
    before = layout.layoutLogic().GetLayoutNode().GetViewArrangement()
    shown = shown_in_red_view()
    open_comparison(panel)
    assert (ui.compareMonthSpinBox.value, ui.compareOtherMonthSpinBox.value) == (12.0, 24.0)
    driving.click(ui.compareButton)
    picture(panel, "compare")
    assert compared() == ["Baseline Jacobian, month 12", "Baseline Jacobian, month 24"]
    assert "Baseline at month 12.0, observed" in ui.compareLabel.text

    driving.type_text(ui.compareOtherMonthSpinBox, "30")
    assert compared()[1] == "Baseline Jacobian, month 30"
    assert "month 30.0, extrapolated" in ui.compareLabel.text
    ui.rangeSlider.value = 50.0
    driving.process_events()
    composite = layout.sliceWidget("LongitudinalINRAAxial").mrmlSliceCompositeNode()
    display = slicer.mrmlScene.GetNodeByID(composite.GetForegroundVolumeID()).GetDisplayNode()
    assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == pytest.approx((0.5, 1.5))

    driving.click(ui.compareBackButton)
    assert layout.layoutLogic().GetLayoutNode().GetViewArrangement() == before
    assert shown_in_red_view() == shown
    assert compared() == [None, None]
    assert not ui.compareBackButton.enabled


def test_a_baseline_that_was_removed_ends_a_comparison_whose_month_changes(panel, a_result):
    import slicer

    show_map(panel)
    usual = slicer.app.layoutManager().layout
    open_comparison(panel)
    driving.click(panel.ui.compareButton)
    slicer.mrmlScene.RemoveNode(a_result.baseline)
    driving.type_text(panel.ui.compareOtherMonthSpinBox, "30")

    assert "no longer in the scene" in panel.ui.compareLabel.text
    assert slicer.app.layoutManager().layout == usual
    assert compared() == [None, None]


def test_another_result_is_compared(panel, a_result, finished_job):
    other = panel.logic.service.load_folder(finished_job)
    show_map(panel)
    open_comparison(panel)
    panel.ui.compareSelector.setCurrentNode(a_result.browser)
    driving.process_events()
    driving.click(panel.ui.compareButton)
    assert [name.split(" Jacobian")[0] for name in compared()] == [
        other.baseline.GetName(),
        a_result.baseline.GetName(),
    ]


@pytest.mark.parametrize("button", ["setUpViewsButton", "flickerButton", "wipeButton"])
def test_what_is_shown_in_the_usual_views_ends_a_comparison(panel, a_result, button):
    import slicer

    show_map(panel)
    layout = slicer.app.layoutManager()
    usual = layout.layout
    open_comparison(panel)
    driving.click(panel.ui.compareButton)
    assert layout.layout != usual
    driving.click(getattr(panel.ui, button))
    assert layout.layout == usual
    assert compared() == [None, None]


def test_before_the_first_follow_up_there_is_nothing_to_flicker_with(panel, a_result):
    show_map(panel)
    panel.panel.explore_section.time.show(6.0)
    driving.click(panel.ui.flickerButton)

    assert panel.ui.checkLabel.text.startswith("⚠ Before the first follow-up")
    assert "month 12" in panel.ui.checkLabel.text
    assert shown_in_red_view() == (["Baseline", a_result.proxy("jacobian").GetName()], pytest.approx(0.6))


def test_a_baseline_that_was_removed_is_said_at_every_check(panel, a_result):
    import slicer

    slicer.mrmlScene.RemoveNode(a_result.baseline)
    for button in (panel.ui.differenceBeforeButton, panel.ui.differenceAfterButton, panel.ui.flickerButton):
        panel.ui.checkLabel.text = ""
        driving.click(button)
        settle(panel)
        assert "no longer in the scene" in panel.ui.checkLabel.text


def test_choosing_another_result_shows_it(panel, a_result, finished_job):
    service = panel.logic.service
    show_map(panel)
    other = service.load_folder(finished_job)
    show_map(panel)
    names = [result.proxy("jacobian").GetName() for result in (a_result, other)]
    assert shown_in_red_view()[0][1] == names[1]

    panel.ui.resultSelector.setCurrentNode(a_result.browser)
    driving.process_events()
    assert shown_in_red_view()[0][1] == names[0]


def test_a_result_that_arrives_while_the_person_is_elsewhere_leaves_the_views_alone(
    panel, finished_job, add_scan
):
    import slicer

    slicer.util.setSliceViewerLayers(background=add_scan("someone's work"))
    panel.panel.leave()
    panel.logic.service.load_folder(finished_job)
    settle(panel)
    assert shown_in_red_view()[0] == ["someone's work"]

    panel.panel.enter()
    panel.panel.leave()  # before the difference is there
    settle(panel)
    assert shown_in_red_view()[0] == ["someone's work"]
    panel.panel.enter()
    settle(panel)
    assert "difference before" in shown_in_red_view()[0][0]


def test_a_result_whose_maps_were_removed_is_left(panel, a_result):
    import slicer

    show_map(panel)
    slicer.mrmlScene.RemoveNode(a_result.sequence("jacobian"))
    driving.process_events()

    assert panel.panel.explore_section.result is None
    assert "removed from the scene" in panel.ui.exploreMessageLabel.text
    panel.panel.open()
    assert panel.panel.explore_section.result is None


def test_a_scan_between_two_tenths_of_a_month_is_reached_by_the_nearest(panel, a_result, monkeypatch):
    from LongitudinalINRModule.result.result import SceneResult

    monkeypatch.setattr(SceneResult, "observed_months", (0.0, 11.96, 24.0))
    show_map(panel)
    driving.type_text(panel.ui.monthSpinBox, "12")

    assert panel.panel.explore_section.time.time.months == 11.96
    assert panel.ui.kindLabel.text == "A scan was made at this month."
    driving.type_text(panel.ui.monthSpinBox, "12.1")
    assert panel.ui.kindLabel.text == "Between scans: interpolated."


@EACH_SLICER
def test_the_slider_moves_the_map_and_says_how_the_month_is_known(panel, a_result):
    import slicer

    ui = panel.ui
    show_map(panel)
    assert (ui.timeSlider.value, ui.kindLabel.text) == (24.0, "A scan was made at this month.")
    sequence = a_result.sequence("jacobian")
    proxy = a_result.proxy("jacobian")

    driving.drag_slider(ui.timeSlider, 0.25)

    assert ui.monthSpinBox.value == pytest.approx(9.0, abs=0.1)
    assert ui.kindLabel.text == "Between scans: interpolated."
    assert ui.storedLabel.text == "Not interpolated, the latest by then: no follow-up yet."
    voxels = slicer.util.arrayFromVolume(proxy)
    low, high = (slicer.util.arrayFromVolume(sequence.GetNthDataNode(n)) for n in (1, 2))
    ventricle = np.s_[11:13, 15:17, 13:15]
    between = sorted((low[ventricle].mean(), high[ventricle].mean()))
    assert between[0] - 0.01 < voxels[ventricle].mean() < between[1] + 0.01

    driving.type_text(ui.monthSpinBox, "30")
    assert ui.timeSlider.value == 30.0
    assert ui.kindLabel.text == "⚠ Beyond the last scan: predicted, not measured."
    assert ui.storedLabel.text == "Not interpolated, the latest by then: follow-up of month 24."

    driving.type_text(ui.monthSpinBox, "36")
    assert ui.kindLabel.text == "⚠ Beyond the last scan: predicted, not measured."


def test_slicers_own_browser_moves_the_slider(panel, a_result):
    show_map(panel)
    a_result.browser.SetSelectedItemNumber(1)
    driving.process_events()

    assert panel.ui.timeSlider.value == 6.0


def test_play_runs_through_the_months_and_stops_at_the_end(panel, a_result):
    ui = panel.ui
    show_map(panel)
    driving.click(ui.loopCheckBox)
    ui.speedSpinBox.value = 60.0
    driving.click(ui.playButton)
    driving.wait_until(lambda: 1 < ui.timeSlider.value < 30 or not ui.playButton.checked)
    driving.wait_until(lambda: not ui.playButton.checked)

    assert ui.timeSlider.value == 36.0


def test_ruler_marks_scans_and_the_stretch_beyond_them_looks_different(panel, a_result):
    panel.parent.resize(420, 1250)
    show_map(panel)
    driving.process_events(0.05)
    ruler = panel.panel.explore_section.time._ruler
    image = to_qt(panel.ui.rulerLabel).pixmap().toImage()
    width = image.width()

    def colours(first, last):
        pixels = range(ruler.place(first, width) + 2, ruler.place(last, width) - 2)
        return {image.pixelColor(x, 6).name() for x in pixels}

    observed, beyond = colours(1, 23), colours(25, 35)
    assert len(observed) == 1
    assert not observed & beyond
    marks = [image.pixelColor(ruler.place(month, width), 15).lightness() for month in (12.0, 6.0)]
    assert marks[0] < 100 < marks[1]


def test_range_and_opacity_change_what_is_drawn(panel, a_result):
    ui = panel.ui
    show_map(panel)
    display = a_result.proxy("jacobian").GetDisplayNode()
    driving.drag_slider(ui.opacitySlider, 1.0)
    assert shown_in_red_view()[1] == 1.0

    ui.rangeSlider.value = 50.0
    driving.process_events()
    assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == pytest.approx((0.5, 1.5))

    from LongitudinalINRModule.display.map_display import legend_of

    legend = legend_of(a_result.proxy("jacobian"))
    assert legend.GetVisibility()
    driving.click(ui.legendCheckBox)
    assert not legend.GetVisibility()


def test_other_maps_are_shown_in_their_own_units(panel, a_result):
    ui = panel.ui
    show_map(panel)
    driving.choose(ui.mapComboBox, "Rate per year")
    assert ui.rangeSlider.suffix == " % per year"
    assert "Rate" in shown_in_red_view()[0][1]

    driving.choose(ui.mapComboBox, "Logarithm of |J|")
    assert ui.rangeSlider.suffix == " %"
    assert "log Jacobian" in shown_in_red_view()[0][1]


def test_change_within_its_interval_fades_out_unless_it_is_wanted(panel, a_result):
    import slicer
    from LongitudinalINRModule.export.pictures import grab_windows

    ui = panel.ui
    show_map(panel)
    driving.type_text(ui.monthSpinBox, "6")
    assert (ui.fadeCheckBox.enabled, ui.fadeCheckBox.checked) == (True, True)

    def coloured():
        window = slicer.app.layoutManager().sliceWidget("Red").sliceView().renderWindow()
        pixels = grab_windows([window]).astype(int)
        return int((pixels.max(axis=-1) - pixels.min(axis=-1) > 12).sum())

    faded = coloured()
    driving.click(ui.fadeCheckBox)
    assert coloured() > faded
    driving.click(ui.fadeCheckBox)
    assert coloured() == faded


def test_the_interval_is_a_map_of_its_own_which_follows_the_slider(panel, a_result):
    import slicer

    ui = panel.ui
    show_map(panel)
    driving.choose(ui.mapComboBox, "Half-width of interval")
    assert "Interval" in shown_in_red_view()[0][1]
    assert not ui.neutralSlider.enabled
    driving.type_text(ui.monthSpinBox, "15")
    sequence = a_result.sequence("interval")
    low, high = (slicer.util.arrayFromVolume(sequence.GetNthDataNode(n)) for n in (2, 3))
    shown = slicer.util.arrayFromVolume(a_result.proxy("interval"))
    np.testing.assert_allclose(shown, 0.5 * (low + high), atol=1e-6)

    driving.choose(ui.mapComboBox, "Volume change, |J|")
    driving.click(ui.fadeCheckBox)
    assert not a_result.browser.GetPlayback(sequence)


def test_the_range_of_the_tissue_is_taken_and_can_be_taken_again(panel, a_result):
    ui = panel.ui
    show_map(panel)
    of_tissue = ui.rangeSlider.value
    ui.rangeSlider.value = 55.0
    driving.click(ui.tissueRangeButton)
    assert ui.rangeSlider.value == pytest.approx(of_tissue)
    assert ui.neutralSlider.value == pytest.approx(0.1 * of_tissue, abs=0.05)


def surfaces():
    import slicer

    models = slicer.util.getNodesByClass("vtkMRMLModelNode")
    return [each for each in models if each.GetName().endswith("brain surface")]  # slices are models too


def colours_of(surface):
    from vtk.util.numpy_support import vtk_to_numpy

    return vtk_to_numpy(surface.GetPolyData().GetPointData().GetScalars()).copy()


def test_the_surface_of_the_brain_moves_with_the_slider_and_its_colours(panel, a_result):
    ui = panel.ui
    show_map(panel)
    driving.click(ui.surfaceCheckBox)
    assert ui.surfaceMessageLabel.text == "Making the surface…"
    driving.wait_until(lambda: not ui.surfaceMessageLabel.text)
    (surface,) = surfaces()
    at_the_last_scan = colours_of(surface)

    driving.type_text(ui.monthSpinBox, "0")
    unchanged = colours_of(surface)
    assert (unchanged != at_the_last_scan).any()
    assert (unchanged == unchanged[0]).all()
    driving.type_text(ui.monthSpinBox, "24")
    np.testing.assert_array_equal(colours_of(surface), at_the_last_scan)
    ui.rangeSlider.value = 90.0
    driving.process_events()
    assert (colours_of(surface) != at_the_last_scan).any()

    driving.click(ui.surfaceCheckBox)
    assert surfaces() == []


def test_no_surface_is_made_of_more_than_a_brain(panel, a_result, monkeypatch):
    from LongitudinalINRModule.display import brain_mesh

    monkeypatch.setattr(brain_mesh, "LARGEST_BRAIN_ML", 1.0)
    show_map(panel)
    driving.click(panel.ui.surfaceCheckBox)
    driving.wait_until(lambda: panel.ui.surfaceMessageLabel.text.startswith("⚠"))
    assert "might show the face" in panel.ui.surfaceMessageLabel.text
    assert not panel.ui.surfaceCheckBox.checked
    assert surfaces() == []


def test_views_are_put_back(panel, a_result, add_scan):
    before = shown_in_red_view()
    show_map(panel)
    driving.click(panel.ui.putBackViewsButton)

    assert shown_in_red_view()[0] == []
    driving.click(panel.ui.setUpViewsButton)
    assert shown_in_red_view()[0][0] == "Baseline"
    assert before[1] == 0.0


@EACH_SLICER
def test_the_probe_draws_the_curve_under_the_crosshair(panel, a_result, picture):
    import slicer

    ui = panel.ui
    panel.parent.resize(420, 1500)
    show_map(panel)
    driving.click(ui.probeCheckBox)
    crosshair = slicer.mrmlScene.GetSingletonNode("default", "vtkMRMLCrosshairNode")
    crosshair.SetCrosshairRAS(8.0, 0.0, 0.0)
    driving.process_events(0.15)
    picture(panel, "probe")

    assert ui.probeChangePlot.visible
    assert ui.probeRatePlot.visible
    chart = ui.probeChangePlot.mrmlPlotViewNode().GetPlotChartNode()
    assert "R 8.0" in chart.GetTitle()

    crosshair.SetCrosshairRAS(900.0, 0.0, 0.0)
    driving.process_events(0.15)
    assert "outside the maps" in ui.probeMessageLabel.text
    assert not ui.probeChangePlot.visible

    crosshair.SetCrosshairRAS(50.0, 0.0, 0.0)
    driving.process_events(0.15)
    assert "outside the brain that was measured" in ui.probeMessageLabel.text


def test_charts_come_into_the_scene_as_views_of_the_panel_and_not_of_slicers_layout(panel, a_result):
    import slicer
    import vtk

    without_parent = []

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def added(_scene, _event, node):
        if node.IsA("vtkMRMLPlotViewNode") and node.GetParentLayoutNode() is None:
            without_parent.append(node.GetName())

    tag = slicer.mrmlScene.AddObserver(slicer.mrmlScene.NodeAddedEvent, added)
    show_map(panel)
    driving.click(panel.ui.probeCheckBox)
    driving.process_events(0.1)
    slicer.mrmlScene.RemoveObserver(tag)

    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLPlotViewNode") >= 2
    assert without_parent == []


def plot_view(panel):
    return panel.panel.regions_section._layout.plot_view


@EACH_SLICER
def test_regions_follow_the_slider_and_selected_rows_are_drawn(panel, a_result, picture):
    import slicer

    ui = panel.ui
    panel.parent.resize(520, 1000)
    driving.click(ui.exploreButton)
    driving.click(ui.regionsButton)
    driving.process_events(0.05)
    picture(panel, "regions")
    table = ui.regionsTable.mrmlTableNode()
    rows = [table.GetCellText(row, 0) for row in range(table.GetNumberOfRows())]
    assert {"Ventricle", "Tissue"} <= set(rows)
    before = float(table.GetCellText(rows.index("Ventricle"), 1))
    assert "At month 24.0, observed" in ui.regionsMessageLabel.text

    panel.panel.explore_section.time.show(6.0)
    driving.process_events()
    after = float(table.GetCellText(rows.index("Ventricle"), 1))
    assert after != before
    assert "At month 6.0, interpolated" in ui.regionsMessageLabel.text

    ui.regionsTable.selectRow(rows.index("Tissue"))
    driving.process_events()
    ids = []
    plot_view(panel).GetPlotChartNode().GetPlotSeriesNodeIDs(ids)
    drawn = [slicer.mrmlScene.GetNodeByID(each).GetName() for each in ids]
    assert {name.split(",")[0] for name in drawn} == {"Tissue"}


def open_regions(panel):
    """Open the section of the regions; return the rows of its table."""
    driving.click(panel.ui.exploreButton)
    driving.click(panel.ui.regionsButton)
    driving.process_events()
    table = panel.ui.regionsTable.mrmlTableNode()
    return [table.GetCellText(row, 0) for row in range(table.GetNumberOfRows())]


def red_view():
    import slicer

    return slicer.app.layoutManager().sliceWidget("Red")


def label_in_red_view():
    return red_view().mrmlSliceCompositeNode().GetLabelVolumeID()


def drawn_regions(panel):
    chart = plot_view(panel).GetPlotChartNode()
    series = [chart.GetNthPlotSeriesNode(index) for index in range(chart.GetNumberOfPlotSeriesNodes())]
    return {node.GetName().split(",")[0] for node in series}


@EACH_SLICER
def test_a_selected_region_is_looked_at_and_outlined_until_the_selection_is_cleared(panel, a_result):
    from LongitudinalINRModule.display.region_outline import middle_of

    show_map(panel)
    rows = open_regions(panel)
    panel.ui.regionsTable.selectRow(rows.index("Ventricle"))
    driving.process_events()

    assert label_in_red_view() == a_result.labels.GetID()
    ventricle = middle_of(a_result, [VENTRICLE])
    assert red_view().mrmlSliceNode().GetSliceOffset() == pytest.approx(ventricle[2])

    panel.panel.explore_section.time.show(6.0)
    driving.process_events()
    selected = {index.row() for index in panel.ui.regionsTable.selectionModel().selectedIndexes}
    assert selected == {rows.index("Ventricle")}, "new numbers keep the selection"

    panel.ui.regionsTable.clearSelection()
    driving.process_events()
    assert label_in_red_view() is None


@EACH_SLICER
def test_a_click_on_a_region_in_a_slice_view_selects_its_row_and_leaves_the_views(panel, a_result):
    import slicer
    import vtk
    from LongitudinalINRModule.display.region_outline import middle_of

    show_map(panel)
    rows = open_regions(panel)
    view, point = red_view(), middle_of(a_result, [VENTRICLE])
    view.mrmlSliceNode().JumpSliceByOffsetting(*point)
    to_xy = vtk.vtkMatrix4x4()
    vtk.vtkMatrix4x4.Invert(view.mrmlSliceNode().GetXYToRAS(), to_xy)
    x, y = (round(value) for value in to_xy.MultiplyPoint((*point, 1.0))[:2])
    other = slicer.app.layoutManager().sliceWidget("Green").mrmlSliceNode()
    other.SetSliceOffset(11.0)

    def click(moved=0):
        interactor = view.sliceView().interactor()
        interactor.SetEventPosition(x, y)
        interactor.InvokeEvent("LeftButtonPressEvent")
        interactor.SetEventPosition(x + moved, y)
        interactor.InvokeEvent("LeftButtonReleaseEvent")
        driving.process_events()
        return {rows[index.row()] for index in panel.ui.regionsTable.selectionModel().selectedIndexes}

    assert click(moved=20) == set(), "a drag"
    assert click() == {"Ventricle"}
    assert drawn_regions(panel) == {"Ventricle"}
    assert label_in_red_view() == a_result.labels.GetID()
    assert other.GetSliceOffset() == 11.0

    panel.panel.leave()
    panel.ui.regionsTable.clearSelection()
    assert click() == set(), "the person is in another module"


@pytest.mark.parametrize("scrolled_to", ["top", "end"])
def test_a_click_on_a_region_scrolls_the_panel_to_its_row(panel, a_result, scrolled_to):
    from LongitudinalINRModule.display.region_outline import middle_of
    from PySide6.QtWidgets import QScrollArea

    show_map(panel)
    rows = open_regions(panel)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(to_qt(panel.parent))
    area.resize(400, 60)
    area.show()
    driving.process_events(0.05)
    bar = area.verticalScrollBar()
    bar.setValue(0 if scrolled_to == "top" else bar.maximum())
    table = to_qt(panel.ui.regionsTable)

    def place():
        row = table.visualRect(table.model().index(rows.index("Ventricle"), 0))
        top = table.viewport().mapTo(area.viewport(), row.topLeft()).y()
        return top, top + row.height()

    def in_sight(top, bottom):
        return top >= 0 and bottom <= area.viewport().height()

    before = in_sight(*place())
    panel.panel.regions_section.click(middle_of(a_result, [VENTRICLE]))
    after, scrolled = in_sight(*place()), bar.value()
    panel.panel.regions_section.click(middle_of(a_result, [VENTRICLE]))
    again = bar.value()
    area.takeWidget()

    assert (before, after) == (False, True)
    assert again == scrolled, "a row that is seen stays where it is"


def test_the_probe_and_the_selected_region_share_a_plot(panel, a_result):
    import slicer

    show_map(panel)
    driving.click(panel.ui.probeCheckBox)
    rows = open_regions(panel)
    panel.ui.regionsTable.selectRow(rows.index("Ventricle"))
    crosshair = slicer.mrmlScene.GetSingletonNode("default", "vtkMRMLCrosshairNode")
    crosshair.SetCrosshairRAS(8.0, 0.0, 0.0)
    driving.process_events(0.15)
    assert drawn_regions(panel) == {"Ventricle", "Point under the crosshair"}

    panel.ui.probeCheckBox.checked = False
    driving.process_events()
    assert drawn_regions(panel) == {"Ventricle"}


def test_a_label_map_that_was_removed_leaves_the_table_and_the_curves(panel, a_result):
    import slicer

    show_map(panel)
    rows = open_regions(panel)
    slicer.mrmlScene.RemoveNode(a_result.labels)
    panel.ui.regionsTable.selectRow(rows.index("Ventricle"))
    driving.process_events()
    assert drawn_regions(panel) == {"Ventricle"}
    assert label_in_red_view() is None


def test_closing_the_scene_leaves_an_empty_panel(panel, a_result):
    import slicer

    show_map(panel)
    driving.click(panel.ui.probeCheckBox)
    slicer.mrmlScene.Clear(0)
    driving.process_events(0.1)

    assert panel.panel.explore_section.result is None
    assert not panel.ui.mapFrame.visible
    assert panel.ui.exploreMessageLabel.text.startswith("There is no result")


def test_a_folder_that_is_no_result_is_refused_with_advice(panel, tmp_path):
    import slicer
    from standin import dialogs

    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(tmp_path))
    press(panel, "openFolderButton")

    assert "is not a result of LongitudinalINR" in panel.ui.exploreMessageLabel.text
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 0


def test_a_result_opens_by_itself_scrolled_to_and_checked_first(panel, finished_job):
    from PySide6.QtWidgets import QScrollArea
    from standin.values import to_qt

    ui, area = panel.ui, QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(to_qt(panel.parent))
    area.resize(400, 250)
    area.show()
    driving.process_events(0.05)
    panel.panel.explore_section._service.arriving.start(
        panel.panel.explore_section._service.loading_folder(finished_job), lambda _: None, pytest.fail
    )
    settle(panel)
    driving.process_events(0.1)
    top = to_qt(ui.exploreButton).mapTo(area.viewport(), to_qt(ui.exploreButton).rect().topLeft()).y()
    folded = [each.collapsed for each in (ui.inputsButton, ui.settingsButton, ui.exploreButton)]
    shown = [each.visible for each in (ui.checkLabel, ui.mapFrame)]
    area.takeWidget()

    assert folded == [True, True, False]
    assert shown == [True, False]
    assert -2 <= top <= 2


def test_a_result_has_a_layout_of_slices_3d_and_curves_and_a_button_puts_the_former_back(panel, a_result):
    import slicer
    from LongitudinalINRModule.display.result_layout import ARRANGEMENT

    manager = slicer.app.layoutManager()
    assert manager.layout == ARRANGEMENT
    kinds = [node.GetClassName() for node in manager.layoutLogic().GetViewNodes()]
    assert sorted(kinds) == ["vtkMRMLPlotViewNode", *["vtkMRMLSliceNode"] * 3, "vtkMRMLViewNode"]
    assert plot_view(panel).GetPlotChartNode().GetNumberOfPlotSeriesNodes() > 0

    show_map(panel)
    driving.click(panel.ui.putBackViewsButton)
    assert manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalView


def test_a_layout_that_the_person_chose_meanwhile_stays(panel, a_result):
    import slicer

    show_map(panel)
    chosen = slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView
    slicer.app.layoutManager().setLayout(chosen)
    driving.click(panel.ui.putBackViewsButton)

    assert slicer.app.layoutManager().layout == chosen


def saved_and_loaded_later(panel, folder):
    """Save a bundle, go back to the layout that was there before, and load the bundle into an empty scene."""
    import slicer

    manager, bundle = slicer.app.layoutManager(), str(folder / "scene.mrb")
    assert slicer.util.saveScene(bundle)
    saved_in = manager.layout
    driving.click(panel.ui.putBackViewsButton)
    slicer.mrmlScene.Clear(0)
    driving.process_events()
    assert manager.layout != saved_in
    slicer.util.loadScene(bundle)
    settle(panel)
    return manager


def test_a_layout_that_came_with_a_bundle_is_put_back_to_the_usual_one(panel, a_result, tmp_path):
    import slicer
    from LongitudinalINRModule.display.result_layout import ARRANGEMENT

    show_map(panel)
    manager = saved_and_loaded_later(panel, tmp_path)
    assert manager.layout == ARRANGEMENT
    show_map(panel)
    driving.click(panel.ui.putBackViewsButton)

    assert manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView


def test_a_comparison_that_came_with_a_bundle_is_left(panel, a_result, tmp_path):
    import slicer

    usual = slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView
    show_map(panel)
    open_comparison(panel)
    driving.click(panel.ui.compareButton)
    manager = saved_and_loaded_later(panel, tmp_path)
    assert manager.layout == usual

    driving.click(panel.ui.compareButton)
    driving.click(panel.ui.compareBackButton)
    assert manager.layout == usual


def test_closing_the_panel_puts_the_layout_back(panel, a_result):
    import slicer

    show_map(panel)
    open_comparison(panel)
    driving.click(panel.ui.compareButton)
    panel.panel.close()

    assert slicer.app.layoutManager().layout == slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalView


def test_slicer_knows_both_layouts_before_the_module_is_opened(module):
    import slicer
    from LongitudinalINRModule.display.comparison_layout import LAYOUT_ID
    from LongitudinalINRModule.display.result_layout import ARRANGEMENT

    node = slicer.app.layoutManager().layoutLogic().GetLayoutNode()
    assert not any(map(node.IsLayoutDescription, (ARRANGEMENT, LAYOUT_ID)))
    slicer.app.startupCompleted.emit()
    assert all(map(node.IsLayoutDescription, (ARRANGEMENT, LAYOUT_ID)))


def test_the_table_shows_every_region_without_scrolling(panel, a_result):
    ui = panel.ui
    driving.click(ui.exploreButton)
    driving.click(ui.regionsButton)
    driving.process_events(0.05)
    from standin.values import to_qt

    table = to_qt(ui.regionsTable)
    assert table.model().rowCount() == len(panel.panel.regions_section._regions) > 2
    assert table.viewport().height() >= table.verticalHeader().length()
    assert not table.verticalScrollBar().isVisible()
