"""What is to be done for one person of a cohort: the content of ``person.json``."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import TypeAdapter

from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.json_model import Document, Months, damaged, read_document

Keep = Literal["model", "maps", "all"]
MonthsFrom = Literal["acq_time", "age", "given"]

LARGEST_PLAN_BYTES = 1_000_000


class PlannedScan(Document):
    """A scan that was chosen.

    Parameters
    ----------
    session : str or None
        Label without ``ses-``; None where the folder of the person has no sessions.
    path : str
        Relative to the BIDS folder.
    months : float
        After the baseline.
    months_from : str
        The ``acq_time`` of scans.tsv or sessions.tsv, the ages of the person, or an option.
    passed_over : tuple of str
        Other scans of the session, relative to the BIDS folder.
    stamp : str
        Size and time of the last change of the file: another file in its place is another plan.
    """

    session: str | None
    path: str
    months: Months
    months_from: MonthsFrom
    passed_over: tuple[str, ...] = ()
    stamp: str = ""


class PlannedLabels(Document):
    """A segmentation of the baseline that is brought onto its grid before the fit.

    Parameters
    ----------
    path : str
        Absolute path of the file.
    transform : str or None
        Of FreeSurfer's longitudinal stream: the file with the way from the scan to the space of the labels.
    stamp : str
        As of a scan.
    """

    path: str
    transform: str | None = None
    stamp: str = ""


class PersonPlan(Document):
    """What is to be done for one person.

    Parameters
    ----------
    participant : str
        Label without ``sub-``.
    bids_folder : str
        Absolute path of the input.
    scans : tuple of PlannedScan
        The baseline first, by months.
    labels_from : str
        Where the regions come from: a name of a derivative (FreeSurfer, FastSurfer, SynthSeg), or the
        `Request.regions` that was asked for.
    keep : str
        ``model``: model and tables alone; ``maps``: also |J| and its rate at the months of the scans;
        ``all``: also the interactive report.
    request : dict
        The request of the job as JSON values, with absolute paths.
    labels : PlannedLabels or None
        The segmentation behind the request's labels, where it lies on another grid.
    template : bool
        Whether the baseline is registered to the template of group maps after the fit.
    """

    participant: str
    bids_folder: str
    scans: tuple[PlannedScan, ...]
    labels_from: str
    keep: Keep
    request: dict[str, Any]
    labels: PlannedLabels | None = None
    template: bool = False


_KIND = TypeAdapter(PersonPlan)


def as_text(plan: PersonPlan) -> str:
    """Return a plan as the text of its file."""
    return plan.model_dump_json(indent=1) + "\n"


def digest_of(plan: PersonPlan) -> str:
    """Return what tells one plan from another."""
    return hashlib.sha256(as_text(plan).encode()).hexdigest()


def write_plan(plan: PersonPlan, folder: PersonFolder) -> None:
    """Write a plan; one that is there and the same is left alone.

    It is not flushed to the disk: should a power cut spoil it, the same command plans the person again.
    """
    text = as_text(plan)
    if not folder.plan.exists() or folder.plan.read_text("utf-8") != text:
        folder.path.mkdir(parents=True, exist_ok=True)
        write_text(folder.plan, text, flushed=False)


def read_plan(folder: PersonFolder) -> PersonPlan:
    """Read a plan.

    Raises
    ------
    InputError
        There is none, or it is damaged.
    """
    if not folder.plan.exists():
        raise InputError(
            "no-plan",
            f"{folder.path.name} holds no plan.",
            expected=f"a folder with {folder.plan.name}, as `longitudinal-inr bids` writes it",
            found="a folder without it" if folder.path.is_dir() else "no such folder",
            advice="Run `longitudinal-inr bids BIDS_DIR OUT participant` first.",
        )
    return read_document(folder.plan, _KIND, LARGEST_PLAN_BYTES)


def request_of(plan: PersonPlan) -> Request:
    """Return the request of a plan's job.

    Raises
    ------
    InputError
        It is not one of this version.
    """
    try:
        return Request.from_json(json.dumps(plan.request))
    except (ValueError, TypeError) as error:
        raise damaged("person.json", "the request of a fit", str(error)) from error
