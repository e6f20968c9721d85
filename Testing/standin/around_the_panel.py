"""What a module meets outside its panel: the module selector, the DICOM database."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from standin.signals import emit
from standin.widgets.builder import plays


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


class DicomDatabase:
    """Answers for the instances that a test has put in; a tag is "gggg,eeee"."""

    def __init__(self) -> None:
        self._instances: dict[str, dict[str, str]] = {}

    def add(self, uid: str, values: dict[str, str]) -> None:
        """Put an instance in: for the test, Slicer has no such method."""
        self._instances[uid] = dict(values)

    def instanceValue(self, uid: str, tag: str) -> str:
        """Return the value of a tag, empty where it is unknown."""
        return self._instances.get(uid, {}).get(tag.lower(), "")
