"""Put the stand-in where a module's imports find it, and take it away again."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from standin import collected, dialogs, qobject, slicer_util, values
from standin.application import Application, application, work
from standin.around_the_panel import DicomDatabase
from standin.facts import FACTS, Version, surface
from standin.module_manager import ModuleManager, built_in_module
from standin.python_slicer import put_on_path
from standin.qt_namespace import QtNamespace
from standin.session import Session, start_session
from standin.ui_loader import UiLoader
from standin.widgets import ALL_CLASSES
from standin.wrapper import make_wrapper_class


@dataclass
class Slicer:
    """The running stand-in, for the test that installed it."""

    session: Session
    app: Application
    qt: ModuleType
    ctk: ModuleType
    _before: dict[str, Any] = field(default_factory=dict)

    def load_module(self, path: Path) -> Any:
        """Load a scripted module file as Slicer does; return the module object."""
        return values.wrapped(self.modules.load(Path(path)))

    def open_module(self, path: Path) -> Any:
        """Load a module, make its panel, show it and enter it; return the module's Python widget object."""
        representation = self.modules.load(Path(path)).widgetRepresentation()
        representation.resize(420, 900)
        representation.show()
        representation.enter()
        return representation.python

    @property
    def modules(self) -> ModuleManager:
        """The module manager."""
        return self.app.modules

    def uninstall(self) -> None:
        """End the session and give the names back; a second time nothing happens."""
        if self.app.session is self.session:
            _uninstall(self)


_PLAYED_MODULES = {"ScriptedLoadableModule", "packaging", "parameterNodeWrapper"}
_SAMPLE_DATA = str(Path(__file__).with_name("slicer_modules"))
_SLICER_NAMES = ("app", "mrmlScene", "modules", "moduleNames", "dicomDatabase")


def install(
    slicer_version: str = "5.12", qt_major: int = 5, *, testing: bool = False, main_window: bool = True
) -> Slicer:
    """Start a session and install ``qt``, ``ctk`` and what ``slicer`` lacks outside Slicer.

    Parameters
    ----------
    slicer_version, qt_major
        The Slicer and Qt that are played: "5.10" or "5.12", 5 or 6.
    testing
        Whether Slicer is in testing mode, where message boxes are skipped.
    main_window
        Whether there is a main window and a layout with slice views.
    """
    import slicer

    version = Version(slicer_version, qt_major)
    app = application()
    session = start_session(version, testing=testing, main_window=main_window)
    classes = {name: _wrapper_class(name, cls, version) for name, cls in ALL_CLASSES.items()}
    qt = QtNamespace(version, {"QUiLoader": UiLoader})
    ctk = ModuleType("ctk")
    before = {name: vars(slicer).get(name) for name in (*_SLICER_NAMES, *classes)}
    leaked = {name: value for name, value in vars(slicer).items() if vars(slicer.util).get(name) is value}
    for name in [each for each in leaked if not each.startswith("_") and each not in {"util", "sys"}]:
        delattr(slicer, name)
    for name, cls in classes.items():
        setattr(ctk if FACTS["slicer"][name]["module"] == "ctk" else slicer, name, cls)
    values.set_wrapper_classes(lambda binding: _class_of(binding, classes, qt))
    qobject.play(version)
    sys.modules.update(qt=qt, ctk=ctk)
    for folder in _python_folders(version):
        slicer.__path__.append(folder)
    sys.path.append(_SAMPLE_DATA)
    before["PATH"] = put_on_path(session.folder / "bin")
    before_util = slicer_util.play(slicer.util, session)
    app.begin(session)
    slicer.mrmlScene = session.scene
    slicer.modules = SimpleNamespace(
        **{name: built_in_module(name, each) for name, each in session.logics.items()}
    )
    slicer.dicomDatabase = DicomDatabase()
    slicer.moduleNames = SimpleNamespace()
    slicer.app = values.wrapped(app)
    before["excepthook"] = sys.excepthook
    sys.excepthook = lambda _kind, error, _trace: collected.keep(
        error
    )  # VTK and Qt report errors of callbacks here
    collected.take()
    dialogs.forget()
    return Slicer(session, app, qt, ctk, before | {"leaked": leaked, "util": before_util})


def _wrapper_class(name: str, binding_class: type, version: Version) -> type:
    cls = make_wrapper_class(name, binding_class, surface(name, version))
    cls._constructible = FACTS["slicer"][name]["constructible"]  # type: ignore[attr-defined]
    return cls


def _python_folders(version: Version) -> list[str]:
    names = ["slicer_python"] + ["slicer_python_5_12"] * (version.slicer != "5.10")
    return [str(Path(__file__).with_name(name)) for name in names]


def _class_of(binding: Any, classes: dict[str, type], qt: QtNamespace) -> Any:
    for cls in type(binding).__mro__:
        if cls.__name__ in classes:
            return classes[cls.__name__]
        if cls.__module__.startswith("PySide6."):
            return getattr(qt, cls.__name__)
    raise LookupError(f"no wrapper class for {type(binding)}")


def _uninstall(running: Slicer) -> None:
    import slicer

    running.modules.unload_all()
    work()  # panels go before the scene does: they would follow every node that leaves it
    running.session.scene.Clear(False)
    running.app.end()
    leaked = running._before.pop("leaked")
    sys.excepthook = running._before.pop("excepthook")
    os.environ["PATH"] = running._before.pop("PATH")
    vars(slicer.util).update(running._before.pop("util"))
    for name, value in running._before.items():
        if value is None:
            vars(slicer).pop(name, None)
        else:
            setattr(slicer, name, value)
    vars(slicer).update(leaked)
    for folder in _python_folders(running.session.version):
        slicer.__path__.remove(folder)
    sys.path.remove(_SAMPLE_DATA)
    for name in [each for each in sys.modules if each in {"qt", "ctk", "SampleData"} or _is_played(each)]:
        del sys.modules[name]
        vars(slicer).pop(name.removeprefix("slicer."), None)
    shutil.rmtree(running.session.folder, ignore_errors=True)


def _is_played(name: str) -> bool:
    return name.startswith("slicer.") and name.split(".")[1] in _PLAYED_MODULES


os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
