"""What a module may do with plain Qt works, and shows PythonQt's ways."""

from __future__ import annotations

import gc
import weakref


def test_properties_are_attributes_and_methods_stay_calls(running_slicer):
    qt = running_slicer.qt
    button = qt.QPushButton("Run")
    button.enabled = False
    button.toolTip = "why"
    button.name = "runButton"

    assert (button.text, button.enabled, button.objectName) == ("Run", False, "runButton")
    assert (button.isEnabled(), button.isCheckable(), button.className()) == (False, False, "QPushButton")


def test_enumerations_are_integers_on_both_sides(running_slicer):
    qt = running_slicer.qt
    label = qt.QLabel("x")

    label.setAlignment(qt.Qt.AlignRight | qt.Qt.AlignTop)
    label.setSizePolicy(qt.QSizePolicy.Expanding, qt.QSizePolicy.Fixed)

    assert label.alignment == qt.Qt.AlignRight | qt.Qt.AlignTop
    assert type(qt.QFrame.HLine) is int
    assert qt.Qt.Horizontal == 1


def test_surplus_arguments_are_dropped_for_functions_and_bound_methods(running_slicer):
    class Listener:
        def without(self):
            heard.append("without")

        def with_one(self, checked):
            heard.append(checked)

    heard, button, listener = [], running_slicer.qt.QPushButton(), Listener()
    button.clicked.connect(listener.without)
    button.connect("clicked(bool)", listener.with_one)
    button.connect("clicked()", lambda: heard.append("string"))

    button.click()

    assert sorted(map(str, heard)) == ["False", "string", "without"]


def test_a_connection_holds_its_callable_until_it_is_disconnected(running_slicer):
    class Listener:
        def hear(self):
            heard.append(1)

    heard, button, listener = [], running_slicer.qt.QPushButton(), Listener()
    reference = weakref.ref(listener)
    button.clicked.connect(listener.hear)
    del listener
    gc.collect()
    button.click()
    assert heard == [1]

    assert button.clicked.disconnect(reference().hear) is True
    assert button.clicked.disconnect(print) is False
    gc.collect()
    button.click()

    assert (heard, reference()) == ([1], None)


def test_a_python_subclass_holds_new_attributes_and_overrides_event_handlers(running_slicer):
    qt = running_slicer.qt

    class Panel(qt.QWidget):
        def __init__(self, parent=None):
            qt.QWidget.__init__(self, parent)
            self.sizes = []

        def resizeEvent(self, event):
            self.sizes.append((event.size().width(), event.size().height()))

        def eventFilter(self, watched, event):
            self.sizes.append(watched.objectName)
            return False

    panel, label = Panel(), qt.QLabel()
    label.name = "watched"
    panel.resize(30, 20)
    panel.show()
    label.installEventFilter(panel)
    label.resize(1, 1)
    label.show()

    assert panel.sizes[0] == (30, 20)
    assert "watched" in panel.sizes


def test_the_wrapper_of_an_object_stays_the_same_while_python_holds_it(running_slicer):
    qt = running_slicer.qt
    widget, layout, button = qt.QWidget(), qt.QVBoxLayout(), qt.QPushButton()
    widget.setLayout(layout)
    layout.addWidget(button)

    assert layout.itemAt(0).widget() is button
    assert button.parent() is widget
    assert widget.findChildren(qt.QPushButton) == (button,)
    assert widget.children() == (layout, button)


def test_a_table_holds_items_and_widgets(running_slicer):
    qt = running_slicer.qt
    table, item, spin = qt.QTableWidget(1, 2), qt.QTableWidgetItem("T1"), qt.QDoubleSpinBox()
    item.setFlags(qt.Qt.ItemIsEnabled)
    table.setItem(0, 0, item)
    table.setCellWidget(0, 1, spin)
    table.horizontalHeader().setSectionResizeMode(0, qt.QHeaderView.Stretch)

    assert (table.rowCount, table.columnCount) == (1, 2)
    assert table.item(0, 0).text() == "T1"
    assert table.cellWidget(0, 1) is spin


def test_a_process_reports_its_output_end_and_failure_to_start(running_slicer):
    from standin import dialogs, driving

    qt, events = running_slicer.qt, []
    process = qt.QProcess()
    process.connect("finished(int,QProcess::ExitStatus)", lambda code, status: events.append((code, status)))
    process.errorOccurred.connect(events.append)
    process.start("sh", ["-c", "echo hello; exit 3"])
    driving.wait_until(lambda: events)
    said = process.readAllStandardOutput().data()
    process.start("/nowhere/at/all", [])
    driving.wait_until(lambda: len(events) == 2)

    assert said == b"hello\n"
    assert events == [(3, qt.QProcess.NormalExit), qt.QProcess.FailedToStart]
    assert dialogs.blocking_calls == []


def test_blocking_calls_are_noted(running_slicer):
    from standin import dialogs

    process = running_slicer.qt.QProcess()
    process.start("true", [])
    process.waitForFinished(5000)

    assert dialogs.blocking_calls == ["QProcess.waitForFinished"]


def test_a_single_shot_timer_calls_a_function_once(running_slicer):
    from standin import driving

    calls = []
    running_slicer.qt.QTimer.singleShot(0, lambda: calls.append(1))
    driving.process_events(0.03)

    assert calls == [1]


def test_dialogs_are_recorded_and_answered(running_slicer):
    import slicer
    from standin import dialogs

    qt = running_slicer.qt
    dialogs.answer(
        "/tmp/map.nii.gz", qt.QMessageBox.Yes, lambda box: box.button(qt.QMessageBox.Cancel).click()
    )

    assert qt.QFileDialog.getSaveFileName(None, "Export", "", "NIfTI (*.nii.gz)") == "/tmp/map.nii.gz"
    assert slicer.util.confirmYesNoDisplay("Go on?") is True
    assert slicer.util.confirmOkCancelDisplay("Sure?") is False
    assert [each.text for each in dialogs.shown][1:] == ["Go on?", "Sure?"]


def test_a_dialog_stays_while_it_is_driven_and_what_it_said_stays_known(running_slicer):
    import slicer
    from standin import dialogs, driving

    qt = running_slicer.qt
    dialogs.answer(lambda box: driving.click(box.button(qt.QMessageBox.Ok)))

    slicer.util.errorDisplay("The fit failed", detailedText="at step 12")
    driving.process_events()

    assert (dialogs.shown[0].text, dialogs.shown[0].details) == ("The fit failed", "at step 12")


def test_what_is_to_be_deleted_later_is_gone_when_qt_has_worked(running_slicer):
    from standin import driving

    parent = running_slicer.qt.QWidget()
    running_slicer.qt.QLabel("x", parent).deleteLater()
    driving.process_events()

    assert parent.children() == ()


def test_windows_of_an_earlier_session_are_gone(running_slicer):
    import slicer
    from standin.installation import install

    window = slicer.util.mainWindow()
    running_slicer.uninstall()
    again = install()
    windows = [each for each in slicer.app.topLevelWidgets() if each.name == "qSlicerMainWindow"]
    again.uninstall()

    assert not window
    assert len(windows) == 1
