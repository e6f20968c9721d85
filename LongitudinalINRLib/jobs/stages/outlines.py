"""Regions for a baseline that came without labels: `labels.nii.gz`, and `labels.json`, which tells how."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any, cast

from LongitudinalINRLib import __version__
from LongitudinalINRLib.atlas.carry import LEAST_LIKENESS, LEAST_MASK_DICE, carried_regions
from LongitudinalINRLib.atlas.maps import SOURCES
from LongitudinalINRLib.files import json_text
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs.documents.outlines import OutlinesNote, Source, read_outlines
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.programs import PROGRAMS, ProgramName, segmented
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.words import APPROXIMATE_REGIONS


def wants_regions(request: Request) -> bool:
    """Tell whether regions are to be found because no labels were given."""
    return request.labels is None and request.regions != "none"


def note_of(folder: JobFolder, request: Request) -> OutlinesNote | None:
    """Return how the regions of a job were found; None where labels were given, or none wanted."""
    return (
        read_outlines(folder.labels_note) if wants_regions(request) and folder.labels_note.exists() else None
    )


def find_regions(job: Job, mask: Volume) -> None:
    """Find the regions that the request asks for, once, and say what they are worth.

    Raises
    ------
    Cancelled
        The person asked to stop.
    """
    folder, manifest = job.folder, job.folder.manifest
    if not wants_regions(job.request):
        if folder.labels_note.exists():  # a front keeps given labels under the same name, without a note
            manifest.remove([folder.labels, folder.labels_note])
        return
    job.reporter.begin("outlines")
    note = _found_before(job)
    if note is None:
        began = time.monotonic()
        labels, found = _from_atlas(job, mask) if job.request.regions == "atlas" else _from_program(job)
        manifest.remove([folder.labels_note])
        if found["used"]:
            write_volume(labels, folder.labels, manifest.writing)
        else:
            manifest.remove([folder.labels])
        seconds = round(time.monotonic() - began, 2)
        note = OutlinesNote(key=_key(job), source=cast(Source, job.request.regions), seconds=seconds, **found)
        manifest.write_bytes(folder.labels_note, json_text(note.model_dump()).encode())
    job.reporter.warn(note.summary)


def _key(job: Job) -> str:
    """Return what decides the regions as one hash."""
    deciding = [job.identity.get(name) for name in ("scan-0", "mask")]
    return hashlib.sha256(json.dumps([__version__, job.request.regions, deciding]).encode()).hexdigest()


def _found_before(job: Job) -> OutlinesNote | None:
    """Return the note of what an earlier run of this job found, where the files are as it wrote them."""
    folder = job.folder
    if not (folder.labels_note.exists() and folder.manifest.usable(folder.labels_note)):
        return None
    note = read_outlines(folder.labels_note)
    whole = not note.used or (folder.labels.exists() and folder.manifest.usable(folder.labels))
    return note if whole and note.key == _key(job) else None


def _from_atlas(job: Job, mask: Volume) -> tuple[Volume, dict[str, Any]]:
    carried = carried_regions(job.scans.baseline, mask, job.reporter.should_stop, job.reporter.progress)
    no_fit = (
        "The atlas does not fit the baseline, so there are no regions, only the whole mask. Expected: its "
        f"brain and the mask overlap by {LEAST_MASK_DICE:.2f} (Dice), and the two brains correlate by "
        f"{LEAST_LIKENESS:.2f}, at least. Found: {carried.mask_dice:.2f} and {carried.likeness:.2f}. Check "
        "the mask, that the scan is T1-weighted, and its orientation; or give labels of the baseline."
    )
    return carried.labels, {
        "engine": carried.engine,
        "approximate": True,
        "used": carried.fits,
        "mask_dice": carried.mask_dice,
        "likeness": carried.likeness,
        "sources": SOURCES,
        "summary": APPROXIMATE_REGIONS if carried.fits else no_fit,
    }


def _from_program(job: Job) -> tuple[Volume, dict[str, Any]]:
    name = cast(ProgramName, job.request.regions)
    program = PROGRAMS[name]
    labels = segmented(name, job.scans.baseline, job.reporter.should_stop)
    return labels, {
        "engine": program.command,
        "approximate": False,
        "used": True,
        "sources": (program.licence,),
        "summary": f"The regions were found by {program.command} on this computer (labels.nii.gz): look at "
        "their outlines.",
    }
