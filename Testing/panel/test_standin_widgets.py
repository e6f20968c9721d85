"""The CTK and Slicer widgets react as a user and a module expect."""

from __future__ import annotations

import pytest


@pytest.fixture
def drive(running_slicer):
    """Helpers that act as a user does."""
    from standin import driving

    return driving


@pytest.fixture
def shown(running_slicer):
    """Show a widget of a class of ``ctk`` or ``slicer``."""
    import slicer

    def show(name, **properties):
        widget = getattr(running_slicer.ctk if name.startswith("ctk") else slicer, name)()
        for key, value in properties.items():
            setattr(widget, key, value)
        widget.resize(320, 60)
        widget.show()
        return widget

    return show


def heard_from(widget, signal):
    heard = []
    widget.connect(signal, lambda *arguments: heard.append(arguments))
    return heard


def test_a_slider_is_dragged_and_typed_into(shown, drive):
    slider = shown("ctkSliderWidget", minimum=0.0, maximum=10.0, singleStep=0.5)
    heard = heard_from(slider, "valueChanged(double)")

    drive.drag_slider(slider, 0.5, steps=2)
    drive.type_text(slider, "7.25")

    assert slider.value == 7.25
    assert heard[:2] == [(2.5,), (5.0,)]
    assert heard[-1] == (7.25,)


def test_a_slider_keeps_its_value_within_its_bounds(shown):
    slider = shown("ctkSliderWidget", minimum=-1.0, maximum=1.0)

    slider.value = 5
    assert slider.value == 1.0
    slider.maximum = 0.5
    assert slider.value == 0.5


def test_a_collapsible_button_folds_what_is_in_it_and_leaves_hidden_what_was_hidden(
    shown, drive, running_slicer
):
    qt = running_slicer.qt
    button = shown("ctkCollapsibleButton", text="Advanced")
    layout = qt.QVBoxLayout(button)
    inside, hidden = qt.QLabel("inside"), qt.QLabel("hidden")
    layout.addWidget(inside)
    layout.addWidget(hidden)
    hidden.visible = False
    drive.process_events()
    heard = heard_from(button, "contentsCollapsed(bool)")

    drive.click(button)
    folded = (button.collapsed, inside.visible)
    drive.click(button)

    assert folded == (True, False)
    assert (button.collapsed, inside.visible, hidden.visible) == (False, True, False)
    assert heard == [(True,), (False,)]


def test_a_disabled_widget_cannot_be_clicked(shown, drive):
    with pytest.raises(AssertionError, match="disabled"):
        drive.click(shown("ctkCollapsibleButton", text="Run", enabled=False))


def test_a_node_selector_follows_the_scene(shown):
    import slicer
    from standin.values import to_qt

    selector = shown("qMRMLNodeComboBox", nodeTypes=["vtkMRMLScalarVolumeNode"], noneEnabled=True)
    heard = heard_from(selector, "currentNodeChanged(vtkMRMLNode*)")
    selector.setMRMLScene(slicer.mrmlScene)
    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "T1")
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTextNode", "other")
    before = (selector.currentNode(), to_qt(selector).nodes())

    selector.setCurrentNode(volume)
    chosen = (selector.currentNode() is volume, selector.currentNodeID)
    slicer.mrmlScene.RemoveNode(volume)

    assert before == (None, [volume])
    assert chosen == (True, volume.GetID())
    assert selector.currentNode() is None
    assert heard == [(volume,), (None,)]


def test_a_node_selector_without_none_takes_the_first_node(shown):
    import slicer

    selector = shown("qMRMLNodeComboBox", nodeTypes=["vtkMRMLTextNode"])
    selector.setMRMLScene(slicer.mrmlScene)
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTextNode", "first")

    assert selector.currentNode() is node


def test_a_table_view_shows_the_cells_of_its_node(shown):
    import numpy as np
    import slicer

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTableNode")
    view = shown("qMRMLTableView")
    view.setMRMLTableNode(node)
    slicer.util.updateTableFromArray(node, np.array([[0.0, 1.0], [12.0, 0.9]]), ["months", "jacobian"])
    model = view.model()

    assert (model.rowCount(), model.columnCount()) == (2, 2)
    assert [float(model.item(1, column).text()) for column in (0, 1)] == [12.0, 0.9]


def test_a_picture_of_a_widget_is_written(shown, drive, tmp_path):
    path = drive.grab(shown("ctkSliderWidget"), tmp_path / "pictures" / "slider.png")

    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_slice_view_draws_the_volume_and_its_overlay(running_slicer, drive):
    import numpy as np
    import slicer

    below, above = (
        slicer.util.addVolumeFromArray(np.full((8, 8, 8), value, np.float32)) for value in (100.0, 50.0)
    )
    for volume, window in ((below, (0, 100)), (above, (0, 100))):
        volume.CreateDefaultDisplayNodes()
        volume.GetDisplayNode().AutoWindowLevelOff()
        volume.GetDisplayNode().SetWindowLevelMinMax(*window)
    slicer.util.setSliceViewerLayers(background=below, foreground=above, foregroundOpacity=0.5)
    widget = slicer.app.layoutManager().sliceWidget("Red")
    widget.resize(120, 150)
    widget.show()
    widget.fitSliceToBackground()
    drive.process_events()

    picture = widget.sliceView().grab().toImage()
    middle = picture.pixelColor(picture.width() // 2, picture.height() // 2)

    # half of white (100 of 0..100) and half of mid-grey (50 of 0..100)
    assert middle.red() == pytest.approx(191, abs=3)
    assert (middle.green(), middle.blue()) == (middle.red(), middle.red())
