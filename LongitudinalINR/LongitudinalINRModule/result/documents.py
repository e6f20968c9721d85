"""Tables and report of a job as texts in the scene: a bundle carries them along, as they were written."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.result.result import DOCUMENTS_ROLE, SceneResult
from LongitudinalINRModule.stored_documents import read_regular

if TYPE_CHECKING:
    import slicer

Kind = Literal["regions", "trajectories", "report"]

FILE_NAMES: dict[Kind, str] = {
    "regions": "regions.csv",
    "trajectories": "trajectories.csv",
    "report": "report.html",
}
KIND_ATTRIBUTE = "LongitudinalINR.Document"


def read_documents(folder: JobFolder) -> dict[Kind, str]:
    """Read what a job wrote for people to read, in any thread; what it did not write is left out.

    Raises
    ------
    InputError
        A document is there and cannot be read.
    """
    paths: dict[Kind, Path] = {kind: getattr(folder, kind) for kind in FILE_NAMES}
    return {kind: _text(path) for kind, path in paths.items() if os.path.lexists(path)}


def keep_documents(result: SceneResult, texts: dict[Kind, str]) -> None:
    """Keep documents in the scene, where a bundle finds them."""
    for kind, text in texts.items():
        _keep(result, kind, text)


def has_document(result: SceneResult, kind: Kind) -> bool:
    """Tell whether the scene holds a document of the result."""
    return any(_kind(node) == kind for node in result.documents)


def documents_of(result: SceneResult, kinds: Iterable[Kind]) -> dict[str, Any]:
    """Return the text nodes of documents by the name of their file, which a scene never tells."""
    first: dict[str, Any] = {}
    for kind in kinds:
        for node in result.documents:
            if _kind(node) == kind:
                first.setdefault(FILE_NAMES[kind], node)
    return first


def write_document(node: slicer.vtkMRMLNode, path: Path) -> None:
    """Write a document as the job wrote it."""
    write_text(path, node.GetText() or "")


def _text(path: Path) -> str:
    try:
        return read_regular(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "document-unreadable",
            f"{path.name} of the job cannot be read.",
            expected="a text written by the job",
            found=str(error),
            advice="Remove the file to open the result without it.",
        ) from error


def _keep(result: SceneResult, kind: Kind, text: str) -> None:
    browser = result.browser
    node = result.scene.AddNewNodeByClass(
        "vtkMRMLTextNode", f"{browser.GetName()}, {Path(FILE_NAMES[kind]).stem}"
    )
    # In a file of its own: as an attribute in the scene's file a text loses its line breaks.
    node.SetForceCreateStorageNode(node.CreateStorageNodeAlways)
    node.SetText(text)
    node.SetAttribute(KIND_ATTRIBUTE, kind)
    browser.AddNodeReferenceID(DOCUMENTS_ROLE, node.GetID())
    place_beside(result.scene, node, browser)


def _kind(node: slicer.vtkMRMLNode) -> str:
    return node.GetAttribute(KIND_ATTRIBUTE) or ""
