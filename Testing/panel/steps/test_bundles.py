"""A scene saved as a bundle comes back with its settings, however the scene is loaded."""

from __future__ import annotations

import pytest
from standin import driving
from standin.each_slicer import EACH_SLICER


@pytest.fixture
def bundle(panel, fill_in, tmp_path):
    """Three scans, segmentation and mask, filled in and saved."""
    import slicer

    fill_in(panel, months=("0", "12", "24"))
    driving.click(panel.ui.settingsButton)
    panel.ui.advancedGroup.collapsed = False
    for name, selector in (("aseg", "segmentationSelector"), ("brain", "maskSelector")):
        slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", name)
        driving.choose(getattr(panel.ui, selector), name)
    path = str(tmp_path / "scene.mrb")
    assert slicer.util.saveScene(path)
    return path


def _shown(panel):
    table = panel.ui.scansTable
    nodes = [table.cellWidget(row, 0).currentNode() for row in range(table.rowCount)]
    nodes += [panel.ui.segmentationSelector.currentNode(), panel.ui.maskSelector.currentNode()]
    months = [table.cellWidget(row, 1).text for row in range(table.rowCount)]
    return [node and node.GetName() for node in nodes], months


WANTED = ([*(f"Doe^Jane visit {n}" for n in range(3)), "aseg", "brain"], ["0", "12", "24"])


@EACH_SLICER
def test_a_bundle_brings_its_scans_back_into_a_scene_that_was_cleared(panel, bundle):
    import slicer

    slicer.mrmlScene.Clear(0)
    driving.process_events(0.05)
    assert _shown(panel) == ([None, None], [])
    slicer.util.loadScene(bundle)
    driving.process_events(0.05)

    assert _shown(panel) == WANTED
    assert [months for _, months in panel.panel.inputs_section.scans()] == [0, 12, 24]


def test_a_bundle_replaces_what_was_filled_in_before(panel, bundle, add_scan):
    import slicer

    driving.click(panel.ui.removeScanButton)
    driving.choose(panel.ui.scansTable.cellWidget(0, 0), "Choose a volume")
    slicer.util.loadScene(bundle)
    driving.process_events(0.05)

    assert _shown(panel) == WANTED


def test_a_bundle_loaded_while_another_module_is_open_is_there_when_the_person_comes_back(panel, bundle):
    import slicer

    panel.exit()
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(bundle)
    driving.process_events(0.05)
    panel.enter()

    assert _shown(panel) == WANTED


def test_what_the_selectors_say_while_a_scene_changes_is_not_taken_for_the_persons_choice(panel, bundle):
    """In Slicer a selector empties itself until it knows the nodes that have come."""
    import slicer

    for row in range(3):
        panel.ui.scansTable.cellWidget(row, 0).setCurrentNode(None)
    panel.panel.open()

    assert _shown(panel) == WANTED
    assert panel.panel.inputs_section.scans()[0][0] is slicer.util.getNode("Doe^Jane visit 0")
