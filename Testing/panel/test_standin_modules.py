"""Modules are loaded, opened and unloaded as Slicer does it."""

from __future__ import annotations

import sys
from typing import Union

import pytest
from standin.each_slicer import EACH_SLICER

MODULE = '''
"""A module with a panel from Qt Designer."""

from __future__ import annotations

import enum
from typing import Annotated

import slicer
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import *
from slicer.util import VTKObservationMixin


class Alignment(enum.Enum):
    RIGID = "rigid"
    NONE = "none"

    def label(self):
        return self.value


@parameterNodeWrapper
class Parameters:
    volume: slicer.vtkMRMLScalarVolumeNode
    weight: Annotated[float, WithinRange(0, 10)] = 2.5
    steps: Annotated[int, WithinRange(1, 500)] = 300
    alignment: Alignment
    report: bool = True
    months: list[float]


class Example(ScriptedLoadableModule):
    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        parent.title = "Example"
        parent.categories = ["Registration"]


class ExampleWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.happened = []

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        panel = slicer.util.loadUI(self.resourcePath("UI/Example.ui"))
        self.layout.addWidget(panel)
        self.ui = slicer.util.childWidgetVariables(panel)
        self.ui.volume.setMRMLScene(slicer.mrmlScene)
        self.parameters = Parameters(ExampleLogic().getParameterNode())
        names = "volume", "weight", "steps", "alignment", "report"
        bound = {name: getattr(self.ui, name) for name in names}
        self.tag = self.parameters.connectParametersToGui(bound)
        self.ui.run.connect("clicked(bool)", self.onRun)

    def enter(self):
        self.happened.append("enter")

    def onRun(self):
        self.happened.append("run")

    def cleanup(self):
        self.parameters.disconnectGui(self.tag)
        self.removeObservers()
        self.happened.append("cleanup")


class ExampleLogic(ScriptedLoadableModuleLogic):
    pass


'''

NONE_ENABLED = '<property name="noneEnabled"><bool>true</bool></property>'
FIELDS = (
    ("qMRMLNodeComboBox", "volume", NONE_ENABLED),
    ("QDoubleSpinBox", "weight", ""),
    ("QSpinBox", "steps", ""),
    ("QComboBox", "alignment", ""),
    ("QCheckBox", "report", ""),
)


def designer_file():
    items = "".join(
        f'<item><widget class="{kind}" name="{name}">{more}</widget></item>' for kind, name, more in FIELDS
    )
    return f"""<?xml version="1.0"?><ui version="4.0"><class>Example</class>
<widget class="qMRMLWidget" name="Example"><layout class="QVBoxLayout" name="rows">{items}
<item><widget class="QPushButton" name="run"><property name="text"><string>Run</string></property>
</widget></item>
</layout></widget>
</ui>"""


@pytest.fixture
def example_file(tmp_path):
    """A module file with its panel."""
    designed = tmp_path / "Example" / "Resources" / "UI" / "Example.ui"
    designed.parent.mkdir(parents=True)
    designed.write_text(designer_file())
    path = tmp_path / "Example" / "Example.py"
    path.write_text(MODULE)
    return path


@EACH_SLICER
def test_a_module_is_loaded_opened_driven_and_unloaded(running_slicer, example_file):
    import slicer
    from standin import driving

    panel = running_slicer.open_module(example_file)
    driving.click(panel.ui.run)

    assert slicer.modules.example.title == "Example"
    assert slicer.modules.example.categories == ("Registration",)
    assert slicer.modules.ExampleWidget is panel
    assert slicer.util.getModuleWidget("Example") is panel
    assert slicer.util.modulePath("Example") == str(example_file)
    running_slicer.modules.unload_all()
    assert panel.happened == ["enter", "run", "cleanup"]
    assert "Example" not in sys.modules


@EACH_SLICER
def test_the_panel_and_the_parameter_node_follow_each_other(running_slicer, example_file):
    import slicer
    from standin import driving

    panel = running_slicer.open_module(example_file)
    ui, parameters = panel.ui, panel.parameters
    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "T1")

    driving.choose(ui.volume, "T1")
    driving.type_text(ui.weight, "7.5")
    driving.type_text(ui.steps, "40")
    driving.choose(ui.alignment, "none")
    driving.click(ui.report)
    typed = (parameters.volume, parameters.weight, parameters.steps, parameters.report)
    parameters.weight = 1.5

    assert typed == (volume, 7.5, 40, False)
    assert parameters.alignment.value == "none"
    assert ui.weight.value == 1.5
    assert (ui.weight.minimum, ui.weight.maximum) == (0.0, 10.0)


def test_parameters_are_kept_in_the_scene(running_slicer, example_file, tmp_path):
    import slicer

    parameters = running_slicer.open_module(example_file).parameters
    parameters.weight, parameters.months = 3.25, [0.0, 12.0]
    parameters.months.append(24.0)
    kept = type(parameters)(slicer.mrmlScene.GetSingletonNode("Example", "vtkMRMLScriptedModuleNode"))

    assert (kept.weight, kept.months, kept.steps) == (3.25, [0.0, 12.0, 24.0], 300)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("weight", 11.0, ValueError),
        ("weight", "much", TypeError),
        ("nothing", 1, AttributeError),
    ],
)
def test_a_parameter_refuses_wrong_values(running_slicer, example_file, name, value, error):
    parameters = running_slicer.open_module(example_file).parameters

    with pytest.raises(error):
        setattr(parameters, name, value)
    assert parameters.weight == 2.5


