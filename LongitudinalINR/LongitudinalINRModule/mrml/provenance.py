"""How a result was made, kept with it and written beside every export. No names of persons or files."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from LongitudinalINRModule.mrml.result import Result
from LongitudinalINRModule.mrml.result_files import ResultFiles

from LongitudinalINRLib.jobs.folder import read_json

PROVENANCE_ATTRIBUTE = "LongitudinalINR.Provenance"
RESEARCH_USE = "Research use only, not a medical device"


def provenance_of(files: ResultFiles) -> dict[str, Any]:
    """Return what a job folder tells about its making: input hashes, months, settings and versions.

    Inputs are called scan-0, scan-1 …, and paths are left out.
    """
    request = files.request
    folder = files.folder
    description = read_json(folder.model_description) if folder.model_description.exists() else {}
    return {
        "inputs": read_json(folder.identity) if folder.identity.exists() else {},
        "months": list(files.observed_months),
        "settings": {
            **dataclasses.asdict(request.config),
            "align": request.align,
            "bias_correction": request.bias_correction,
            "device": request.device,
        },
        "versions": description.get("versions", {}),
    }


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
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("longitudinal-inr")
    except PackageNotFoundError:
        own = "not installed as a package"
    manifest = {
        "made_by": "LongitudinalINR",
        "version": own,
        "notice": RESEARCH_USE,
        **json.loads(result.browser.GetAttribute(PROVENANCE_ATTRIBUTE) or "{}"),
        "files": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(exported)
        },
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return path
