"""Load a scripted module as Slicer's module factory does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import slicer
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from standin.collected import collecting
from standin.signals import emit
from standin.values import wrapped
from standin.widgets.builder import plays
from standin.widgets.scene import SceneWidget


@plays("qSlicerScriptedLoadableModule")
class ScriptedModule(QObject):
    """The object a module's Python class is told to fill: title, categories, help."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__()
        self._name, self._path = name, path
        self._representation: ModuleWidget | None = None

    def read_name(self) -> str:
        return self._name

    def read_path(self) -> str:
        return self._path

    def widgetRepresentation(self) -> ModuleWidget:
        if self._representation is None:
            self._representation = ModuleWidget(self)
            setattr(slicer.modules, f"{self._name}Widget", self._representation.python)
        return self._representation

    def destroy_widget(self) -> None:
        """Delete the panel, as when the module is unloaded."""
        if self._representation is not None:
            self._representation.deleteLater()
            self._representation = None


@plays("qSlicerScriptedLoadableModuleWidget")
class ModuleWidget(SceneWidget):
    """The panel: the widget that a module's Python widget class gets as parent."""

    def __init__(self, module: ScriptedModule) -> None:
        super().__init__()
        QVBoxLayout(self)
        name = module.property("name")
        widget_class = getattr(sys.modules[name], f"{name}Widget")
        self.python = widget_class(wrapped(self))
        self.python.setup()
        self.setMRMLScene(slicer.mrmlScene)

    def self(self) -> Any:
        return self.python

    def enter(self) -> None:
        self._call("enter")

    def exit(self) -> None:
        self._call("exit")

    def _call(self, name: str) -> None:
        with collecting():
            getattr(self.python, name, lambda: None)()


@plays("qSlicerModuleManager")
class ModuleManager(QObject):
    """The modules that are loaded."""

    def __init__(self) -> None:
        super().__init__()
        self._modules: dict[str, Any] = {}

    def module(self, name: str) -> Any:
        return self._modules.get(name)

    def load(self, path: Path) -> ScriptedModule:
        """Run a module file, construct its module class and register it."""
        name = path.stem
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        source = importlib.util.module_from_spec(spec)
        sys.modules[name] = source
        spec.loader.exec_module(source)
        module = ScriptedModule(name, str(path))
        self._modules[name] = module
        setattr(slicer.modules, name.lower(), wrapped(module))
        setattr(slicer.moduleNames, name, name)
        instance = getattr(source, name)(wrapped(module))
        setattr(slicer.modules, f"{name}Instance", instance)
        if hasattr(instance, "setup"):
            instance.setup()
        emit(self, "moduleLoaded(QString)", name)
        return module

    def unload_all(self) -> None:
        """Tell every module that it goes, and delete its panel."""
        for name, module in list(self._modules.items()):
            emit(self, "moduleAboutToBeUnloaded(QString)", name)
            if isinstance(module, ScriptedModule):
                module.destroy_widget()
            sys.modules.pop(name, None)
        self._modules.clear()


def built_in_module(name: str, logic: Any) -> SimpleNamespace:
    """Return what stands for one of Slicer's own C++ modules: a name and a logic."""
    return SimpleNamespace(name=name, path="", logic=lambda: logic)
