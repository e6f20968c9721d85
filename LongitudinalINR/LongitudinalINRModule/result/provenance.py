"""How a result was made, kept with it and written beside every export. No names of persons or files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.files import sha256_of, write_json
from LongitudinalINRModule.export.taken import MADE_BY, MANIFEST, exported_before
from LongitudinalINRModule.result.result import Result, damaged
from LongitudinalINRModule.result.result_files import ResultFiles
from LongitudinalINRModule.stored_documents import read_object

PROVENANCE_ATTRIBUTE = "LongitudinalINR.Provenance"
RESEARCH_USE = "Research use only, not a medical device"
_TOLD = ("align", "scans", "mask", "bias_correction", "config", "device", "versions")


def provenance_of(files: ResultFiles) -> dict[str, Any]:
    """Return what a job folder tells about its making.

    Inputs are called scan-0, scan-1 …, and paths are left out.
    """
    fit = files.folder.fit
    account = read_object(fit) if os.path.lexists(fit) else {}
    return {"align": files.request.align, **{name: account[name] for name in _TOLD if name in account}}


def keep_provenance(result: Result, provenance: dict[str, Any]) -> None:
    """Keep it in the scene, so that a bundle can be exported from without the job folder."""
    result.browser.SetAttribute(PROVENANCE_ATTRIBUTE, json.dumps(provenance))


def provenance_in(result: Result) -> dict[str, Any]:
    """Return what the scene tells about the making of a result.

    Raises
    ------
    InputError
        The attribute is damaged.
    """
    text = result.browser.GetAttribute(PROVENANCE_ATTRIBUTE) or "{}"
    try:
        provenance = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged("an account of its making that cannot be read") from error
    if not isinstance(provenance, dict):
        raise damaged("an account of its making that is none")
    return {name: provenance[name] for name in _TOLD if name in provenance}


def write_manifest(result: Result, folder: Path, exported: Iterable[Path]) -> Path:
    """Write ``manifest.json`` beside exported files: how they were made, and their hashes.

    What earlier exports wrote into the folder stays listed, apart from it: they may be of another result.

    Parameters
    ----------
    result : Result
        What was exported.
    folder : Path
        Gets the manifest.
    exported : iterable of Path
        Files in the folder or below.

    Raises
    ------
    InputError
        There is a manifest that is not ours.
    """
    files = {path.relative_to(folder).as_posix(): sha256_of(path) for path in sorted(set(exported))}
    earlier = {name: sha256 for name, sha256 in exported_before(folder).items() if name not in files}
    manifest = {
        **provenance_in(result),
        "made_by": MADE_BY,
        "version": __version__,
        "notice": RESEARCH_USE,
        "files": files,
        **({"earlier_files": earlier} if earlier else {}),
    }
    path = folder / MANIFEST
    write_json(path, manifest)
    return path
