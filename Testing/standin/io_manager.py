"""Load and save through MRML's own storage nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import vtk
from PySide6.QtCore import QObject

from standin.session import Session
from standin.widgets.builder import plays

_CLASSES = {
    "VolumeFile": "vtkMRMLScalarVolumeNode",
    "SegmentationFile": "vtkMRMLSegmentationNode",
    "TransformFile": "vtkMRMLTransformNode",
    "TableFile": "vtkMRMLTableNode",
    "SequenceFile": "vtkMRMLSequenceNode",
    "ColorTableFile": "vtkMRMLColorTableNode",
}


@plays("qSlicerIOManager")
class IOManager(QObject):
    """Reads and writes nodes and scenes, without dialogs."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def loadNodes(
        self, file_type: str, parameters: dict[str, Any], loaded: Any = None, _messages: Any = None
    ) -> bool:
        path = Path(parameters["fileName"])
        scene = self._session.scene
        if file_type == "SceneFile":
            return self._load_scene(path)
        kind = "vtkMRMLLabelMapVolumeNode" if parameters.get("labelmap") else _CLASSES[file_type]
        node = scene.AddNewNodeByClass(kind, parameters.get("name", path.name.split(".")[0]))
        node.AddDefaultStorageNode(str(path))
        if not node.GetStorageNode().ReadData(node):
            scene.RemoveNode(node.GetStorageNode())
            scene.RemoveNode(node)
            return False
        if hasattr(node, "CreateDefaultDisplayNodes"):
            node.CreateDefaultDisplayNodes()
        if loaded is not None:
            loaded.AddItem(node)
        return True

    def saveNodes(self, file_type: str, parameters: dict[str, Any], _messages: Any = None) -> bool:
        path = Path(parameters["fileName"])
        if file_type == "SceneFile":
            return self._save_scene(path)
        node = self._session.scene.GetNodeByID(parameters["nodeID"])
        storage = node.CreateDefaultStorageNode()
        storage.UnRegister(None)
        storage.SetScene(self._session.scene)
        storage.SetFileName(str(path))
        storage.SetUseCompression(parameters.get("useCompression", True))
        return bool(storage.WriteData(node))

    def fileType(self, path: str) -> str:
        endings = {
            ".mrb": "SceneFile",
            ".mrml": "SceneFile",
            ".seq.nrrd": "SequenceFile",
            ".csv": "TableFile",
        }
        return next((kind for ending, kind in endings.items() if path.endswith(ending)), "VolumeFile")

    def fileWriterFileType(self, node: Any, _preferred: str = "") -> str:
        return next((kind for kind, name in _CLASSES.items() if node.IsA(name)), "VolumeFile")

    def _save_scene(self, path: Path) -> bool:
        scene, logic = self._session.scene, self._session.application_logic
        if path.suffix == ".mrb":
            scene.SetURL(str(path))
            return bool(scene.WriteToMRB(str(path), None))
        if path.suffix == ".mrml":
            scene.SetURL(str(path))
            return bool(scene.Commit(str(path)))
        path.mkdir(parents=True, exist_ok=True)
        return bool(logic.SaveSceneToSlicerDataBundleDirectory(str(path), vtk.vtkImageData()))

    def _load_scene(self, path: Path) -> bool:
        scene = self._session.scene
        if path.suffix == ".mrb":
            return bool(scene.ReadFromMRB(str(path), True))
        scene.SetURL(str(path))
        return bool(scene.Connect())
