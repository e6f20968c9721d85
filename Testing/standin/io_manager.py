"""Load and save scenes, as bundles."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from standin.session import Session
from standin.widgets.builder import plays


@plays("qSlicerIOManager")
class IOManager(QObject):
    """Reads and writes bundles, without dialogs."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def loadNodes(self, file_type: str, parameters: dict[str, Any], *_: Any) -> bool:
        assert file_type == "SceneFile", file_type
        return bool(self._session.scene.ReadFromMRB(parameters["fileName"], True))

    def saveNodes(self, file_type: str, parameters: dict[str, Any], *_: Any) -> bool:
        assert file_type == "SceneFile", file_type
        self._session.scene.SetURL(parameters["fileName"])
        return bool(self._session.scene.WriteToMRB(parameters["fileName"], None))

    def fileType(self, path: str) -> str:
        assert path.endswith(".mrb"), path
        return "SceneFile"
