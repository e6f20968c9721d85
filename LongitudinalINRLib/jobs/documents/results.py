"""What a finished job wrote: `results.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, model_validator

from LongitudinalINRLib.json_model import Document, Seconds, Sha256, read_document
from LongitudinalINRLib.ownership import unsealed

LARGEST_RESULTS_BYTES = 10_000_000
KINDS = ("model", "fit", "maps", "mask", "valid", "regions", "trajectories", "report")

# What Windows reads as a drive, a stream of a file or a folder's separator.
_NOT_IN_A_PATH = "\\:\0"


def _inside(path: str) -> str:
    """Refuse a path that could lead out of the job folder, on any system."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or any(sign in path for sign in _NOT_IN_A_PATH):
        raise ValueError("a path inside the job folder, relative to it, with / between its parts")
    return path


RelativePath = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_inside)]
Kind = Annotated[str, StringConstraints(pattern="^[a-z][a-z-]{0,40}$")]


class WrittenFile(Document):
    """Size and hash of a file."""

    size: Annotated[int, Field(ge=0, lt=2**63)]
    sha256: Sha256


class ResultsDocument(Document):
    """The content of `results.json`.

    Parameters
    ----------
    results : dict
        Paths by kind, relative to the job folder.
    seconds : float
        How long the job took.
    files : dict, optional
        Size and hash of every file; versions before 0.2 did not say.
    """

    results: dict[Kind, tuple[RelativePath, ...]]
    seconds: Seconds = 0.0
    files: dict[RelativePath, WrittenFile] | None = None

    @model_validator(mode="after")
    def _check_kinds(self) -> ResultsDocument:
        missing = [kind for kind in KINDS if kind not in self.results]
        if missing:
            raise ValueError(f"results of every kind, also {missing[0]}")
        return self


_RESULTS = TypeAdapter(ResultsDocument)


def read_results(path: Path) -> ResultsDocument:
    """Read `results.json`; its digest must go with it, which versions before 0.2 did not write.

    Raises
    ------
    InputError
        See `json_model.read_document`.
    """
    return read_document(path, _RESULTS, LARGEST_RESULTS_BYTES, _without_digest)


def _without_digest(content: Any) -> Any:
    sealed = isinstance(content, dict) and bool({"files", "digest"} & set(content))
    return unsealed(content) if sealed else content
