"""The stand-in refuses what Slicer refuses: each of these mistakes works in PySide6 or in plain Python."""

from __future__ import annotations

import pytest

MISTAKES = {
    "call a property": ("qt.QLabel('x').text()", TypeError),
    "assign an unknown name": ("setattr(qt.QPushButton(), 'txt', 'x')", AttributeError),
    "assign a read-only property": ("setattr(qt.QWidget(), 'width', 3)", AttributeError),
    "assign a slot's name": ("setattr(qt.QLabel(), 'setText', print)", AttributeError),
    "assign a signal's name": ("setattr(qt.QPushButton(), 'clicked', print)", AttributeError),
    "assign a value of a wrong type": ("setattr(qt.QSpinBox(), 'value', 'three')", AttributeError),
    "call a setter that is no slot": ("ctk.ctkSliderWidget().setMaximum(3)", AttributeError),
    "call setRange of ctkSliderWidget": ("ctk.ctkSliderWidget().setRange(0, 1)", AttributeError),
    "reach into ctkSliderWidget": ("ctk.ctkSliderWidget().slider()", AttributeError),
    "call setCollapsed": ("ctk.ctkCollapsibleButton().setCollapsed(True)", AttributeError),
    "give a CTK class a title": ("ctk.ctkCollapsibleButton('Inputs')", ValueError),
    "call setNodeTypes": ("slicer.qMRMLNodeComboBox().setNodeTypes([])", AttributeError),
    "call currentNodeID": ("slicer.qMRMLNodeComboBox().currentNodeID()", TypeError),
    "read currentNode as attribute of the node": (
        "slicer.qMRMLNodeComboBox().currentNode.GetID()",
        AttributeError,
    ),
    "ask a node selector for its nodes": ("slicer.qMRMLNodeComboBox().nodes()", AttributeError),
    "connect an unknown signal by attribute": ("qt.QPushButton().klicked.connect(print)", AttributeError),
    "index a signal by its type": ("slicer.qMRMLNodeComboBox().currentNodeChanged['bool']", TypeError),
    "find a child without its type": ("qt.QWidget().findChild('name')", TypeError),
    "pass keywords to a C++ method": ("qt.QLabel().setText(text='x')", TypeError),
    "pass keywords to a constructor": ("qt.QLabel(text='x')", TypeError),
    "pass a wrong number of arguments": ("qt.QLabel().setText('x', 'y')", ValueError),
    "use a class that Slicer does not have": ("ctk.ctkErrorDialog()", AttributeError),
    "use a Qt class that Slicer does not wrap": ("qt.Signal()", AttributeError),
    "use what only Qt 6 has": ("qt.QFormLayout().setRowVisible(0, False)", AttributeError),
    "use PySide's name for an enumeration class": ("qt.Qt.AlignCentre", AttributeError),
    "construct what Python cannot": ("slicer.qSlicerApplication()", TypeError),
    "reach the main window through the application": ("slicer.app.mainWindow()", AttributeError),
    "use slicer.util's functions as slicer's": ("slicer.arrayFromVolume", AttributeError),
}


@pytest.mark.parametrize(("code", "error"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_fails_as_in_slicer(running_slicer, code, error):
    import slicer

    with pytest.raises(error):
        eval(code, {"qt": running_slicer.qt, "ctk": running_slicer.ctk, "slicer": slicer, "print": print})


def test_connecting_an_unknown_signal_by_string_says_so_and_returns_false(running_slicer, capsys):
    from standin import collected

    button = running_slicer.qt.QPushButton("Run")

    assert button.connect("klicked()", print) is False
    assert "No such signal QPushButton::klicked()" in capsys.readouterr().err
    assert len(collected.take()) == 1


def test_class_inheritance_is_not_mirrored(running_slicer):
    qt = running_slicer.qt
    button = qt.QPushButton("Run")

    assert not isinstance(button, qt.QWidget)
    assert type(button) is qt.QPushButton
    assert button.inherits("QWidget")
    assert button.isWidgetType()


def test_an_exception_in_a_slot_does_not_reach_the_caller_and_is_kept(running_slicer):
    from standin import collected

    button = running_slicer.qt.QPushButton("Run")
    button.clicked.connect(lambda: 1 / 0)

    button.click()

    assert [type(error) for error in collected.take()] == [ZeroDivisionError]


def test_an_exception_in_a_vtk_observer_is_kept(running_slicer):
    import slicer
    from standin import collected

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTextNode")
    node.AddObserver("ModifiedEvent", lambda *_: 1 / 0)

    node.Modified()

    assert [type(error) for error in collected.take()] == [ZeroDivisionError]


def test_an_object_without_parent_dies_with_its_last_reference(running_slicer):
    from standin import driving

    timer, ticks = running_slicer.qt.QTimer(), []
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(1)
    del timer

    driving.process_events(0.05)

    assert ticks == []


def test_a_destroyed_object_is_false_and_cannot_be_used(running_slicer):
    label = running_slicer.qt.QLabel("x")
    label.delete()

    assert not label
    with pytest.raises(ValueError, match="destroyed"):
        _ = label.text


def test_a_dialog_nobody_answers_fails_instead_of_waiting(running_slicer):
    from standin import dialogs

    with pytest.raises(AssertionError, match="gave no answer"):
        running_slicer.qt.QMessageBox.question(None, "Delete?", "All of it?")
    assert dialogs.shown[0].text == "Delete? All of it?"


@pytest.mark.parametrize(
    ("running_slicer", "expected"),
    [(("5.12", 5), [(0,)]), (("5.12", 6), [(0, 0)])],
    indirect=["running_slicer"],
    ids=["Qt-5", "Qt-6"],
)
def test_finished_by_attribute_is_the_overload_of_the_qt_played(running_slicer, expected):
    process, heard = running_slicer.qt.QProcess(), []
    process.finished.connect(lambda *arguments: heard.append(arguments))

    process.start("true", [])
    process.waitForFinished(5000)

    assert heard == expected


@pytest.mark.parametrize("running_slicer", [("5.10", 5)], indirect=True)
def test_what_came_with_slicer_5_12_is_absent_from_5_10(running_slicer):
    import slicer

    with pytest.raises(AttributeError):
        _ = slicer.qMRMLNodeComboBox().nodeAddedByUserAction
    with pytest.raises(ImportError):
        from slicer import packaging  # noqa: F401