@pytest.mark.parametrize(
    ("annotation", "widget", "error"),
    [
        ("str", "qt.QComboBox", RuntimeError),
        ("list[float]", "qt.QLineEdit", RuntimeError),
        ("Literal['a', 'b']", "qt.QComboBox", ValueError),
    ],
)
def test_a_connection_that_slicer_does_not_know_is_refused(running_slicer, annotation, widget, error):
    import slicer

    source = f"""
from typing import Literal
import ctk, qt, slicer
from slicer.parameterNodeWrapper import parameterNodeWrapper

def connect(node):
    @parameterNodeWrapper
    class Parameters:
        value: {annotation}
    Parameters(node).connectParametersToGui({{"value": {widget}()}})
"""
    node, made = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode"), {}
    exec(compile(source, "parameters", "exec", dont_inherit=True), made)

    with pytest.raises(error):
        made["connect"](node)


def test_nothing_is_left_behind(running_slicer, example_file):
    import slicer

    running_slicer.open_module(example_file)
    folder = running_slicer.session.folder
    running_slicer.uninstall()

    assert not folder.exists()
    assert not hasattr(slicer, "app")
    assert "qt" not in sys.modules
    assert hasattr(slicer, "arrayFromVolume")


def test_a_child_process_runs_slicers_own_python(running_slicer):
    import shutil

    from standin import driving

    process = running_slicer.qt.QProcess()
    process.start(shutil.which("PythonSlicer"), ["-c", "print(6 * 7)"])
    driving.wait_until(lambda: process.state() == running_slicer.qt.QProcess.NotRunning)

    assert process.readAllStandardOutput().data() == b"42\n"


def test_the_dicom_database_answers_for_what_the_test_put_in(running_slicer):
    import slicer

    slicer.dicomDatabase.add("1.2.3", {"0008,0020": "20240131"})

    assert slicer.dicomDatabase.instanceValue("1.2.3", "0008,0020") == "20240131"
    assert slicer.dicomDatabase.instanceValue("1.2.4", "0008,0020") == ""


def test_the_layout_is_kept_in_the_scene(running_slicer):
    import slicer

    manager, heard = slicer.app.layoutManager(), []
    manager.connect("layoutChanged(int)", heard.append)
    before = manager.layout

    manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)

    assert before == slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalView
    assert heard == [slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView]
    assert manager.layoutLogic().GetLayoutNode().GetViewArrangement() == heard[0]


@pytest.fixture
def a_parameter_node(running_slicer):
    """A node of a module, in the scene."""
    import slicer

    return slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode", "parameters")


def test_a_union_written_with_a_bar_cannot_be_connected_as_in_slicer_before_python_3_12(a_parameter_node):
    import slicer
    from slicer.parameterNodeWrapper import parameterNodeWrapper

    kinds = slicer.vtkMRMLSegmentationNode, slicer.vtkMRMLLabelMapVolumeNode
    spellings = {"bar": kinds[0] | kinds[1] | None, "union": Union[kinds[0], kinds[1], None]}  # noqa: UP007
    selectors = {name: slicer.qMRMLNodeComboBox() for name in spellings}
    wrapped = {
        name: parameterNodeWrapper(type("Parameters", (), {"__annotations__": {"labels": spelling}}))
        for name, spelling in spellings.items()
    }
    wrapped["union"](a_parameter_node).connectParametersToGui({"labels": selectors["union"]})
    with pytest.raises(RuntimeError, match="Unable to create GUI connector"):
        wrapped["bar"](a_parameter_node).connectParametersToGui({"labels": selectors["bar"]})

    assert selectors["union"].nodeTypes == ("vtkMRMLSegmentationNode", "vtkMRMLLabelMapVolumeNode")


def test_a_list_of_nodes_read_before_they_are_loaded_stays_empty_as_in_slicer(a_parameter_node):
    import slicer
    from slicer.parameterNodeWrapper import parameterNodeWrapper

    annotated = {"__annotations__": {"volumes": list[slicer.vtkMRMLScalarVolumeNode]}}
    parameters = parameterNodeWrapper(type("Parameters", (), annotated))(a_parameter_node)
    a_parameter_node.SetParameter("volumes_len", "1")
    a_parameter_node.SetNodeReferenceID("volumes_0", "vtkMRMLScalarVolumeNode1")
    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "T1")

    assert a_parameter_node.GetNodeReference("volumes_0") is volume
    assert parameters.volumes == [None]
    a_parameter_node.Modified()
    assert parameters.volumes == [volume]


def test_packages_asked_for_are_kept_and_not_installed(running_slicer):
    import slicer

    slicer.util.pip_install("torch>=2")

    assert running_slicer.session.installed == [{"requirements": "torch>=2"}]


def test_a_scene_is_saved_and_loaded_as_a_bundle(running_slicer, tmp_path, capfd):
    import numpy as np
    import slicer

    slicer.util.addVolumeFromArray(np.arange(8.0).reshape(2, 2, 2), name="T1")
    bundle = str(tmp_path / "scene.mrb")
    assert slicer.util.saveScene(bundle)
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(bundle)

    assert np.array_equal(slicer.util.array("T1"), np.arange(8.0).reshape(2, 2, 2))


def test_settings_are_shared_and_end_with_the_session(running_slicer):
    import slicer

    settings = running_slicer.qt.QSettings()
    settings.setValue("LongitudinalINR/device", "cpu")
    settings.sync()

    assert slicer.util.settingsValue("LongitudinalINR/device", "auto") == "cpu"
    assert slicer.app.userSettings().value("LongitudinalINR/device") == "cpu"
    assert settings.fileName().startswith(str(running_slicer.session.folder))
