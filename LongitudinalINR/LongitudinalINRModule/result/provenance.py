"""How a result was made, kept with it. No names of persons or files."""

from __future__ import annotations

import json
import os
from typing import Any

from LongitudinalINRModule.result.result import SceneResult, damaged
from LongitudinalINRModule.result.result_files import ResultFiles
from LongitudinalINRModule.stored_documents import read_object

PROVENANCE_ATTRIBUTE = "LongitudinalINR.Provenance"
RESEARCH_USE = "Research use only, not a medical device"
_TOLD = ("align", "scans", "mask", "bias_correction", "config", "device", "versions", "warnings")


def provenance_of(files: ResultFiles) -> dict[str, Any]:
    """Return what a job folder tells about its making.

    Inputs are called scan-0, scan-1 …, and paths are left out.
    """
    fit = files.folder.fit
    account = read_object(fit) if os.path.lexists(fit) else {}
    return {"align": files.request.align, **{name: account[name] for name in _TOLD if name in account}}


def keep_provenance(result: SceneResult, provenance: dict[str, Any]) -> None:
    """Keep it in the scene, so that a bundle can be exported from without the job folder."""
    result.browser.SetAttribute(PROVENANCE_ATTRIBUTE, json.dumps(provenance))


def provenance_in(result: SceneResult) -> dict[str, Any]:
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
