"""What a module meets outside its panel: the module selector, the sequence tool bar, the DICOM database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from standin.signals import emit
from standin.widgets.builder import plays


@plays("qSlicerCoreCommandOptions")
class CommandOptions(QObject):
    """The options Slicer was started with: none."""


@plays("qSlicerModuleSelectorToolBar")
class ModuleSelector(QToolBar):
    """Remembers which module was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = ""

    def read_selectedModule(self) -> str:
        return self.chosen

    def selectModule(self, name: str) -> None:
        self.chosen = name
        emit(self, "moduleSelected(QString)", name)


@plays("qSlicerMainWindow")
class MainWindow(QMainWindow):
    """A status bar, the module selector, and a parent for dialogs."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("qSlicerMainWindow")
        self.selector = ModuleSelector(self)
        self.addToolBar(self.selector)
        self.statusBar()

    def moduleSelector(self) -> ModuleSelector:
        return self.selector


@plays("qMRMLSequenceBrowserToolBar")
class SequenceToolBar(QToolBar):
    """Knows the browser that is shown in the tool bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.browser: Any = None

    def activeBrowserNode(self) -> Any:
        return self.browser

    def setActiveBrowserNode(self, node: Any) -> None:
        if node is not self.browser:
            self.browser = node
            emit(self, "activeBrowserNodeChanged(vtkMRMLNode*)", node)

    def setMRMLScene(self, scene: Any) -> None:
        emit(self, "mrmlSceneChanged(vtkMRMLScene*)", scene)


class DicomDatabase:
    """Answers for the instances that a test has put in; a tag is "gggg,eeee"."""

    def __init__(self) -> None:
        self._instances: dict[str, dict[str, str]] = {}
        self._files: dict[str, str] = {}

    def add(self, uid: str, values: dict[str, str], file: Path | str = "") -> None:
        """Put an instance in: for the test, Slicer has no such method."""
        self._instances[uid], self._files[uid] = dict(values), str(file)

    def instanceValue(self, uid: str, tag: str) -> str:
        """Return the value of a tag, empty where it is unknown."""
        return self._instances.get(uid, {}).get(tag.lower(), "")

    def instanceValueExists(self, uid: str, tag: str) -> bool:
        """Say whether a tag's value is known."""
        return tag.lower() in self._instances.get(uid, {})

    def fileForInstance(self, uid: str) -> str:
        """Return the file of an instance, empty where it is unknown."""
        return self._files.get(uid, "")

    def instanceForFile(self, file: str) -> str:
        """Return the instance in a file, empty where it is unknown."""
        return next((uid for uid, each in self._files.items() if each and each == file), "")

    def fileValue(self, file: str, tag: str) -> str:
        """Return the value of a tag of the instance in a file."""
        return self.instanceValue(self.instanceForFile(file), tag)
