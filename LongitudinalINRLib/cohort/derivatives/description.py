"""What `dataset_description.json` says, and whether one that is there is ours."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.derivatives.names import RAW
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import parse_json, read_own_text

BIDS_VERSION = "1.10.0"
GENERATOR = "LongitudinalINR"
CODE = "https://github.com/LongitudinalINR/SlicerLongitudinalINR"
LARGEST_DESCRIPTION_BYTES = 1_000_000


def refuse_foreign(cohort: CohortFolder) -> None:
    """Refuse a folder whose ``dataset_description.json`` does not say that this program made it.

    Raises
    ------
    InputError
        It is somebody else's dataset, such as the input itself.
    """
    if not os.path.lexists(cohort.description):
        return
    try:
        content = parse_json(read_own_text(cohort.description, LARGEST_DESCRIPTION_BYTES))
    except ValueError:
        content = None
    made_by = content.get("GeneratedBy") if isinstance(content, dict) else None
    if not isinstance(made_by, list) or not any(_is_ours(each) for each in made_by):
        raise InputError(
            "output-taken",
            f"{cohort.path.name} holds a dataset that this program did not make.",
            expected=f"a folder that is new, or whose {cohort.description.name} says GeneratedBy {GENERATOR}",
            found=f"a {cohort.description.name} of somebody else",
            advice="Choose another output folder, such as derivatives/longitudinal-inr in the BIDS folder.",
        )


def container_of(environment: Mapping[str, str]) -> dict[str, str] | None:
    """Return the container that this runs in, as BIDS tells it; None where none is known.

    Parameters
    ----------
    environment : mapping
        Apptainer sets ``APPTAINER_NAME`` (or ``SINGULARITY_NAME``); an image of Docker says its tag where it
        was given ``LONGITUDINAL_INR_IMAGE``.
    """
    for kind, variable in (
        ("apptainer", "APPTAINER_NAME"),
        ("singularity", "SINGULARITY_NAME"),
        ("docker", "LONGITUDINAL_INR_IMAGE"),
    ):
        if environment.get(variable):
            return {"Type": kind, "Tag": environment[variable]}
    return None


def description(output: Path, bids_folder: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of the file.

    Parameters
    ----------
    output, bids_folder : Path
        The folder that is described, and the input.
    environment : mapping
        See `container_of`.
    """
    raw = _raw_description(bids_folder)
    container = container_of(environment)
    described = {
        "Name": f"Local volume change over time{_of(raw)}",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [
            {
                "Name": GENERATOR,
                "Version": __version__,
                "CodeURL": CODE,
                **({} if container is None else {"Container": container}),
            }
        ],
        "SourceDatasets": [_source(raw, bids_folder, output)],
        "DatasetLinks": {RAW: _place(bids_folder, output)},
    }
    return described | ({"License": raw["License"]} if isinstance(raw.get("License"), str) else {})


def _raw_description(bids_folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((bids_folder / "dataset_description.json").read_text("utf-8-sig"))
    except (OSError, ValueError):  # the one who indexes the input says what is wrong with it
        return {}
    return content if isinstance(content, dict) else {}


def _of(raw: Mapping[str, Any]) -> str:
    return f" in {raw['Name']}" if isinstance(raw.get("Name"), str) else ""


def _source(raw: Mapping[str, Any], bids_folder: Path, output: Path) -> dict[str, str]:
    doi = raw.get("DatasetDOI")
    told = {"DOI": doi} if isinstance(doi, str) else {"URL": _place(bids_folder, output)}
    version = raw.get("DatasetVersion")
    return told | ({"Version": version} if isinstance(version, str) else {})


def _place(bids_folder: Path, output: Path) -> str:
    """Return where the input is: relative, since a whole path can carry somebody's name."""
    try:
        return Path(os.path.relpath(bids_folder.absolute(), output)).as_posix()
    except ValueError:  # another drive of Windows
        return bids_folder.absolute().as_uri()


def _is_ours(made_by: Any) -> bool:
    return isinstance(made_by, dict) and made_by.get("Name") == GENERATOR
