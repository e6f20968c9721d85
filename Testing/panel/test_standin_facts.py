"""The stand-in has what the facts list: nothing beyond it, nothing missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from standin import facts
from standin.facts import FACTS, Version, normalised, surface
from standin.generate_facts import scripted_module


def main_window(app):
    return next(each for each in app.topLevelWidgets() if each.name == "qSlicerMainWindow")


MADE_BY_SLICER = {
    "qSlicerApplication": lambda app: app,
    "qSlicerIOManager": lambda app: app.ioManager(),
    "qSlicerModuleSelectorToolBar": lambda app: main_window(app).moduleSelector(),
    "qSlicerLayoutManager": lambda app: app.layoutManager(),
    "qSlicerMainWindow": main_window,
    "qSlicerModuleManager": lambda app: app.moduleManager(),
    "qSlicerScriptedLoadableModule": lambda app: app.moduleManager().module("Empty"),
    "qSlicerScriptedLoadableModuleWidget": lambda app: (
        app.moduleManager().module("Empty").widgetRepresentation()
    ),
    "qMRMLSliceWidget": lambda app: app.layoutManager().sliceWidget("Red"),
    "qMRMLSliceView": lambda app: app.layoutManager().sliceWidget("Red").sliceView(),
}

EMPTY_MODULE = """
from slicer.ScriptedLoadableModule import *
class Empty(ScriptedLoadableModule): pass
class EmptyWidget(ScriptedLoadableModuleWidget): pass
"""


@pytest.fixture
def instances(running_slicer, tmp_path):
    """One object of each class that the facts list."""
    import slicer

    module = tmp_path / "Empty.py"
    module.write_text(EMPTY_MODULE)
    running_slicer.load_module(module)
    return {
        name: MADE_BY_SLICER[name](slicer.app)
        if name in MADE_BY_SLICER
        else getattr(running_slicer.ctk if name.startswith("ctk") else slicer, name)()
        for name in FACTS["slicer"]
    }


def test_every_class_of_the_facts_is_played_by_a_class_of_that_name(instances):
    assert {name: type(each).__name__ for name, each in instances.items()} == {
        name: name for name in FACTS["slicer"]
    }


def test_every_property_signal_and_slot_is_reached(instances):
    missing = []
    for name, each in instances.items():
        entry = FACTS["slicer"][name]
        signals = [signature.split("(")[0] for signature in entry["signals"]]
        names = [*entry["properties"], *entry["callables"], *signals]
        missing += [f"{name}.{member}" for member in names if not hasattr(each, member)]

    assert missing == []


def test_every_signal_can_be_connected_by_its_signature(instances):
    refused = [
        f"{name}::{signature}"
        for name, each in instances.items()
        for signature in FACTS["slicer"][name]["signals"]
        if not each.connect(signature, lambda: None)
    ]

    assert refused == []


def test_what_cpp_keeps_to_itself_is_not_reached(instances):
    from standin.lookup import qt_class

    reached = []
    for name, each in instances.items():
        plain = qt_class(type(each))
        hidden = [member for member in FACTS["slicer"][name]["hidden"] if not hasattr(plain, member)]
        reached += [f"{name}.{member}" for member in hidden if hasattr(each, member)]

    assert reached == []


@pytest.mark.parametrize("qt_major", [5, 6])
def test_every_plain_qt_property_is_known_to_the_qt_that_runs(running_slicer, qt_major):
    removed_in_qt6 = {name for entry in FACTS["qt"].values() for name in entry["only_qt5"]}
    unknown = []
    for name in ("QPushButton", "QLabel", "QTableWidget", "QComboBox", "QDoubleSpinBox", "QSlider", "QTimer"):
        meta = getattr(running_slicer.qt, name)()._binding.metaObject()
        known = surface(name, Version("5.12", qt_major))
        unknown += [each for each in known.properties if meta.indexOfProperty(each) < 0]

    assert set(unknown) <= removed_in_qt6


def test_signatures_compare_without_blanks_and_const():
    assert normalised("finished( int, QProcess::ExitStatus )") == "finished(int,QProcess::ExitStatus)"
    assert normalised("textChanged(const QString &)") == "textChanged(QString)"
    assert normalised("clicked()") == "clicked()"


SCRIPTED = {
    "slicer.ScriptedLoadableModule": "slicer_python/ScriptedLoadableModule.py",
    "slicer.packaging": "slicer_python_5_12/packaging.py",
    "slicer.parameterNodeWrapper": "slicer_python/parameterNodeWrapper/*.py",
    "SampleData": "slicer_modules/SampleData.py",
}


@pytest.mark.parametrize("name", SCRIPTED)
def test_scripted_parts_take_the_arguments_that_slicers_own_take(name):
    known = FACTS["python"][name]
    played = scripted_module(list(Path(facts.__file__).parent.glob(SCRIPTED[name])))
    both = [each for each in played if each in known]

    assert both
    assert {each: played[each] for each in both} == {each: known[each] for each in both}
