"""Whether the input is a BIDS folder, and whether the output may be written to."""

from __future__ import annotations

import os
from pathlib import Path

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.errors import InputError

OWN_BEFORE_FIRST_LOG = {"logs", "people"}
"""What is there while another process begins with the same folder."""


def check_bids(bids_folder: Path) -> None:
    """Refuse a folder that is no BIDS data set.

    Raises
    ------
    InputError
        It is not there, or has neither a dataset_description.json nor folders of people.
    """
    if not bids_folder.is_dir():
        raise _no_bids(bids_folder, "a file" if bids_folder.exists() else "nothing at this path")
    with os.scandir(bids_folder) as entries:
        known = any(
            entry.name == "dataset_description.json" or (entry.name.startswith("sub-") and entry.is_dir())
            for entry in entries
        )
    if not known:
        raise _no_bids(bids_folder, "neither dataset_description.json nor a folder sub-*")


def check_output(cohort: CohortFolder, bids_folder: Path) -> None:
    """Refuse an output folder among the scans, or one that holds what this program did not write.

    Raises
    ------
    InputError
        Naming what is there.
    """
    output, bids = Path(os.path.realpath(cohort.path)), Path(os.path.realpath(bids_folder))
    if output == bids or output in bids.parents:
        raise _refused("output-is-input", output, "a folder that the scans lie in", bids)
    if bids in output.parents and output.relative_to(bids).parts[0] != "derivatives":
        raise _refused("output-is-input", output, "a folder among the scans", bids)
    if not output.exists() or cohort.index.is_file():
        return
    if not output.is_dir():
        raise _refused("output-taken", output, "a file", bids)
    foreign = sorted({name for name in os.listdir(output) if name not in OWN_BEFORE_FIRST_LOG})
    if foreign:
        raise _refused("output-taken", output, "among others " + ", ".join(foreign[:3]), bids)


def check_fitted(cohort: CohortFolder, bids_folder: Path) -> None:
    """Refuse to compare groups in a folder in which nobody was fitted, before anything is written there.

    Raises
    ------
    InputError
        No participant level was run there.
    """
    if not cohort.index.is_file():
        raise InputError(
            "no-cohort",
            f"{cohort.path.name} holds no people to compare.",
            expected="the folder that the participant level wrote",
            found="a folder without logs/index.json" if cohort.path.is_dir() else "no such folder",
            advice=f"Run first: longitudinal-inr bids {bids_folder.name} {cohort.path.name} participant",
        )


def _no_bids(folder: Path, found: str) -> InputError:
    return InputError(
        "no-bids",
        f"{folder.name} is not a BIDS folder.",
        expected="a folder with dataset_description.json and sub-*/[ses-*/]anat/*_T1w.nii.gz",
        found=found,
        advice="Give the folder that holds the folders sub-*; see https://bids.neuroimaging.io.",
    )


def _refused(code: str, output: Path, found: str, bids: Path) -> InputError:
    return InputError(
        code,
        f"The results cannot be written to {output.name}.",
        expected="a folder that is new, empty or a cohort's of this program, apart from the scans",
        found=found,
        advice=f"Take for example {bids.name}/derivatives/longitudinal-inr.",
    )
