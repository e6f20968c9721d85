"""Tables and report of a job as texts in the scene: a bundle carries them along, as they were written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRModule.mrml.result import DOCUMENTS_ROLE, Result
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside

Kind = Literal["regions", "trajectories", "report"]

KINDS: tuple[Kind, ...] = ("regions", "trajectories", "report")
KIND_ATTRIBUTE = "LongitudinalINR.Document"
FILE_ATTRIBUTE = "LongitudinalINR.FileName"


def keep_documents(result: Result, folder: JobFolder) -> None:
    """Keep what a job wrote for people to read; what it did not write is left out.

    Raises
    ------
    InputError
        A document is there and cannot be read.
    """
    for kind in KINDS:
        path: Path = getattr(folder, kind)
        if path.exists():
            _keep(result, kind, path)


def has_document(result: Result, kind: Kind) -> bool:
    """Tell whether the scene holds a document of the result."""
    return any(_kind(node) == kind for node in result.documents)


def write_documents(result: Result, kinds: Iterable[Kind], folder: Path) -> list[Path]:
    """Write documents under the names that the job gave them, and return the paths."""
    written = []
    for kind in kinds:
        for node in result.documents:
            if _kind(node) == kind:
                path = folder / node.GetAttribute(FILE_ATTRIBUTE)
                write_text(path, node.GetText())
                written.append(path)
    return written


def _keep(result: Result, kind: Kind, path: Path) -> None:
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "document-unreadable",
            f"{path.name} of the job cannot be read.",
            expected="a text written by the job",
            found=str(error),
            advice="Remove the file to open the result without it.",
        ) from error
    browser = result.browser
    node = result.scene.AddNewNodeByClass("vtkMRMLTextNode", f"{browser.GetName()}, {path.stem}")
    # In a file of its own: as an attribute in the scene's file a text loses its line breaks.
    node.SetForceCreateStorageNode(node.CreateStorageNodeAlways)
    node.SetText(text)
    node.SetAttribute(KIND_ATTRIBUTE, kind)
    node.SetAttribute(FILE_ATTRIBUTE, path.name)
    browser.AddNodeReferenceID(DOCUMENTS_ROLE, node.GetID())
    place_beside(result.scene, node, browser)


def _kind(node) -> str:
    return node.GetAttribute(KIND_ATTRIBUTE) or ""
