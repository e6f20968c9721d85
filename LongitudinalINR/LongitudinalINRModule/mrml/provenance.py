"""How a result was made, kept with it and written beside every export. No names of persons or files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.files import write_json
from LongitudinalINRLib.jobs.folder import read_json
from LongitudinalINRModule.mrml.result import Result
from LongitudinalINRModule.mrml.result_files import ResultFiles

PROVENANCE_ATTRIBUTE = "LongitudinalINR.Provenance"
RESEARCH_USE = "Research use only, not a medical device"


def provenance_of(files: ResultFiles) -> dict[str, Any]:
    """Return what a job folder tells about its making.

    Inputs are called scan-0, scan-1 …, and paths are left out.
    """
    fit = files.folder.fit
    account = read_json(fit) if fit.exists() else {}
    told = ("scans", "mask", "horizon_months", "bias_correction", "config", "device", "versions")
    return {"align": files.request.align, **{name: account[name] for name in told if name in account}}


def keep_provenance(result: Result, files: ResultFiles) -> None:
    """Keep it in the scene, so that a bundle can be exported from without the job folder."""
    result.browser.SetAttribute(PROVENANCE_ATTRIBUTE, json.dumps(provenance_of(files)))


def write_manifest(result: Result, folder: Path, exported: Iterable[Path]) -> Path:
    """Write ``manifest.json`` beside exported files: how they were made, and their hashes.

    Parameters
    ----------
    result : Result
        What was exported.
    folder : Path
        Gets the manifest.
    exported : iterable of Path
        Files in the folder or below.
    """
    manifest = {
        "made_by": "LongitudinalINR",
        "version": __version__,
        "notice": RESEARCH_USE,
        **json.loads(result.browser.GetAttribute(PROVENANCE_ATTRIBUTE) or "{}"),
        "files": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(exported)
        },
    }
    path = folder / "manifest.json"
    write_json(path, manifest)
    return path
