"""``slicer.app`` and the main window."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QWidget

from standin import dialogs
from standin.around_the_panel import MainWindow
from standin.io_manager import IOManager
from standin.module_manager import ModuleManager
from standin.session import Session
from standin.slice_views import LayoutManager
from standin.widgets.builder import plays


@plays("qSlicerApplication")
class Application(QApplication):
    """One for the whole process, with one session after the other."""

    def __init__(self) -> None:
        super().__init__([sys.argv[0]])
        self.setApplicationName("Slicer")
        self.setOrganizationName("NA-MIC")
        self.session: Session | None = None

    def begin(self, session: Session) -> None:
        """Let a session be what Python sees."""
        self.session = session
        ini = QSettings.Format.IniFormat
        QSettings.setDefaultFormat(ini)
        QSettings.setPath(ini, QSettings.Scope.UserScope, str(session.folder))
        self.settings_file = QSettings()
        self.modules = ModuleManager()
        self.io = IOManager(session)
        self.window = MainWindow() if session.main_window else None
        self.layout_manager = LayoutManager(session) if session.main_window else None

    def end(self) -> None:
        """Close what a session opened."""
        if self.layout_manager is not None:
            self.layout_manager.close_views()
        for widget in top_level_widgets():
            widget.close()
            widget.deleteLater()
        work()
        self.session = self.window = self.layout_manager = None

    def read_minorVersion(self) -> int:
        assert self.session is not None
        return int(self.session.version.slicer.split(".")[1])

    def read_temporaryPath(self) -> str:
        assert self.session is not None
        return str(self.session.folder)

    def applicationLogic(self) -> Any:
        return self.session.application_logic if self.session else None

    def layoutManager(self) -> LayoutManager | None:
        return self.layout_manager

    def moduleManager(self) -> ModuleManager:
        return self.modules

    def coreIOManager(self) -> IOManager:
        return self.io

    ioManager = coreIOManager

    def settings(self) -> QSettings:
        return self.settings_file

    userSettings = revisionUserSettings = settings

    def testingEnabled(self) -> bool:
        return bool(self.session and self.session.testing)

    def topLevelWidgets(self) -> list[QWidget]:  # type: ignore[override]
        return top_level_widgets()


def work() -> None:
    """Handle the events that wait, the deletions asked for included, as Slicer's own event loop does."""
    QApplication.processEvents()
    if not dialogs.waiting():
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def top_level_widgets() -> list[QWidget]:
    """Return all windows; garbage collected meanwhile could destroy some half way and crash PySide6."""
    collecting_garbage = gc.isenabled()
    gc.disable()
    try:
        return QApplication.topLevelWidgets()
    finally:
        if collecting_garbage:
            gc.enable()


def application() -> Application:
    """Return the process's only application."""
    existing = QApplication.instance()
    if existing is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        return Application()
    if not isinstance(existing, Application):
        raise RuntimeError("another QApplication is running: the stand-in has to make it")
    return existing
