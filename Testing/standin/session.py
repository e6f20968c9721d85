"""What one test sees as the running Slicer: its scene, its settings and what it was asked to do."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import slicer
from trame_slicer.resources import resources_path
from vtkmodules.vtkCommonCore import vtkCollection

from standin.facts import Version

_LOGICS = {
    "colors": "vtkSlicerColorLogic",
    "data": "vtkSlicerDataModuleLogic",
    "markups": "vtkSlicerMarkupsLogic",
    "plots": "vtkSlicerPlotsLogic",
    "segmentations": "vtkSlicerSegmentationsModuleLogic",
    "sequences": "vtkSlicerSequencesLogic",
    "subjecthierarchy": "vtkSlicerSubjectHierarchyModuleLogic",
    "tables": "vtkSlicerTablesLogic",
    "terminologies": "vtkSlicerTerminologiesModuleLogic",
    "transforms": "vtkSlicerTransformLogic",
    "volumes": "vtkSlicerVolumesLogic",
}


@dataclass
class Session:
    """One running Slicer.

    Parameters
    ----------
    version
        The Slicer and Qt that are played.
    scene, application_logic, logics
        The real scene, and the real logics by the name of the module they belong to.
    folder
        Settings, temporary files and nothing else.
    testing
        What ``slicer.app.testingEnabled()`` answers: in testing mode Slicer shows no message boxes.
    main_window
        Whether there is a main window with slice views.
    """

    version: Version
    scene: Any
    application_logic: Any
    logics: dict[str, Any]
    folder: Path
    testing: bool = False
    main_window: bool = True
    installed: list[Any] = field(default_factory=list)


def start_session(version: Version, *, testing: bool = False, main_window: bool = True) -> Session:
    """Return a session with an empty scene and the logics that Slicer's own modules register."""
    folder = Path(tempfile.mkdtemp(prefix="slicer-"))
    for name in ("cache", "share/ColorFiles"):
        (folder / name).mkdir(parents=True)
    scene = slicer.vtkMRMLScene()
    cache, files = slicer.vtkCacheManager(), slicer.vtkDataIOManager()
    cache.SetRemoteCacheDirectory(str(folder / "cache"))
    cache.SetMRMLScene(scene)
    scene.SetCacheManager(cache)
    files.SetCacheManager(cache)
    scene.SetDataIOManager(files)
    crosshair = slicer.vtkMRMLCrosshairNode()
    crosshair.SetCrosshairName("default")
    scene.AddNode(crosshair)
    application_logic = slicer.vtkSlicerApplicationLogic()
    application_logic.SetHomeDirectory(str(folder))
    application_logic.SetShareDirectory("share")
    application_logic.SetMRMLScene(scene)
    application_logic.GetColorLogic().SetMRMLScene(scene)
    application_logic.GetColorLogic().AddDefaultColorNodes()
    application_logic.SetSliceLogics(vtkCollection())
    application_logic.SetViewLogics(vtkCollection())
    slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene, True)
    logics = {name: _logic(name, kind, scene, application_logic) for name, kind in _LOGICS.items()}
    return Session(version, scene, application_logic, logics, folder, testing, main_window)


def _logic(name: str, kind: str, scene: Any, application_logic: Any) -> Any:
    logic = getattr(slicer, kind)()
    shared = Path(resources_path())
    if hasattr(logic, "SetModuleShareDirectory"):
        logic.SetModuleShareDirectory(str(shared / "terminologies" if name == "terminologies" else shared))
    logic.SetMRMLApplicationLogic(application_logic)
    logic.SetMRMLScene(scene)
    application_logic.SetModuleLogic(name.capitalize(), logic)
    return logic
